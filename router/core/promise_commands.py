"""What is to be done about promises and call-backs."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

from router.core.command import Command
from router.core.promise_events import PromiseOrigin, WhyNotNoted


class NotePromise(Command, frozen=True):
    """Put a promise on durable storage, with the number of this call; then tell whether it is."""

    promise: str
    call: str
    line: str
    caller: str
    origin: PromiseOrigin
    place_at: float
    not_before: float
    due_by: float
    usual: str | None
    by_senior: bool = False
    """A senior is to call back."""


class ChangeNumber(Command, frozen=True):
    """Put the number that the caller has typed in this call in place of a promise's; then tell."""

    promise: str
    call: str
    caller: str
    """The hash of the number typed: from now on the promise is owed to them."""


class SayPromised(Command, frozen=True):
    """Tell the caller that they will be called back within so many seconds, and say goodbye."""

    call: str
    within_seconds: float


class SayNotPromised(Command, frozen=True):
    """Tell the caller that it could not be noted, and that they keep their place."""

    call: str
    why: WhyNotNoted | Literal["not_offered"]


class DialCaller(Command, frozen=True):
    """Ring whom this promise is owed to; `leg` is to be the unique id."""

    promise: str
    leg: str
    offer: str
    line: str
    ring_seconds: float


class DropCallBack(Command, frozen=True):
    """End a caller's leg that is dialled."""

    leg: str


class PromiseTerms(Struct, frozen=True):
    """By what a promise stands. Epoch seconds, by the clock."""

    promise: str
    caller: str
    origin: PromiseOrigin
    place_at: float
    not_before: float
    due_by: float
    usual: str | None


class CloseNumber(Command, frozen=True):
    """Nobody is owed anything by this promise any more: forget its number for good."""

    promise: str
    joined: PromiseTerms | None = None
    """The promise that it is one with, as that stands now: to be on durable storage first."""


PromiseResult = Literal[
    "noted", "not_reached", "with_seniors", "kept", "cut_off", "joined", "cancelled"
]
"""What has become of a promise, or of an attempt to keep it; `cut_off`: by a fault, and it is
owed again; `joined`: one with another."""


class ReportPromise(Command, frozen=True):
    """A promise has come to something; `late_seconds` is after its due time, below 0 before it."""

    promise: str
    line: str
    origin: PromiseOrigin
    result: PromiseResult
    late_seconds: float
    attempts: int
    listener: str | None
    into: str | None = None
    """With `joined`: the promise that it is one with."""


PromiseCommand = (
    NotePromise
    | ChangeNumber
    | SayPromised
    | SayNotPromised
    | DialCaller
    | DropCallBack
    | CloseNumber
    | ReportPromise
)
