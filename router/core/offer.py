"""An offer: one listener's phone rung for one call."""

from __future__ import annotations

from enum import StrEnum

from msgspec import Struct

from router.core.commands import OfferResult


class OfferState(StrEnum):
    """Where an offer stands."""

    RINGING = "ringing"
    PICKED_UP = "picked_up"
    ACCEPTED = "accepted"
    TALKING = "talking"
    LEAVING = "leaving"
    """Its result is known; the listener's leg has yet to go."""
    ENDED = "ended"


class OfferInput(StrEnum):
    """What can happen to an offer."""

    RANG = "rang"
    PICKED_UP = "picked_up"
    ACCEPTED = "accepted"
    CONNECTED = "connected"
    DECLINED = "declined"
    """Another key, or none in time: the dialplan is already ending the leg."""
    FAILED = "failed"
    WITHDRAWN = "withdrawn"
    LEG_ENDED = "leg_ended"


OFFER_TABLE: dict[OfferState, dict[OfferInput, OfferState]] = {
    OfferState.RINGING: {
        OfferInput.RANG: OfferState.RINGING,
        OfferInput.PICKED_UP: OfferState.PICKED_UP,
        OfferInput.ACCEPTED: OfferState.ACCEPTED,
        OfferInput.DECLINED: OfferState.LEAVING,
        OfferInput.FAILED: OfferState.ENDED,
        OfferInput.WITHDRAWN: OfferState.LEAVING,
        OfferInput.LEG_ENDED: OfferState.ENDED,
    },
    OfferState.PICKED_UP: {
        OfferInput.ACCEPTED: OfferState.ACCEPTED,
        OfferInput.DECLINED: OfferState.LEAVING,
        OfferInput.FAILED: OfferState.ENDED,
        OfferInput.WITHDRAWN: OfferState.LEAVING,
        OfferInput.LEG_ENDED: OfferState.ENDED,
    },
    OfferState.ACCEPTED: {
        OfferInput.CONNECTED: OfferState.TALKING,
        OfferInput.WITHDRAWN: OfferState.LEAVING,
        OfferInput.LEG_ENDED: OfferState.ENDED,
    },
    OfferState.TALKING: {
        OfferInput.WITHDRAWN: OfferState.LEAVING,
        OfferInput.LEG_ENDED: OfferState.ENDED,
    },
    # The listener may still ring, pick up or press a key while the withdrawal is on its way.
    OfferState.LEAVING: {
        OfferInput.RANG: OfferState.LEAVING,
        OfferInput.PICKED_UP: OfferState.LEAVING,
        OfferInput.ACCEPTED: OfferState.LEAVING,
        OfferInput.DECLINED: OfferState.LEAVING,
        OfferInput.FAILED: OfferState.ENDED,
        OfferInput.LEG_ENDED: OfferState.ENDED,
    },
    OfferState.ENDED: {},
}

LEAVE_SECONDS = 12.0
"""For a withdrawn leg to go: the words "the call is taken" last 4 s, the rest is margin. A leg that
is then still unheard of is hung up again by the next resync."""

MISSES: frozenset[OfferResult] = frozenset({"no_answer", "busy", "unreachable", "no_key"})
"""Results that rest a listener, longer each time in a row."""

REFUSALS: frozenset[OfferResult] = frozenset({"declined", "refused"})
"""Results that rest a listener for the first, short time only: a choice, or not the person's."""


class Offer(Struct, gc=False):
    """One listener rung for one call. Times are epoch seconds. No links here either."""

    name: str
    call: str
    listener: str
    line: str
    placed_at: float
    accept_seconds: float
    deadline: float | None
    state: OfferState = OfferState.RINGING
    result: OfferResult | None = None
