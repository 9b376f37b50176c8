"""What is to be done: the engine's only output. Imperatives, frozen, with a wire form."""

from __future__ import annotations

from typing import Literal

from router.core.command import Command
from router.core.events import Disposition, Help
from router.core.policy import Preference
from router.core.promise_commands import PromiseCommand

Outcome = Literal["answered", "fallback_answered", "left_early", "refused", "promised", "lost"]
"""How a call ended; exactly one for each call that enters."""

OfferResult = Literal[
    "talked",
    "declined",
    "no_answer",
    "busy",
    "unreachable",
    "no_key",
    "refused",
    "lost_race",
    "caller_left",
    "listener_left",
    "not_connected",
    "withdrawn",
    "not_reached",
    "vanished",
]
"""How an offer ended."""


class AcknowledgeCall(Command, frozen=True):
    """Tell the dialplan that this call is in the engine's hands."""

    call: str


class RingListener(Command, frozen=True):
    """Ring this listener's phone for this call; `offer` is to be the leg's unique id."""

    offer: str
    call: str
    listener: str
    line: str
    known_caller: bool
    """This listener is the one whom the caller last talked with, or asks for."""
    ring_seconds: float
    """How long the phone may ring; the engine withdraws the offer itself when it is over."""
    possible_since: float
    """Epoch second from which the rules have had this phone ring for this call."""
    to_call_back: bool = False
    """The caller is not on the line: they are rung once this listener has taken the promise."""
    due_by: float | None = None
    """With `to_call_back`: the epoch second by which the caller was told to be called back."""
    attempt: int = 0
    """With `to_call_back`: which attempt to reach them this is, counted from 1."""
    to_help: bool = False
    """Not for the caller: the listener of this call asks for them."""


class DismissListener(Command, frozen=True):
    """End a listener's leg. `taken`: say first that somebody else has the call."""

    offer: str
    why: Literal["taken", "caller_left", "timeout", "talk_over", "not_reached", "unknown"]


class ConnectCall(Command, frozen=True):
    """Put the caller's and the listener's legs into one bridge."""

    call: str
    offer: str


class SendToFallback(Command, frozen=True):
    """Hand the caller to the dialplan's fallback group."""

    call: str


class OfferChoice(Command, frozen=True):
    """Tell the caller that the listener whom they know is busy, and let them choose by key."""

    call: str


class SayWhileWaiting(Command, frozen=True):
    """From now on say these words, the name of a prompt, to a caller who waits."""

    call: str
    words: str


class StartConsult(Command, frozen=True):
    """Have the listener speak with the helper; the caller waits meanwhile, and hears so."""

    call: str
    offer: str
    helper: str


class BringCallerIn(Command, frozen=True):
    """Bring the caller to those who speak with each other: this one at least."""

    call: str
    offer: str


HelpWords = Literal["sought", "nobody"]
"""What a listener hears who has asked for help: somebody is rung, or nobody could be had."""

PromiseWords = Literal["promised", "not_promised"]
"""What a listener hears who has keyed a call-back after a talk: whether it is noted."""


class TellListener(Command, frozen=True):
    """Say something to a listener, in a talk or after it, that the caller does not hear."""

    offer: str
    words: HelpWords | PromiseWords


class ReportOutcome(Command, frozen=True):
    """A call has ended. `waited_seconds`: arrival to bridge up, or to leaving if never answered."""

    call: str
    line: str
    outcome: Outcome
    waited_seconds: float
    talked_seconds: float
    offers: int
    promise: str | None = None
    """With the outcome `promised`: what is owed instead."""
    begin_seen: bool = True
    """False: nobody saw the first talk begin. The wait was that long at most."""


class ReportAnswer(Command, frozen=True):
    """A caller and a human are in one bridge (or the fallback's human accepted)."""

    call: str
    line: str
    listener: str | None
    waited_seconds: float
    begin_seen: bool = True
    """False: they were found there, or had been. The wait was that long at most."""


class ReportRung(Command, frozen=True):
    """A waiting call has come to a further rung of its line's ladder, counted from 0."""

    call: str
    line: str
    rung: int
    waited_seconds: float


class ReportOffer(Command, frozen=True):
    """An offer has ended."""

    offer: str
    call: str
    listener: str
    line: str
    result: OfferResult


class ReportBending(Command, frozen=True):
    """A call was given to a listener though this preference spoke against it."""

    call: str
    line: str
    listener: str
    kind: Preference


HelpResult = Literal["found", "nobody", "talk_over"]
"""How a listener's asking for help ended: with a helper, with none, or with the talk itself."""


class ReportHelp(Command, frozen=True):
    """A listener's asking for help has ended; `waited_seconds` from asking on."""

    call: str
    line: str
    listener: str
    kind: Help
    result: HelpResult
    waited_seconds: float


class ReportDisposition(Command, frozen=True):
    """A listener has said what a talk led to."""

    call: str
    line: str
    listener: str
    disposition: Disposition
    orientation: str | None


AnyCommand = (
    AcknowledgeCall
    | RingListener
    | DismissListener
    | ConnectCall
    | SendToFallback
    | OfferChoice
    | SayWhileWaiting
    | StartConsult
    | BringCallerIn
    | TellListener
    | PromiseCommand
    | ReportOutcome
    | ReportAnswer
    | ReportOffer
    | ReportRung
    | ReportBending
    | ReportHelp
    | ReportDisposition
)
