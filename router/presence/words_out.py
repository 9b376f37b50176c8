"""What a listener's app is told, as it stands on the wire. Nothing in it tells who a caller is."""

from __future__ import annotations

from typing import Final, Literal

from msgspec import Struct

from router.core.commands import HelpWords, OfferResult, PromiseWords
from router.presence.refusals import Refused
from router.presence.topics import Sent

Kind = Literal["caller", "call_back", "help"]
"""A caller on the line, somebody who is to be called back, or a colleague who asks for help."""


class Brief(Struct, frozen=True):
    """What a listener may know of a call before speaking."""

    line: str
    kind: Kind
    known_caller: bool
    due_by: float | None = None
    """Of a promise: the epoch second by which the caller is to be called back."""
    attempt: int | None = None
    """Of a promise: which attempt this is, counted from 1."""


class Offer(Struct, frozen=True):
    """The listener's phone rings, was picked up, or rings no more."""

    offer: str
    state: Literal["ringing", "picked_up", "accepted", "over"]
    at: float
    brief: Brief
    ring_seconds: float | None = None
    """With `ringing`: for how long at most."""
    result: OfferResult | None = None
    """With `over`: why."""


class Call(Struct, frozen=True):
    """What goes on in the listener's talk, or what was said to them in it."""

    offer: str
    state: Literal["talking", "consulting", "over"] | HelpWords | PromiseWords
    at: float
    brief: Brief


class Wake(Struct, frozen=True):
    """The next call of this line is at risk: the phone of a listener on call is being rung."""

    line: str
    at: float


class Found(Struct, frozen=True):
    """An entry of the directory."""

    number: str
    """What is given as `orientation` in a disposition."""
    name: str
    kind: str
    phone: str
    """The entry's own, public."""
    department: str | None
    away_km: float | None
    """Null: it is there for the whole country."""


class Answer(Struct, frozen=True):
    """What a look-up has found, the nearest first."""

    request: str
    found: tuple[Found, ...]
    problem: Literal["no_directory", "unknown_department", "unknown_kind"] | None = None


class RouterAvailability(Struct, frozen=True):
    """Whether decroche itself is there; false as its will. Retained.

    When it turns true, publish `availability` and `state` again.
    """

    online: bool


AnyWord = Offer | Call | Wake | Answer | Refused

SENT: Final[dict[Sent, type[AnyWord]]] = {
    "offer": Offer,
    "call": Call,
    "wake": Wake,
    "directory/answer": Answer,
    "refused": Refused,
}
EXPIRY_SECONDS: Final[dict[Sent, int]] = {
    "offer": 30,
    "call": 60,
    "wake": 60,
    "directory/answer": 60,
    "refused": 60,
}
"""What is older is of no use to an app that was away."""
