"""What has happened about promises and call-backs."""

from __future__ import annotations

from typing import Literal

from router.core.event import Event

PromiseOrigin = Literal["key", "hang_up", "listener", "site", "crash", "ops"]
"""By whom a call-back was asked for; `hang_up`: the caller left the queue of a line that calls
back; `crash`: the call was cut by a fault of ours."""


WhyNotNoted = Literal[
    "number_unknown",
    "store",
    "not_a_number",
    "emergency",
    "short",
    "premium",
    "own_line",
    "international",
]
"""Why nothing is promised: there is no number, the store could not take it in time, or the number
is none that is called back."""


class CallBackAsked(Event, frozen=True):
    """The caller pressed the key for being called back."""

    call: str


class PromiseNoted(Event, frozen=True):
    """A promise is on durable storage, and its number with it. Epoch seconds."""

    promise: str
    line: str
    caller: str
    origin: PromiseOrigin
    place_at: float
    not_before: float
    due_by: float
    call: str | None = None
    """The call that it came from."""
    usual: str | None = None
    by_senior: bool = False
    """A senior is to call back."""


class NumberTyped(Event, frozen=True):
    """The caller has typed a number at which to be called back, which the desk for promises holds.

    Where nothing is promised yet, it asks for a promise; where something is, for that number there.
    """

    call: str
    caller: str | None
    """Its hash; None where it was refused."""
    refused: WhyNotNoted | None = None


class NumberChanged(Event, frozen=True):
    """Another number is on durable storage for a promise, and the one before is gone."""

    promise: str
    call: str
    caller: str


class NumberLost(Event, frozen=True):
    """The number of a promise is not there any more: nobody can be rung for it."""

    promise: str


class PromiseNotNoted(Event, frozen=True):
    """A promise is not on durable storage: nothing is promised."""

    promise: str
    call: str | None
    why: WhyNotNoted = "store"


class PromiseCancelled(Event, frozen=True):
    """The caller, or a senior by hand, closes a promise."""

    promise: str
    by: Literal["caller", "senior"]


class PromiseGiven(Event, frozen=True):
    """A senior has a promise tried anew, now."""

    promise: str


class CallBackTaken(Event, frozen=True):
    """Whom we called back has pressed the key: it is them."""

    leg: str


CallBackEnd = Literal["busy", "no_answer", "unreachable", "hung_up", "no_key", "declined"]
"""How it came that nobody was reached; `declined`: a key said that it is not wanted now."""


class CallBackEnded(Event, frozen=True):
    """The leg to whom we called back is gone before anybody was there; or they declined."""

    leg: str
    how: CallBackEnd


class PbxBooted(Event, frozen=True):
    """Asterisk is up since then: whom we had called back before, and who talked, was cut off."""

    at: float


PromiseEvent = (
    CallBackAsked
    | PromiseNoted
    | PromiseNotNoted
    | NumberTyped
    | NumberChanged
    | PromiseCancelled
    | PromiseGiven
    | CallBackTaken
    | CallBackEnded
    | PbxBooted
    | NumberLost
)
