"""Records by the million, kept by column: some tens of bytes each, and read as if they were whole.

Kept whole, a million calls and their offers took nearly three times the memory, and twenty times
as long to go through a pickle.
"""

from __future__ import annotations

import zlib
from array import array
from bisect import bisect_right
from collections.abc import Collection, Hashable, Iterable, Iterator, Sequence
from itertools import chain
from operator import eq
from typing import Any, Generic, Protocol, TypeVar, get_type_hints, overload

from msgspec import Struct, msgpack
from msgspec.structs import astuple

Record = TypeVar("Record", bound=Struct)

FOLDED_TOGETHER = 1_000
"""Records are taken apart by so many at a time, which is several times as quick as one by one."""

WIDTHS = "bhiq"
"""How an array calls integers of 1, 2, 4 and 8 bytes."""

PACKED_HARD = 1
"""Of 9: harder takes several times as long, for half a byte a name."""


class Column(Protocol):
    """One field of all records, in their order."""

    def extend(self, values: tuple[Any, ...], /) -> None:
        """Take the values of more records."""

    def __getitem__(self, index: int, /) -> Any: ...

    def __iter__(self) -> Iterator[Any]: ...


class Integers:
    """A column of integers, as narrow as the widest of them lets it be."""

    def __init__(self) -> None:
        self._values = array(WIDTHS[0])

    def extend(self, values: tuple[int, ...], /) -> None:
        """Take the values of more records. Raises OverflowError beyond 64 bits."""
        try:
            more = array(self._values.typecode, values)
        except OverflowError:
            if self._values.typecode == WIDTHS[-1]:
                raise
            wider = WIDTHS[WIDTHS.index(self._values.typecode) + 1]
            self._values = array(wider, self._values)
            self.extend(values)
        else:
            self._values += more

    def __getitem__(self, index: int, /) -> int:
        return self._values[index]

    def __iter__(self) -> Iterator[int]:
        return iter(self._values)


class Repeated:
    """A column of values that come again, each kept once."""

    def __init__(self) -> None:
        self._codes = Integers()
        self._code_of = _Codes()
        self._values: list[Hashable] = self._code_of.values_in_order

    def extend(self, values: tuple[Hashable, ...], /) -> None:
        """Take the values of more records."""
        self._codes.extend(tuple(map(self._code_of.__getitem__, values)))

    def __getitem__(self, index: int, /) -> Any:
        return self._values[self._codes[index]]

    def __iter__(self) -> Iterator[Any]:
        return map(self._values.__getitem__, self._codes)


class _Codes(dict[Hashable, int]):
    """Gives each new value the next number."""

    def __init__(self) -> None:
        super().__init__()
        self.values_in_order: list[Hashable] = []

    def __missing__(self, value: Hashable) -> int:
        code = self[value] = len(self)
        self.values_in_order.append(value)
        return code


class Names:
    """A column of words that hardly ever come again and are much alike: about three bytes each.

    As many as come at once are packed together: to read one of them, all are unpacked.
    """

    def __init__(self) -> None:
        self._packed: list[bytes] = []
        self._ends = [0]
        """Of each pack: how many names are in it and in those before."""

    def extend(self, names: tuple[str, ...], /) -> None:
        """Take the names of more records."""
        self._packed.append(zlib.compress(msgpack.encode(names), PACKED_HARD))
        self._ends.append(self._ends[-1] + len(names))

    def __getitem__(self, index: int, /) -> str:
        at = index if index >= 0 else self._ends[-1] + index
        which = bisect_right(self._ends, at) - 1
        return _unpacked(self._packed[which])[at - self._ends[which]]

    def __iter__(self) -> Iterator[str]:
        return chain.from_iterable(map(_unpacked, self._packed))


def _unpacked(packed: bytes) -> list[str]:
    return msgpack.decode(zlib.decompress(packed), type=list[str])


class Table(Sequence[Record], Generic[Record]):
    """Records in the order in which they were added. What is read is made anew from its columns.

    Parameters
    ----------
    kind
        the struct that all records are.
    names
        those of its fields whose words differ in most records.
    records
        the first ones.

    """

    def __init__(
        self, kind: type[Record], names: Collection[str], records: Iterable[Record] = ()
    ) -> None:
        hints = get_type_hints(kind)
        self._kind = kind
        self._columns = [
            Names() if field in names else _column(hints[field]) for field in kind.__struct_fields__
        ]
        self._folded = 0
        self._fresh: list[Record] = []
        for record in records:
            self.append(record)

    def append(self, record: Record) -> None:
        """Add one more record."""
        self._fresh.append(record)
        if len(self._fresh) == FOLDED_TOGETHER:
            self._fold()

    def __len__(self) -> int:
        return self._folded + len(self._fresh)

    @overload
    def __getitem__(self, index: int) -> Record: ...

    @overload
    def __getitem__(self, index: slice) -> Sequence[Record]: ...

    def __getitem__(self, index: int | slice) -> Record | Sequence[Record]:
        if isinstance(index, slice):
            return [self[at] for at in range(*index.indices(len(self)))]
        if not -len(self) <= index < len(self):
            raise IndexError(index)
        self._fold()
        return self._kind(*(column[index] for column in self._columns))

    def __iter__(self) -> Iterator[Record]:
        self._fold()
        return map(self._kind, *self._columns)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Sequence) or len(self) != len(other):
            return False
        return all(map(eq, self, other))

    __hash__ = None  # type: ignore[assignment]

    def _fold(self) -> None:
        """Take the records that are still whole apart."""
        if self._fresh:
            of_fields = zip(*map(astuple, self._fresh), strict=True)
            for column, values in zip(self._columns, of_fields, strict=True):
                column.extend(values)
            self._folded += len(self._fresh)
            self._fresh.clear()


def _column(hint: Any) -> Column:
    if hint is float:
        return array("d")
    if hint is int:
        return Integers()
    return Repeated()
