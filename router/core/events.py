"""What has happened: the engine's only input. Facts in the past tense, frozen, with a wire form.

Ids are text. A *call* is the caller's channel's unique id as Asterisk made it. An *offer* is an id
the engine made, and is the unique id of the listener's leg. A *caller* is a keyed hash, never a
number; None where the number was withheld. `arrived` is epoch seconds.
"""

from __future__ import annotations

from typing import Literal

from router.core.event import Event
from router.core.policy import Policy, Skills
from router.core.presence_events import DutyWord, PresenceEvent
from router.core.promise_events import PromiseEvent
from router.core.seen import SeenCall, SeenOffer


class EngineStarted(Event, frozen=True):
    """A new process runs the engine. `boot` is unique to it and begins the ids of its offers."""

    boot: str


class PolicyLoaded(Event, frozen=True):
    """The rules were read, at the start or on a reload."""

    policy: Policy


class ListenerCameOn(DutyWord, frozen=True):
    """A listener is on duty and ready: logged in, back from a pause, or the shift began."""


class ListenerPaused(DutyWord, frozen=True):
    """A listener wants no calls for now."""


class ListenerWentOff(DutyWord, frozen=True):
    """A listener logged out, or the shift ended. A call in progress goes on."""


UsualChoice = Literal["wait", "another"]
"""What a caller does whose usual listener is busy: wait for them, or talk with anybody."""


class CallArrived(Event, frozen=True):
    """The line answered a caller. The search starts now, under the welcome words."""

    call: str
    line: str
    caller: str | None
    arrived: float


class CallWaiting(Event, frozen=True):
    """The dialplan says, each turn of its hold loop, that this caller is waiting.

    It mends what was missed: an unknown call is adopted with its original arrival, and a call
    believed to be talking goes back to its line.
    """

    call: str
    line: str
    caller: str | None
    arrived: float


class CallerInShock(Event, frozen=True):
    """The caller pressed the key for emotional shock."""

    call: str


class CallerAskedFor(Event, frozen=True):
    """The caller typed the code that this listener had given."""

    call: str
    listener: str


class CallerChoseSkills(Event, frozen=True):
    """The caller pressed a key that changes what is asked for, such as another language."""

    call: str
    skills: Skills
    instead_of: tuple[str, ...] = ()
    """The skills that are asked for no longer."""


class CallerChose(Event, frozen=True):
    """The caller, whose usual listener is busy, chose by key."""

    call: str
    choice: UsualChoice


class CallerHungUp(Event, frozen=True):
    """The caller's leg is gone."""

    call: str


class FallbackBegan(Event, frozen=True):
    """The dialplan rings its own fallback group for this call."""

    call: str
    line: str
    caller: str | None
    arrived: float


class FallbackAnswered(Event, frozen=True):
    """Somebody who is none of our listeners has the call: the fallback group, or others."""

    call: str


class CallerPutThrough(Event, frozen=True):
    """The caller was sent on to somebody who is none of our listeners, whose phone rings now."""

    call: str


class ListenerRang(Event, frozen=True):
    """The listener's phone is ringing."""

    offer: str


class ListenerPickedUp(Event, frozen=True):
    """The listener's leg was answered: by a human or by a voicemail, which is not known yet."""

    offer: str


class OfferAccepted(Event, frozen=True):
    """The listener pressed the accept key."""

    offer: str


class OfferDeclined(Event, frozen=True):
    """The listener pressed another key, or rejected the ring."""

    offer: str


FailureReason = Literal["no_answer", "busy", "unreachable", "no_key", "refused"]
"""Why an offer came to nothing. `refused`: Asterisk would not place the call at all."""


class OfferFailed(Event, frozen=True):
    """The listener's leg was never placed, or no key was pressed in time."""

    offer: str
    reason: FailureReason


LegEnd = Literal["hung_up", "busy", "no_answer", "rejected", "unreachable", "network"]
"""How a leg ended, as far as the network tells: `hung_up` by a person, `network` by a fault."""


class ListenerLegEnded(Event, frozen=True):
    """The listener's leg is gone, at whatever stage."""

    offer: str
    how: LegEnd


class TalkStarted(Event, frozen=True):
    """Both legs are in one bridge."""

    call: str
    offer: str


class ConnectFailed(Event, frozen=True):
    """Asterisk could not put the two legs into one bridge."""

    call: str
    offer: str


class TalkMarkedHard(Event, frozen=True):
    """A listener marks the talk they are in, or the last one they had, as hard."""

    listener: str


Disposition = Literal["orientation", "senior_call_back", "follow_up", "nothing_more", "abuse"]
"""What a talk led to, as its listener keys it; `follow_up`: a further call at an agreed time."""


class TalkDisposed(Event, frozen=True):
    """A listener says what their last talk, or the one they are in, has led to."""

    listener: str
    disposition: Disposition
    orientation: str | None = None
    """The directory's name for what was given, never to whom."""
    at: float | None = None
    """With `follow_up`: when; an epoch second."""


class CallerForgotten(Event, frozen=True):
    """A caller is to be known to nobody any more, at their wish."""

    caller: str


Help = Literal["senior", "shock"]
"""Whom a listener asks for in a talk: a senior, or somebody for a caller in shock."""


class HelpAsked(Event, frozen=True):
    """The listener of this offer asks for help in their talk; then, for the caller to join them."""

    offer: str
    kind: Help = "senior"


class ConsultStarted(Event, frozen=True):
    """The listener and the helper, by their offers, are together; the caller waits meanwhile."""

    offer: str
    helper: str


class PbxLost(Event, frozen=True):
    """The link to Asterisk is down: what happens there is unknown until the resync."""


class PbxResynced(Event, frozen=True):
    """The link to Asterisk is up, and this is all that it holds of ours."""

    calls: tuple[SeenCall, ...]
    offers: tuple[SeenOffer, ...]
    dialled: tuple[str, ...] = ()
    """Callers' legs of ours on which nobody has said yet that it is them."""
    talked: tuple[str, ...] = ()
    """Calls, and legs of ours, in a talk that nobody saw and that is over."""


class TimeReached(Event, frozen=True):
    """The engine's next deadline is due."""


AnyEvent = (
    EngineStarted
    | PolicyLoaded
    | ListenerCameOn
    | ListenerPaused
    | ListenerWentOff
    | PresenceEvent
    | CallArrived
    | CallWaiting
    | CallerInShock
    | CallerAskedFor
    | CallerChoseSkills
    | CallerChose
    | CallerHungUp
    | FallbackBegan
    | FallbackAnswered
    | CallerPutThrough
    | ListenerRang
    | ListenerPickedUp
    | OfferAccepted
    | OfferDeclined
    | OfferFailed
    | ListenerLegEnded
    | TalkStarted
    | ConnectFailed
    | TalkMarkedHard
    | TalkDisposed
    | CallerForgotten
    | HelpAsked
    | ConsultStarted
    | PromiseEvent
    | PbxLost
    | PbxResynced
    | TimeReached
)
