"""An intake, the link it listens on, and what Asterisk answers there."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any, cast

from router.ami.act import Actor, Phones
from router.ami.link import AmiLink
from router.ami.menu import MenuDesk
from router.ami.message import Message
from router.ami.mirror import Mirror
from router.ami.pending import Fields
from router.ami.translate import Translator
from router.core.events import AnyEvent, PbxResynced
from router.observe.metrics import Metrics
from router.runtime.inbox import Inbox, LinkUp
from router.runtime.intake import Intake
from tests.ami.fake_link import FakeLink
from tests.ami.words import SEAL, channel, response

TURN_SECONDS = 30.0


NOBODY_RINGS = Phones(endpoints={}, caller_ids={})


def answer(fields: Fields) -> Message:
    """Show a caller's pass, and say yes to everything else."""
    return response("Success", Value="health/1.0" if "Channel" in fields else "")


def link_with(*legs: str) -> FakeLink:
    """Make a link to an Asterisk that holds these callers' legs."""
    link = FakeLink()
    link.answer_to = answer
    link.lists = {"CoreShowChannels": [channel(leg) for leg in legs], "BridgeList": []}
    return link


class Desk:
    """An intake with all that is beside it, and no loop: a test turns it by hand."""

    def __init__(self) -> None:
        self.inbox = Inbox()
        self.mirror = Mirror()
        self.actor = Actor(self.mirror, NOBODY_RINGS, self.inbox.put)
        self.metrics = Metrics()
        self.intake = Intake(
            inbox=self.inbox,
            mirror=self.mirror,
            translator=Translator(self.mirror, SEAL, lambda _: None),
            menu=MenuDesk(SEAL, lambda _pin, _kept: False),
            seal=SEAL,
            actor=self.actor,
            hash_caller=lambda _: None,
            metrics=self.metrics,
            clock=lambda: 1_700_000_000.0,
        )

    def begin(self, link: FakeLink) -> None:
        """Let a link come up; Asterisk is asked what it holds."""
        assert self.intake.events_of(LinkUp(cast("AmiLink", link))) == []

    async def turn(self) -> list[AnyEvent]:
        """Wait until something has come, and give the events that it means."""
        await asyncio.wait_for(self.inbox.wait(), TURN_SECONDS)
        return [event for item in self.inbox.take(100) for event in self.intake.events_of(item)]

    async def up(self, link: FakeLink) -> None:
        """Let a link come up, to the end of its resync."""
        self.begin(link)
        *_, told = await self.turn()
        assert isinstance(told, PbxResynced)

    async def check(self) -> list[AnyEvent]:
        """Look whether a leg is gone, to the end."""
        self.intake.check()
        return await self.turn()


Scene = Callable[[Desk], Coroutine[Any, Any, None]]


def play(scene: Scene) -> None:
    async def with_desk() -> None:
        desk = Desk()
        try:
            await scene(desk)
        finally:
            desk.intake.close()

    asyncio.run(with_desk())
