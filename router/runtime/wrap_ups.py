"""Of which calls that are over a listener may still say what the talk has led to."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection, Iterable
from typing import Final

from router.core.commands import AnyCommand, ConnectCall, StartConsult
from router.core.events import AnyEvent, ListenerLegEnded, PbxResynced
from router.core.offer import LEAVE_AFTER_TALK_SECONDS
from router.core.promise import LEG_PREFIX

WRAP_UP_SECONDS: Final = LEAVE_AFTER_TALK_SECONDS + 5.0
"""From the end of a call to nobody being able to say anything of it on the leg of the talk: the
engine takes that leg as gone after the first, the rest is for what was said at the last instant."""


class WrapUps:
    """Follows the listeners' legs; `over` is told once of each call that was waited for."""

    def __init__(self, over: Callable[[str], None]) -> None:
        self._over = over
        self._legs: dict[str, set[str]] = {}
        """By call; of a call that is not here nothing is known: an earlier daemon had it."""
        self._call_of: dict[str, str] = {}
        self._waited_for: dict[str, asyncio.TimerHandle] = {}

    def follow(self, command: AnyCommand) -> None:
        """Note who is brought to which caller."""
        match command:
            case ConnectCall():
                self._add(command.call, command.offer)
            case StartConsult():
                self._add(command.call, command.helper)
            case _:
                pass

    def hear(self, event: AnyEvent) -> None:
        """Note which listeners' legs are gone."""
        match event:
            case ListenerLegEnded():
                self._drop([event.offer])
            case PbxResynced():
                seen = {one.offer for one in event.offers}
                self._drop([offer for offer in self._call_of if offer not in seen])
            case _:
                pass

    def may_speak(self, call: str, *, if_unknown: bool) -> bool:
        """Say whether a listener of this call is still on the leg of the talk."""
        legs = self._legs.get(call)
        return if_unknown if legs is None else bool(legs)

    def call_back_of(self, promise: str) -> str | None:
        """Name the leg of a promise, which is closed now, that a listener is still on."""
        ours = (call for call in self._legs if call.startswith(LEG_PREFIX))
        ours_now = [call for call in ours if promise_of(call) == promise]
        going_on = next((call for call in ours_now if self._legs[call]), None)
        self.forget(call for call in ours_now if call != going_on)
        return going_on

    def wait(self, call: str, seconds: float) -> None:
        """Have it told once no listener of this call, which is over, can speak any more."""
        loop = asyncio.get_running_loop()
        self._waited_for[call] = loop.call_later(seconds, self._end, call)

    def forget(self, calls: Iterable[str]) -> None:
        """Note that nobody will ask for these calls any more."""
        for call in calls:
            for offer in self._legs.pop(call, ()):
                self._call_of.pop(offer, None)

    def _add(self, call: str, offer: str) -> None:
        self._legs.setdefault(call, set()).add(offer)
        self._call_of[offer] = call

    def _drop(self, offers: Collection[str]) -> None:
        for offer in offers:
            call = self._call_of.pop(offer, None)
            if call is None:
                continue
            self._legs[call].discard(offer)
            if not self._legs[call] and call in self._waited_for:
                self._end(call)

    def _end(self, call: str) -> None:
        self._waited_for.pop(call).cancel()
        self.forget([call])
        self._over(call)


def promise_of(leg: str) -> str:
    """Name the promise that a leg of ours is dialled for."""
    return leg.removeprefix(LEG_PREFIX).rpartition("-")[0]
