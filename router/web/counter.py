"""What can be asked about promises, by ops on this machine and by the association's own site."""

from __future__ import annotations

from typing import Literal, Protocol

from msgspec import Struct

from router.core.promise import Happening, PromiseState
from router.core.promise_events import PromiseOrigin
from router.errors import DecrocheError


class Asked(Struct, frozen=True):
    """A call-back that somebody asks for. Epoch seconds."""

    number: str
    """As it was written."""
    line: str
    origin: Literal["site", "ops"]
    listener: str | None = None
    """The code of the listener who shall call back, if that can be."""
    begins: float | None = None
    """From when on; None: at once, or as soon as the line's hours for call-backs begin."""
    ends: float | None = None
    """By when; None: within the time that the line promises."""
    by_senior: bool = False


class AsAsked(Struct, frozen=True):
    """A promise as it was asked for, whatever the same caller is owed besides. Epoch seconds."""

    promise: str
    line: str
    not_before: float
    due_by: float


class Standing(Struct, frozen=True):
    """How a promise stands. Epoch seconds; nothing in it identifies the caller."""

    promise: str
    line: str
    state: PromiseState
    origin: PromiseOrigin
    noted_at: float
    not_before: float
    due_by: float
    attempts: int
    next_at: float | None
    """When something is done about it next by itself."""
    usual: str | None
    by_senior: bool
    history: tuple[Happening, ...]
    joined: str | None = None
    """The promise to the same caller that it has become one with: it stands as that one does."""
    asked: AsAsked | None = None
    """What was asked for just now: of another name, it has become one with this."""


Refused = Literal[
    "not_a_number",
    "emergency",
    "short",
    "premium",
    "own_line",
    "international",
    "unknown_line",
    "not_offered",
    "unknown_listener",
    "window_past",
    "window_too_far",
    "window_backwards",
    "outside_hours",
]
"""Why something that was asked for is not to be had."""


class PromiseRefused(DecrocheError):  # noqa: N818 - it is an answer, as a refused event is
    """What was asked for is not to be had, in words that never show the number."""

    def __init__(self, reason: Refused, words: str) -> None:
        super().__init__(words)
        self.reason: Refused = reason


class NoSuchPromise(DecrocheError):  # noqa: N818 - it is an answer
    """There is no promise of this name, or none with which this can be done now."""


class Counter(Protocol):
    """Where promises are asked for, looked at and given up."""

    async def add(self, asked: Asked) -> Standing:
        """Note a promise, and give how it stands once it is on durable storage.

        Raises
        ------
        PromiseRefused
            if it is not to be had; nothing is kept of it then.
        StoreError
            if it could not be put on durable storage in time; nothing is promised then.

        """
        ...

    async def cancel(self, promise: str, by: Literal["caller", "senior"]) -> None:
        """Close a promise. Raises NoSuchPromise, or StoreError if it is not done for good."""
        ...

    async def give(self, promise: str) -> None:
        """Have a promise tried anew, now. Raises NoSuchPromise, or StoreError."""
        ...

    def find(self, promise: str) -> Standing | None:
        """Give how a promise stands, or how it ended, if lately; None: there is none.

        One that has become one with another (`joined`) is given under its own name as that stands.
        """
        ...

    def all(self) -> list[Standing]:
        """Give all that are open."""
        ...
