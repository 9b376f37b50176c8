"""An offer: one listener's phone rung for one call."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

from router.core.commands import OfferResult

OfferState = Literal[
    "ringing",
    "picked_up",
    "accepted",
    "talking",
    # Its result is known; the listener's leg has yet to go.
    "leaving",
    "ended",
]
"""Where an offer stands."""


OfferInput = Literal[
    "rang",
    "picked_up",
    "accepted",
    "connected",
    # Another key, or none in time: the dialplan is already ending the leg.
    "declined",
    "failed",
    "withdrawn",
    "leg_ended",
]
"""What can happen to an offer."""


OFFER_TABLE: Final[dict[OfferState, dict[OfferInput, OfferState]]] = {
    "ringing": {
        "rang": "ringing",
        "picked_up": "picked_up",
        "accepted": "accepted",
        "declined": "leaving",
        "failed": "ended",
        "withdrawn": "leaving",
        "leg_ended": "ended",
    },
    "picked_up": {
        "accepted": "accepted",
        "declined": "leaving",
        "failed": "ended",
        "withdrawn": "leaving",
        "leg_ended": "ended",
    },
    "accepted": {
        "connected": "talking",
        "withdrawn": "leaving",
        "leg_ended": "ended",
    },
    "talking": {
        "withdrawn": "leaving",
        "leg_ended": "ended",
    },
    # The listener may still ring, pick up or press a key while the withdrawal is on its way.
    "leaving": {
        "rang": "leaving",
        "picked_up": "leaving",
        "accepted": "leaving",
        "declined": "leaving",
        "failed": "ended",
        "leg_ended": "ended",
    },
    "ended": {},
}

LEAVE_SECONDS: Final = 12.0
"""For a withdrawn leg to go: the words "the call is taken" last 4 s, the rest is margin. A leg that
is then still unheard of is hung up again by the next resync."""

LEAVE_AFTER_TALK_SECONDS: Final = 45.0
"""For a leg whose talk is over: its listener may still key what the talk has led to."""

MISSES: Final[frozenset[OfferResult]] = frozenset({"no_answer", "busy", "unreachable", "no_key"})
"""Results that rest a listener, longer each time in a row."""

NOT_TAKEN: Final[frozenset[OfferResult]] = MISSES | {"declined"}
"""Results that tell of a ring that the listener did not take."""

CUT_SHORT: Final[frozenset[OfferResult]] = frozenset({"lost_race", "caller_left"})
"""Results that tell only that it had not been taken yet."""

SILENCED: Final[frozenset[OfferResult]] = CUT_SHORT | {"withdrawn"}
"""Results after which a phone is given a moment to fall silent before it rings again."""

REFUSALS: Final[frozenset[OfferResult]] = frozenset({"declined", "refused"})
"""Results that rest a listener for the first, short time only: a choice, or not the person's."""


@dataclass(slots=True)
class Offer:
    """One listener rung for one call. Times are epoch seconds. No links here either."""

    name: str
    call: str
    listener: str
    line: str
    placed_at: float
    accept_seconds: float
    deadline: float | None
    state: OfferState = "ringing"
    result: OfferResult | None = None
