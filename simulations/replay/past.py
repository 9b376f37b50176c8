"""What a journal tells of the people: who called, who was rung, and what each of them did.

Times are epoch seconds. What was learnt only when a link came back happened, as far as anybody can
tell, at that instant.
"""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

from router.core.events import (
    AnyEvent,
    CallArrived,
    CallerAskedFor,
    CallerChose,
    CallerChoseSkills,
    CallerInShock,
    CallWaiting,
    FallbackBegan,
    LegEnd,
    ListenerLegEnded,
    ListenerPickedUp,
    ListenerRang,
    OfferAccepted,
    OfferDeclined,
    OfferFailed,
)

FirstWord = CallArrived | CallWaiting | FallbackBegan
"""What the engine can first hear of a call."""

Duty = Literal["on", "paused", "off"]


class Stay(Struct):
    """A caller waiting: from the arrival, or from a talk that was cut."""

    began: float
    ended: float | None = None
    """None where the journal ends before."""
    left: bool = False
    """Whether the caller gave up, or else somebody came to talk."""


class Talk(Struct):
    """A caller and a human together."""

    began: float
    listener: str | None
    """None where it was one of the fallback group, or somebody the journal does not name."""
    ended: float | None = None
    cut: LegEnd | None = None
    """How the listener's leg went while the caller was there; None where the caller hung up."""


KeyPressed = CallerInShock | CallerAskedFor | CallerChoseSkills | CallerChose
"""A key that means something, or a code."""


class PastCall(Struct):
    """One call, as it was."""

    name: str
    line: str
    arrived: float
    entered: float
    """When the engine first heard of it."""
    first_word: FirstWord
    at_line: int
    """The line of the journal that first names it."""
    stays: list[Stay]
    """The first is its wait; each later one came after the talk before it."""
    talks: list[Talk]
    self_begun_fallbacks: list[float]
    """When the dialplan asked its fallback group unbidden."""
    keys: list[tuple[float, KeyPressed]]
    """What the caller pressed, and when."""
    offers: int = 0
    promised: bool = False
    """It ended with a promise of a call back, by the engine's own word."""

    @property
    def caller(self) -> str | None:
        """Give the caller's keyed hash; None where the number was withheld."""
        return self.first_word.caller


OfferEvent = (
    ListenerRang | ListenerPickedUp | OfferAccepted | OfferDeclined | OfferFailed | ListenerLegEnded
)
"""Something that a listener, or the listener's phone, does."""

Act = tuple[float, OfferEvent]
"""The same, and when."""


SILENCE = None
"""From here on the engine hears nothing, until a resync: the link is lost, or the daemon dead."""

DECIDES = (OfferAccepted, OfferDeclined, OfferFailed, ListenerLegEnded)
"""After one of these it is known what a listener made of a ring."""


class PastRing(Struct):
    """One listener rung once."""

    offer: str
    listener: str
    call: str
    at: float
    acts: list[Act]
    """What was done of one's own accord: before the leg was dismissed, and before the talk."""
    released: float | None = None
    """When the leg was dismissed, or its talk was over."""
    up_when_released: bool = False
    rang_out: bool = False
    """Whether it was dismissed because its time was over: nobody heard it, or pressed a key."""
    ended: float | None = None
    connected: float | None = None
    """When its talk began."""
    not_connected: float | None = None
    """When Asterisk said that it could not be connected."""
    pause: Pause | None = None

    @property
    def picked_up(self) -> float | None:
        """Give when the phone was answered; None if that was not seen."""
        return next((at for at, act in self.acts if isinstance(act, ListenerPickedUp)), None)

    @property
    def is_whole(self) -> bool:
        """Say whether it is known what would have come of it if nobody had ended it."""
        decided = any(isinstance(act, DECIDES) for _, act in self.acts)
        return decided or self.rang_out or self.connected is not None


class Pause(Struct):
    """A listener's own rest after a talk."""

    after_seconds: float
    """From the end of the leg."""
    began: float
    ended: float | None
    """None where it ended with the shift, or not at all."""


class PastRound(Struct):
    """The fallback group rung once for a call."""

    call: str
    at: float
    ended: float | None = None
    answered: bool = False
    """With an end: whether somebody took the call, or else nobody did."""
    left: float | None = None
    """When the caller hung up before that."""


class DutyChange(Struct):
    """A listener's word, or the shift's."""

    at: float
    listener: str
    duty: Duty
    at_line: int = 0
    """The line of the journal that says so; 0 where none does."""


class Gap(Struct):
    """Where the journal lacks something."""

    line: int
    """From here on it tells all again."""
    cut_calls: int
    """Those who were there then are left out."""


class Past(Struct):
    """All that a journal tells."""

    source: str
    began: float
    ended: float
    calls: dict[str, PastCall]
    already_there: int
    """Calls that were there before the journal began: they are left out."""
    rings: list[PastRing]
    rounds: list[PastRound]
    duties: list[DutyChange]
    daemon: list[tuple[float, AnyEvent | None]]
    """What the daemon itself told the engine (starts, rules, links lost and back), and silences."""
    memory: bytes | None = None
    """The state that the journal begins with; of it, what was learnt of people counts."""
    gaps: tuple[Gap, ...] = ()
