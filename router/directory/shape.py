"""What the directory's file holds."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta

from router.config.fields import Name, Words
from router.config.shape import Table
from router.schedule import AT_ALL_HOURS, Hours

DepartmentCode = Annotated[
    str,
    Meta(
        pattern=r"\A(?:[0-9]{2,3}|2[AB])\Z",
        extra={"expected": "the code of a department in quotes, like '69', '2A' or '974'"},
    ),
]
Phone = Annotated[
    str,
    Meta(
        pattern=r"\A(?:0[1-9](?: [0-9]{2}){4}|[1-9][0-9]{1,3})\Z",
        extra={"expected": "a number like '01 99 00 12 34' or '15'"},
    ),
]
ShortNumber = Annotated[
    str,
    Meta(
        pattern=r"\A[0-9]{2,4}\Z",
        extra={"expected": "2 to 4 digits as text, like '12'"},
    ),
]


class Entry(Table, frozen=True):
    """Somebody, or a place, to whom a caller may be directed."""

    kind: Name
    """One of `[kinds]`."""
    name: Words
    """Of the person or of the unit."""
    phone: Phone
    """As it is to be said."""
    number: ShortNumber
    """What a listener keys after a talk in which it was given."""
    department: DepartmentCode | None = None
    """None: the whole country, by phone or by video."""
    hours: Hours = AT_ALL_HOURS
    """When there is somebody."""


class DirectoryFile(Table, frozen=True):
    """The file, whole."""

    kinds: dict[Name, Words]
    """Each with the words that a listener reads."""
    entries: dict[Name, Entry]
    """By the name that the journal has where one was given."""
