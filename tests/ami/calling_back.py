"""What rings those who are owed a call, and the link that it acts on."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime
from zoneinfo import ZoneInfo

from router.ami.call_back import CallBacks, Dialling
from router.ami.connect import Connector
from router.ami.mirror import CallerLeg, Mirror
from router.ami.pending import Fields
from router.core.commands import AnyCommand
from router.core.events import AnyEvent
from router.core.promise_commands import DialCaller
from tests.ami.words import CALL, OFFER

LEG = "dcb-p-0a1b2c3d-1-1"


NUMBER = "+33639980042"


DIAL = DialCaller("p-0a1b2c3d-1", LEG, OFFER, "health", 30.0)


PARIS = ZoneInfo("Europe/Paris")


NOON = datetime(2026, 11, 22, 12, 0, tzinfo=PARIS).timestamp()


class Desk:
    """The call-backs, whose numbers a test knows, what they sent, and what they told."""

    def __init__(self, number: str | Exception | None = NUMBER) -> None:
        self.mirror = Mirror()
        self.mirror.end_resync()
        self.sent: list[tuple[str, Fields]] = []
        self.told: list[AnyEvent] = []
        self.connector = Connector(self.mirror, self._send, lambda *_: None, self.told.append)
        self.call_backs = CallBacks(
            self.mirror, self.connector, self._send, self.told.append, lambda: NOON
        )
        self.call_backs.dialling = Dialling(
            endpoint="PJSIP/{number}@trunk", caller_ids={"health": "0805232336"}, zone=PARIS
        )
        self.call_backs.number_of = self._number_of
        self.call_backs.epoch = lambda: 7
        self.asked = asyncio.Event()
        self.may_know = asyncio.Event()
        self.may_know.set()
        self._number = number
        self._refusals: list[Callable[[], AnyEvent] | None] = []

    def do(self, command: AnyCommand) -> None:
        self.call_backs.carry_out(command)

    async def dial(self) -> None:
        """Have the caller dialled, and wait until that is settled either way."""
        self.do(DIAL)
        await self.settled()

    async def settled(self) -> None:
        ours = asyncio.current_task()
        await asyncio.gather(*(task for task in asyncio.all_tasks() if task is not ours))

    def refuse(self) -> None:
        """Have Asterisk refuse the last action."""
        refused = self._refusals[-1]
        assert refused is not None
        self.told.append(refused())

    def knows_caller(self, leg: CallerLeg | None = None) -> None:
        self.mirror.add_call(CALL, leg or CallerLeg("health", None, NOON))

    def actions(self) -> list[str]:
        return [action for action, _ in self.sent]

    async def _number_of(self, promise: str) -> str | None:
        assert promise == DIAL.promise
        self.asked.set()
        await self.may_know.wait()
        if isinstance(self._number, Exception):
            raise self._number
        return self._number

    def _send(
        self, action: str, fields: Fields, if_refused: Callable[[], AnyEvent] | None = None
    ) -> None:
        self.sent.append((action, fields))
        self._refusals.append(if_refused)
