"""A listener who has taken a call-back hears what it is; only then is the caller rung."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Final

from router.ami.contract import ACCEPTED_BRIDGE
from router.ami.mirror import Mirror
from router.core.commands import AnyCommand
from router.core.promise_commands import DialCaller, DropCallBack

BRIEFING_SECONDS: Final = 15.0
"""The words last some 10 s. A caller whose listener is then still not heard to wait is rung all the
same: better than a promise that is late."""


class Briefings:
    """Holds an order to ring a caller back until their listener has heard the words out."""

    def __init__(self, mirror: Mirror, carry_on: Callable[[AnyCommand], None]) -> None:
        """Leave to `carry_on` what is to be done now, and what is not held here at all."""
        self._mirror = mirror
        self._carry_on = carry_on
        self._held: dict[str, tuple[DialCaller, asyncio.TimerHandle]] = {}

    def carry_out(self, command: AnyCommand) -> None:
        """Do what a command says; have a caller rung as soon as it can be."""
        match command:
            case DialCaller() if not self._is_heard(command):
                self._hold(command)
            case DropCallBack() if command.leg in self._held:
                self._take(command.leg)
            case _:
                self._carry_on(command)

    def dial_ready(self) -> None:
        """Ring those whose listeners have heard the words out."""
        for leg, (command, _) in list(self._held.items()):
            if self._is_heard(command):
                self._let_go(leg)

    def forget_all(self) -> None:
        """Ring nobody of whom an earlier link was told; the resync says what is to be done."""
        for leg in list(self._held):
            self._take(leg)

    def _is_heard(self, command: DialCaller) -> bool:
        gone = command.offer not in self._mirror.offers
        return gone or self._mirror.held_in(command.offer, ACCEPTED_BRIDGE)

    def _hold(self, command: DialCaller) -> None:
        loop = asyncio.get_running_loop()
        timer = loop.call_later(BRIEFING_SECONDS, self._let_go, command.leg)
        self._held[command.leg] = (command, timer)

    def _take(self, leg: str) -> DialCaller:
        command, timer = self._held.pop(leg)
        timer.cancel()
        return command

    def _let_go(self, leg: str) -> None:
        self._carry_on(self._take(leg))
