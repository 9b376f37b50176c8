"""From what a listener's app says to the engine's events, and to keys pressed on their phone's leg.

A listener takes a call on their phone: an app's accept is the key, pressed for them on a leg that
was picked up. What then happens is told by the dialplan, as ever.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final, Literal, Protocol

import structlog

from router.core.events import (
    AnyEvent,
    HelpAsked,
    ListenerCameOn,
    ListenerPaused,
    ListenerWentOff,
    OfferDeclined,
    TalkDisposed,
    TalkMarkedHard,
)
from router.core.floor import State as EngineState
from router.core.offer import Offer, OfferState
from router.core.presence_events import ListenerHeard, ListenerUnheard
from router.presence.book import Book, refuse_unless_now
from router.presence.refusals import RefusedMessage
from router.presence.silences import Silences
from router.presence.topics import Heard
from router.presence.words_in import (
    Accept,
    AnyMessage,
    Availability,
    Decline,
    Dispose,
    Escalate,
    Intent,
    LookUp,
    State,
)
from router.presence.words_out import Answer

log = structlog.get_logger(__name__)

PRESS_AGAIN_SECONDS: Final = 2.0
"""By then Asterisk has done what the key does, or has refused to."""

_INTENTS: Final[dict[Intent, Callable[[str, float], AnyEvent]]] = {
    "ready": ListenerCameOn,
    "pause": ListenerPaused,
    "off": ListenerWentOff,
}


class Means(Protocol):
    """What the desk acts by."""

    @property
    def orientations(self) -> Mapping[str, str]:
        """Give the name of each entry of the directory by its short number."""

    def tell(self, event: AnyEvent, said: tuple[str, Heard] | None = None) -> None:
        """Tell the engine what comes of what was said: whose word it is, and which."""

    def press(self, offer: str, key: Literal["accept", "decline"]) -> None:
        """Have a leg that was picked up go on as if that key had been pressed."""

    def look_up(self, asked: LookUp) -> Answer:
        """Look something up in the directory."""

    def answer(self, listener: str, answer: Answer) -> None:
        """Tell a listener's app what was found."""


class Desk:
    """Judges what is said by what goes on. `engine_state` gives what that is."""

    def __init__(self, book: Book, means: Means, engine_state: Callable[[], EngineState]) -> None:
        self._book = book
        self._means = means
        self._engine_state = engine_state
        self._silences = Silences(lambda listener: means.tell(ListenerUnheard(listener)))
        self._accepted: dict[str, tuple[str, float]] = {}
        """By listener: for which offer the key was last pressed, and when."""

    def take(self, listener: str, said: AnyMessage, now: float) -> None:
        """Do what was said.

        Raises
        ------
        RefusedMessage
            if it does not fit; nothing has changed then.

        """
        match said:
            case State():
                self._state(listener, said, now)
            case Availability():
                self._availability(listener, said)
            case Accept() | Decline() | Escalate() | Dispose() | LookUp():
                refuse_unless_now(said.at, now)
                self._command(listener, said, now)

    def _availability(self, listener: str, said: Availability) -> None:
        was_there = self._book.is_there(listener)
        self._book.app_is(listener, "online" if said.online else "unknown")
        known = self._engine_state().listeners.get(listener)
        if known is None:
            return
        if said.online and known.unheard:
            self._means.tell(ListenerHeard(listener))
        if said.online:
            self._silences.ends(listener)
        elif was_there:
            # What is kept from before says nothing: they may have logged in by phone since.
            self._silences.begins(listener)

    def nobody_is_heard(self) -> None:
        """Note that the broker is gone."""
        self._silences.end_all()
        self._book.nobody_is_heard()

    def _state(self, listener: str, said: State, now: float) -> None:
        if self._book.apps_word(listener, said.at, now):
            log.info("listener_said", listener=listener, state=said.state, reason=said.reason)
            self._means.tell(_INTENTS[said.state](listener, said.at), (listener, "state"))

    def _command(
        self, listener: str, said: Accept | Decline | Escalate | Dispose | LookUp, now: float
    ) -> None:
        match said:
            case Accept():
                self._accept(self._offer(listener, said.offer, "picked_up"), now)
            case Decline():
                self._decline(self._offer(listener, said.offer, "ringing", "picked_up"))
            case Escalate():
                offer = self._offer(listener, said.offer, "talking")
                self._means.tell(HelpAsked(offer.name, said.kind), (listener, "escalate"))
            case Dispose():
                self._means.tell(self._disposed(listener, said), (listener, "disposition"))
            case LookUp():
                self._means.answer(listener, self._means.look_up(said))

    def _offer(self, listener: str, name: str, *states: OfferState) -> Offer:
        offer = self._engine_state().offers.get(name)
        if offer is None or offer.listener != listener:
            raise RefusedMessage("not_theirs")
        if offer.state not in states:
            raise RefusedMessage("not_now")
        return offer

    def _accept(self, offer: Offer, now: float) -> None:
        """Press the key, once: a second time would take the leg out of what the first has done."""
        last = self._accepted.get(offer.listener)
        if last is not None and last[0] == offer.name and now < last[1] + PRESS_AGAIN_SECONDS:
            raise RefusedMessage("not_now")
        self._accepted[offer.listener] = (offer.name, now)
        self._means.press(offer.name, "accept")

    def _decline(self, offer: Offer) -> None:
        if offer.state == "picked_up":
            self._means.press(offer.name, "decline")
        else:
            self._means.tell(OfferDeclined(offer.name), (offer.listener, "decline"))

    def _disposed(self, listener: str, said: Dispose) -> AnyEvent:
        if said.disposition == "hard":
            return TalkMarkedHard(listener)
        known = self._engine_state().listeners.get(listener)
        if known is None or known.last_talk is None:
            raise RefusedMessage("not_now")
        follows = said.disposition == "follow_up"
        if follows and (said.call_at is None or known.offer is None):
            raise RefusedMessage("not_now")
        given = None
        if said.disposition == "orientation" and said.orientation is not None:
            given = self._means.orientations.get(said.orientation)
            if given is None:
                log.warning("orientation_unknown", listener=listener)
        return TalkDisposed(listener, said.disposition, given, said.call_at if follows else None)
