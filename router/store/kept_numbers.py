"""What the store keeps of callers whose number may yet be needed."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final, Literal, TypeVar

import msgspec
import structlog
from msgspec import Struct

from router.core.promise_events import PromiseOrigin
from router.store.number_vault import SealedNumber

log = structlog.get_logger(__name__)

LIVE: Final = "decroche:live"
"""A hash: the numbers of the calls that are on, by call."""

PROMISES: Final = "decroche:promises"
"""A hash: the promises that are owed, by their names."""

TAKEN: Final = "decroche:promises:taken"
"""A hash: those of them that the engine has in its journal."""

CLOSED: Final = "decroche:promises:closed"
"""A hash: how promises ended that were closed lately. Nothing in it is of the caller."""

NAME: Final = "decroche:promises:store"
"""A hash: the name of this store, which is kept beside the data keys too, and the mark of the last
write."""

Shelf = Literal[
    "decroche:promises:store",
    "decroche:live",
    "decroche:promises",
    "decroche:promises:taken",
    "decroche:promises:closed",
]
Place = tuple[Shelf, str]
Changes = dict[Place, bytes | None]
"""What is to stand in each place; None: nothing any more."""


class LiveNumber(Struct, frozen=True):
    """The number of a caller who is on the line now. `arrived` is epoch seconds."""

    line: str
    caller: str
    """A keyed hash."""
    arrived: float
    number: SealedNumber
    answered: bool = False
    listener: str | None = None
    """Who has talked with them; None where nobody has, or somebody of the fallback group."""
    over_at: float | None = None
    """When the call ended: kept for a moment more, should its listener promise a call-back."""
    typed: int = 0
    """At which try its caller has typed it; 0: it is what the call shows."""
    life: str | None = None
    """The word for the life of Asterisk's that the call is in; None where it is not known."""


class OwedNumber(Struct, frozen=True):
    """A promise and the number to ring. Times are epoch seconds."""

    line: str
    caller: str
    """A keyed hash."""
    origin: PromiseOrigin
    place_at: float
    not_before: float
    due_by: float
    number: SealedNumber
    call: str | None = None
    usual: str | None = None
    by_senior: bool = False


@dataclass(frozen=True)
class Kept:
    """All that the store keeps of numbers."""

    live: dict[str, LiveNumber] = field(default_factory=dict)
    promises: dict[str, OwedNumber] = field(default_factory=dict)
    taken: frozenset[str] = frozenset()
    closed: dict[str, bytes] = field(default_factory=dict)
    name: str | None = None
    """The store's own; None: it has none yet."""
    unreadable: tuple[Place, ...] = ()


R = TypeVar("R", LiveNumber, OwedNumber)


def encode(record: LiveNumber | OwedNumber) -> bytes:
    """Give the stored form (JSON)."""
    return msgspec.json.encode(record)


def read_kept(
    live: dict[bytes, bytes],
    promises: dict[bytes, bytes],
    taken: dict[bytes, bytes],
    closed: dict[bytes, bytes],
    store: dict[bytes, bytes],
) -> Kept:
    """Read what the store holds. What cannot be read is told and left out."""
    unreadable: list[Place] = []
    return Kept(
        live=_read(LIVE, live, LiveNumber, unreadable),
        promises=_read(PROMISES, promises, OwedNumber, unreadable),
        taken=frozenset(name.decode(errors="replace") for name in taken),
        closed={name.decode(errors="replace"): content for name, content in closed.items()},
        name=store[b"name"].decode(errors="replace") if b"name" in store else None,
        unreadable=tuple(unreadable),
    )


def _read(
    shelf: Shelf, rows: dict[bytes, bytes], shape: type[R], unreadable: list[Place]
) -> dict[str, R]:
    read: dict[str, R] = {}
    for row, content in rows.items():
        name = row.decode(errors="replace")
        try:
            read[name] = msgspec.json.decode(content, type=shape)
        except msgspec.DecodeError as error:
            log.error("number_record_unreadable", shelf=shelf, problem=type(error).__name__)
            unreadable.append((shelf, name))
    return read
