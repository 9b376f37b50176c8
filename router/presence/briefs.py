"""From the engine's commands and events to what a listener's app is told."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, Literal

from router.core.commands import AnyCommand, OfferResult, ReportOffer, RingListener, TellListener
from router.core.events import (
    AnyEvent,
    ConsultStarted,
    ListenerLegEnded,
    ListenerPickedUp,
    OfferAccepted,
    OfferFailed,
    TalkStarted,
)
from router.presence.words_out import AnyWord, Brief, Call, Offer

MOST_BRIEFS: Final = 10_000
"""Of listeners' legs at the same time, and of those whose end was not heard."""

Send = Callable[[str, AnyWord], None]
"""Publishes for a listener's app."""


class Briefs:
    """Follows the offers of this daemon; of those from before it, apps are told nothing."""

    def __init__(self, send: Send, clock: Callable[[], float]) -> None:
        self._send = send
        self._clock = clock
        self._briefs: dict[str, tuple[str, Brief]] = {}
        """By offer: whose it is, and what it is about."""

    def carry_out(self, command: AnyCommand) -> None:
        """Tell of what is done."""
        match command:
            case RingListener():
                self._ring(command)
            case ReportOffer(result="talked"):
                self._tell_of_call(command.offer, "over")
            case ReportOffer():
                self._tell_of_offer(command.offer, "over", command.result)
            case TellListener():
                self._tell_of_call(command.offer, command.words)
            case _:
                pass

    def hear(self, event: AnyEvent) -> None:
        """Tell of what has happened."""
        match event:
            case ListenerPickedUp():
                self._tell_of_offer(event.offer, "picked_up")
            case OfferAccepted():
                self._tell_of_offer(event.offer, "accepted")
            case TalkStarted():
                self._tell_of_call(event.offer, "talking")
            case ConsultStarted():
                self._tell_of_call(event.offer, "consulting")
                self._tell_of_call(event.helper, "consulting")
            case ListenerLegEnded() | OfferFailed():
                self._briefs.pop(event.offer, None)
            case _:
                pass

    def _ring(self, ring: RingListener) -> None:
        kind: Literal["caller", "call_back", "help"] = "caller"
        if ring.to_help:
            kind = "help"
        elif ring.to_call_back:
            kind = "call_back"
        brief = Brief(ring.line, kind, ring.known_caller, ring.due_by, ring.attempt or None)
        while len(self._briefs) >= MOST_BRIEFS:
            del self._briefs[next(iter(self._briefs))]
        self._briefs[ring.offer] = ring.listener, brief
        now = self._clock()
        told = Offer(ring.offer, "ringing", now, brief, ring_seconds=ring.ring_seconds)
        self._send(ring.listener, told)

    def _tell_of_offer(
        self,
        offer: str,
        state: Literal["picked_up", "accepted", "over"],
        result: OfferResult | None = None,
    ) -> None:
        if (known := self._briefs.get(offer)) is not None:
            listener, brief = known
            self._send(listener, Offer(offer, state, self._clock(), brief, result=result))

    def _tell_of_call(
        self,
        offer: str,
        state: Literal[
            "talking", "consulting", "over", "sought", "nobody", "promised", "not_promised"
        ],
    ) -> None:
        if (known := self._briefs.get(offer)) is not None:
            listener, brief = known
            self._send(listener, Call(offer, state, self._clock(), brief))
