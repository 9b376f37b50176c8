"""A caller's call: its states, and what is known of it."""

from __future__ import annotations

from enum import StrEnum

from msgspec import Struct

from router.core.commands import Outcome
from router.core.policy import Line


class CallState(StrEnum):
    """Where a call stands."""

    SEARCHING = "searching"
    CONNECTING = "connecting"
    TALKING = "talking"
    AFTER_TALK = "after_talk"
    """The listener has left and the caller is still there: a few seconds' grace to hang up."""
    FALLBACK = "fallback"
    FALLBACK_TALKING = "fallback_talking"
    ENDED = "ended"


class CallInput(StrEnum):
    """What can happen to a call."""

    ANNOUNCED = "announced"
    ACCEPTED = "accepted"
    CONNECTED = "connected"
    NOT_CONNECTED = "not_connected"
    LISTENER_LEFT = "listener_left"
    LISTENER_DROPPED = "listener_dropped"
    GRACE_OVER = "grace_over"
    FALLBACK_BEGAN = "fallback_began"
    FALLBACK_ANSWERED = "fallback_answered"
    CALLER_LEFT = "caller_left"


CALL_TABLE: dict[CallState, dict[CallInput, CallState]] = {
    CallState.SEARCHING: {
        CallInput.ANNOUNCED: CallState.SEARCHING,
        CallInput.ACCEPTED: CallState.CONNECTING,
        CallInput.FALLBACK_BEGAN: CallState.FALLBACK,
        CallInput.FALLBACK_ANSWERED: CallState.FALLBACK_TALKING,
        CallInput.CALLER_LEFT: CallState.ENDED,
    },
    CallState.CONNECTING: {
        CallInput.ANNOUNCED: CallState.CONNECTING,
        CallInput.CONNECTED: CallState.TALKING,
        CallInput.NOT_CONNECTED: CallState.SEARCHING,
        CallInput.FALLBACK_BEGAN: CallState.FALLBACK,
        CallInput.CALLER_LEFT: CallState.ENDED,
    },
    CallState.TALKING: {
        CallInput.ANNOUNCED: CallState.AFTER_TALK,
        CallInput.LISTENER_LEFT: CallState.AFTER_TALK,
        CallInput.LISTENER_DROPPED: CallState.SEARCHING,
        CallInput.FALLBACK_BEGAN: CallState.FALLBACK,
        CallInput.CALLER_LEFT: CallState.ENDED,
    },
    CallState.AFTER_TALK: {
        CallInput.ANNOUNCED: CallState.AFTER_TALK,
        CallInput.LISTENER_LEFT: CallState.AFTER_TALK,
        CallInput.LISTENER_DROPPED: CallState.SEARCHING,
        CallInput.GRACE_OVER: CallState.SEARCHING,
        CallInput.FALLBACK_BEGAN: CallState.FALLBACK,
        CallInput.CALLER_LEFT: CallState.ENDED,
    },
    CallState.FALLBACK: {
        CallInput.ANNOUNCED: CallState.SEARCHING,
        CallInput.FALLBACK_BEGAN: CallState.FALLBACK,
        CallInput.FALLBACK_ANSWERED: CallState.FALLBACK_TALKING,
        CallInput.CALLER_LEFT: CallState.ENDED,
    },
    CallState.FALLBACK_TALKING: {
        CallInput.ANNOUNCED: CallState.SEARCHING,
        CallInput.FALLBACK_BEGAN: CallState.FALLBACK,
        CallInput.CALLER_LEFT: CallState.ENDED,
    },
    CallState.ENDED: {},
}


class Call(Struct, gc=False):
    """One caller on the line. Times are epoch seconds. Names, never links: no cycle to collect."""

    name: str
    line: Line
    caller: str | None
    arrived: float
    entered: int
    """Order of entry, which decides between calls that arrived at the same instant."""
    searching_since: float
    """Since when one more phone could have been rung for it."""
    fallback_at: float
    state: CallState = CallState.SEARCHING
    rung: int = 0
    offers: list[str] = []
    """Offers that ring or are being answered now, in the order made."""
    offers_made: int = 0
    partner: str | None = None
    """The offer that was accepted, from the accept key to the end of the talk."""
    head_of_line: bool = False
    """Cut off in mid-talk: served before everybody else of its line."""
    answered_at: float | None = None
    by_fallback: bool = False
    talked_seconds: float = 0.0
    talking_since: float | None = None
    deadline: float | None = None

    @property
    def place(self) -> tuple[bool, float, int]:
        """Give the call's place in line: the smallest is served first."""
        return (not self.head_of_line, self.arrived, self.entered)

    def outcome(self, now: float) -> Outcome:
        """Say how the call ended, if it ends now."""
        if self.answered_at is not None:
            return "fallback_answered" if self.by_fallback else "answered"
        if now - self.arrived < self.line.short_call_seconds:
            return "left_early"
        return "lost"
