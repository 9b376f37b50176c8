"""An actor, the link it acts on, and what it is given to do."""

from __future__ import annotations

import asyncio
from typing import cast

from router.ami.act import Actor, Phones
from router.ami.link import AmiLink
from router.ami.mirror import CallerLeg, Mirror
from router.ami.pending import Fields
from router.core.commands import (
    AnyCommand,
    ConnectCall,
    DismissListener,
    RingListener,
)
from router.core.events import (
    AnyEvent,
)
from tests.ami.fake_link import FakeLink
from tests.ami.words import ACCEPTED_BRIDGE, CALL, JOIN_BRIDGE, OFFER, put_in, response

PHONES = Phones(
    endpoints={"anne": "PJSIP/0199000011@trunk", "hostile": "PJSIP/x\r\nAction: Hangup"},
    caller_ids={"health": "0805232336"},
)

HELPER = "dcr-0a1b2c3d-2"


def ring(listener: str = "anne", line: str = "health", *, known: bool = True) -> RingListener:
    return RingListener(OFFER, CALL, listener, line, known, 20.0, 1700000000.0)


class Desk:
    """An actor, the link it acts on, and the events it told."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self.mirror = Mirror()
        self.link = FakeLink(loop)
        self.told: list[AnyEvent] = []
        self.actor = Actor(self.mirror, PHONES, self.told.append)
        self.use()
        self.complaints: list[str] = []
        self._loop = loop
        loop.set_exception_handler(lambda _, context: self.complaints.append(str(context)))

    def use(self) -> None:
        self.actor.use(cast("AmiLink", self.link))

    def sent(self) -> list[tuple[str, Fields]]:
        return [(one.action, one.fields) for one in self.link.sent]

    def do(self, command: AnyCommand) -> tuple[str, Fields]:
        """Carry a command out, and give the one action that it makes."""
        before = len(self.link.sent)
        self.actor.carry_out(command)
        (sent,) = self.link.sent[before:]
        return sent.action, sent.fields

    def answer_last(self, answer: str | Exception | None) -> None:
        """Answer the last action by a word or a failure; by None its answer is given up."""
        future = self.link.sent[-1].answer
        if answer is None:
            future.cancel()
        elif isinstance(answer, Exception):
            future.set_exception(answer)
        else:
            future.set_result(response(answer))
        self._loop.run_until_complete(asyncio.sleep(0))


def setting(variable: str, value: str) -> tuple[str, Fields]:
    return "Setvar", {"Variable": variable, "Value": value, "Channel": CALL}


def place(leg: str, context: str, exten: str) -> tuple[str, Fields]:
    return "Redirect", {"Channel": leg, "Context": context, "Exten": exten, "Priority": "1"}


def dismissed(why: str) -> DismissListener:
    return DismissListener(OFFER, why)  # type: ignore[arg-type]  # a row of the tests


def know_both(desk: Desk) -> None:
    desk.mirror.add_call(CALL, CallerLeg("health", None, 1700000000.0))
    desk.mirror.offer(OFFER)


def enter_both(desk: Desk) -> None:
    put_in(desk.mirror, CALL, JOIN_BRIDGE)
    put_in(desk.mirror, OFFER, ACCEPTED_BRIDGE)


def connect(desk: Desk) -> None:
    know_both(desk)
    desk.actor.carry_out(ConnectCall(CALL, OFFER))
    enter_both(desk)
    desk.actor.connector.join_ready()
