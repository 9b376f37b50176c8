"""Every table and key that the config files may have, read from their types."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin, get_type_hints

from msgspec import NODEFAULT, Struct
from msgspec.structs import FieldInfo, fields

from router.config.fields import EXPECTED
from router.reference.docstrings import of_class, of_fields
from router.reference.toml import toml
from router.schedule import Hours

_PLACEHOLDERS = {"keys": "KEY"}
"""In the place of a table's own name, where that is none; elsewhere: NAME."""

_TYPES: dict[type, str] = {
    bool: "true or false",
    int: "whole number",
    float: "number",
    str: "text",
    date: "date",
    Hours: "text or list",
    tuple: "list",
    dict: "table",
}
"""As TOML calls them; what is read in a way of its own is text, unless it stands here."""


class Key(Struct, frozen=True):
    """One key of a table."""

    name: str
    type: str
    expected: str
    """What it may be, with its unit."""
    default: str
    """In TOML; empty where it has to be there, or where leaving it out has a meaning of its own."""
    required: bool
    meaning: str


class Place(Struct, frozen=True):
    """Where a table may stand."""

    path: str
    """Dotted, with NAME for what a site chooses; empty: the top of the file."""
    is_list: bool
    """Whether there may be several, in double brackets."""
    meaning: str
    """Of this place; empty where there is no more to say than of the table."""


class KeyTable(Struct, frozen=True):
    """One table, in the places beside each other where it may stand."""

    places: tuple[Place, ...]
    meaning: str
    keys: tuple[Key, ...]


def tables(file: type[Struct]) -> list[KeyTable]:
    """Give every table of a file, the file's own top first."""
    found: dict[tuple[type[Struct], str], tuple[Place, ...]] = {}
    for shape, place in _below(file, Place("", is_list=False, meaning="")):
        beside = shape, place.path.rpartition(".")[0]
        found[beside] = (*found.get(beside, ()), place)
    return [
        KeyTable(places, of_class(shape), tuple(_keys(shape)))
        for (shape, _), places in found.items()
    ]


def _below(shape: type[Struct], place: Place) -> Iterator[tuple[type[Struct], Place]]:
    yield shape, place
    for field in fields(shape):
        kind = _kind(shape, field)
        at = f"{place.path}.{field.name}".removeprefix(".")
        words = of_fields(shape).get(field.name, "")
        if _is_table(kind):
            yield from _below(kind, Place(at, is_list=False, meaning=words))
        elif get_origin(kind) is dict and _is_table(inner := get_args(kind)[1]):
            named = f"{at}.{_PLACEHOLDERS.get(field.name, 'NAME')}"
            yield from _below(inner, Place(named, is_list=False, meaning=words))
        elif get_origin(kind) is tuple and _is_table(inner := get_args(kind)[0]):
            yield from _below(inner, Place(at, is_list=True, meaning=words))


def _keys(shape: type[Struct]) -> Iterator[Key]:
    for field in fields(shape):
        kind = _kind(shape, field)
        if _holds_tables(kind):
            continue
        default = _default(field)
        yield Key(
            name=field.name,
            type=_type(kind),
            expected=expected(kind),
            default="" if default in (None, NODEFAULT) else toml(default),
            required=default is NODEFAULT,
            meaning=of_fields(shape).get(field.name, ""),
        )


def expected(kind: Any) -> str:
    """Say what a value of this kind may be."""
    if get_origin(kind) is Annotated:
        return str(get_args(kind)[1].extra["expected"])
    if get_origin(kind) is dict:
        of_keys, of_values = get_args(kind)
        return f"{_plural(of_keys)}, each with {expected(of_values)}"
    if get_origin(kind) is tuple:
        return f"each {expected(get_args(kind)[0])}"
    return EXPECTED[kind]


def _plural(kind: Any) -> str:
    """Say what a table's own keys are; names have their rule told wherever one is asked for."""
    return expected(kind).removeprefix("a ").partition(" ")[0] + "s"


def _type(kind: Any) -> str:
    if get_origin(kind) is Annotated:
        return _type(get_args(kind)[0])
    if get_origin(kind) is Literal:
        return _TYPES[str]
    return _TYPES.get(get_origin(kind) or kind, _TYPES[str])


def _kind(shape: type[Struct], field: FieldInfo) -> Any:
    kind = get_type_hints(shape, include_extras=True)[field.name]
    if get_origin(kind) in (Union, UnionType):
        (kind,) = (one for one in get_args(kind) if one is not NoneType)
    return kind


def _is_table(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, Struct) and kind not in EXPECTED


def _holds_tables(kind: Any) -> bool:
    return _is_table(kind) or any(_is_table(one) for one in get_args(kind))


def _default(field: FieldInfo) -> object:
    if field.default_factory is not NODEFAULT:
        return field.default_factory()
    return field.default
