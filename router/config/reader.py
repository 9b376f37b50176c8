"""Reads a TOML file into typed tables and gathers every problem on the way."""

from __future__ import annotations

import difflib
import math
import tomllib
from collections.abc import Mapping
from pathlib import Path
from stat import S_ISREG
from types import NoneType, UnionType
from typing import TypeVar, Union, cast, get_args, get_origin, get_type_hints

import msgspec
from msgspec import NODEFAULT, Struct, ValidationError
from msgspec.structs import FieldInfo, fields

from router.config.fields import PARSERS, kind_of, shown

S = TypeVar("S", bound=Struct)


class Unusable:
    """Stands for a value that could not be read; the problem is on the list."""


_UNUSABLE = Unusable()


class Reader:
    """Reads one file. Each problem is one line: file, key, what was expected.

    A field that cannot be read is given its default, so that what depends on it can still be
    checked; an entry that lacks one without a default is left out.
    """

    def __init__(self, path: Path, problems: list[str]) -> None:
        self._path = path
        self._problems = problems
        self._told_at: list[str] = []
        self._refused: tuple[str, ...] = ()

    def read(self, shape: type[S]) -> S | None:
        """Read the whole file as this table; None where too little of it can be used."""
        tree = self._parse()
        if tree is None:
            return None
        table = self._table(tree, shape, "")
        self._refused = tuple(self._told_at)
        return None if isinstance(table, Unusable) else cast("S", table)

    @property
    def complains(self) -> bool:
        """Whether there is a problem by now: what depends on it need not be told as well."""
        return bool(self._problems)

    def refused(self, key: str) -> bool:
        """Whether something at this key, or below it, could not be read.

        That is told, and may be why a name is unknown or a rung is not there.
        """
        return any(at == key or at.startswith((f"{key}.", f"{key}[")) for at in self._refused)

    def complain(self, at: str, words: str) -> None:
        """Put a problem on the list."""
        self._told_at.append(at)
        self._problems.append(f"{self._path}: {at}: {words}" if at else f"{self._path}: {words}")

    def _parse(self) -> dict[str, object] | None:
        try:
            # A device may have no end, and a pipe nobody who writes.
            if not S_ISREG(self._path.stat().st_mode):
                self.complain("", "expected a plain file")
                return None
            # An editor may have put a byte order mark first, of which TOML knows nothing.
            return tomllib.loads(self._path.read_text(encoding="utf-8-sig"))
        except OSError as error:
            self.complain("", f"cannot be read: {error.strerror}")
        except UnicodeDecodeError:
            self.complain("", "expected UTF-8 text")
        except (ValueError, RecursionError) as error:
            self.complain("", f"expected TOML: {error}")
        return None

    def _value(self, value: object, kind: object, at: str) -> object:
        if get_origin(kind) in (Union, UnionType):
            (kind,) = (one for one in get_args(kind) if one is not NoneType)
        if isinstance(kind, type) and kind in PARSERS:
            return self._parsed(value, kind, at)
        if isinstance(kind, type) and issubclass(kind, Struct):
            return self._table(value, kind, at)
        if get_origin(kind) is dict:
            return self._entries(value, get_args(kind), at)
        if get_origin(kind) is tuple:
            return self._items(value, get_args(kind)[0], at)
        return self._leaf(value, kind, at)

    def _parsed(self, value: object, kind: type, at: str) -> object:
        try:
            parsed = PARSERS[kind](value)
        except ValueError as error:
            self.complain(at, str(error))
            return _UNUSABLE
        return self._path.parent.absolute() / parsed if isinstance(parsed, Path) else parsed

    def _table(self, value: object, shape: type[Struct], at: str) -> object:
        if not isinstance(value, dict):
            return self._wrong("a table", kind_of(value), at)
        known = {field.name: field for field in fields(shape)}
        for key in value.keys() - known.keys():
            self._complain_of_unknown(key, known, at)
        kinds = get_type_hints(shape, include_extras=True)
        read = {
            name: self._field(value, field, kinds[name], _below(at, name))
            for name, field in known.items()
        }
        return _UNUSABLE if _UNUSABLE in read.values() else shape(**read)

    def _field(
        self, table: Mapping[str, object], field: FieldInfo, kind: object, at: str
    ) -> object:
        default = _default_of(field)
        if field.name in table:
            read = self._value(table[field.name], kind, at)
            return default if read is _UNUSABLE else read
        if default is _UNUSABLE:
            self.complain(at, "missing")
        return default

    def _complain_of_unknown(self, key: str, known: Mapping[str, object], at: str) -> None:
        meant = difflib.get_close_matches(key, known, n=1)
        hint = f"; was {meant[0]!r} meant?" if meant else f"; known are {', '.join(known)}"
        self.complain(_below(at, key), f"unknown key{hint}")

    def _entries(self, value: object, kinds: tuple[object, ...], at: str) -> object:
        if not isinstance(value, dict):
            return self._wrong("a table", kind_of(value), at)
        of_keys, of_entries = kinds
        read = {
            key: self._value(entry, of_entries, _below(at, key))
            for key, entry in value.items()
            if self._leaf(key, of_keys, _below(at, key)) is not _UNUSABLE
        }
        return {key: entry for key, entry in read.items() if entry is not _UNUSABLE}

    def _items(self, value: object, kind: object, at: str) -> object:
        if not isinstance(value, list):
            return self._wrong("a list", kind_of(value), at)
        read = [self._value(item, kind, f"{at}[{index}]") for index, item in enumerate(value)]
        return tuple(item for item in read if item is not _UNUSABLE)

    def _leaf(self, value: object, kind: object, at: str) -> object:
        try:
            if not (isinstance(value, float) and not math.isfinite(value)):
                return msgspec.convert(value, kind)
        except (ValidationError, OverflowError):
            pass
        _, meta = get_args(kind)
        found = kind_of(value) if meta.extra.get("private") else shown(value)
        return self._wrong(meta.extra["expected"], found, at)

    def _wrong(self, expected: str, found: str, at: str) -> Unusable:
        self.complain(at, f"expected {expected}, got {found}")
        return _UNUSABLE


def _default_of(field: FieldInfo) -> object:
    if field.default_factory is not NODEFAULT:
        return field.default_factory()
    return _UNUSABLE if field.default is NODEFAULT else field.default


def _below(at: str, key: str) -> str:
    return f"{at}.{key}" if at else key
