"""A caller who does not come to where they are joined, though Asterisk has said so, is brought."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager

import pytest

from router.ami.act import Actor, Phones
from router.ami.link import Account, AmiLink
from router.ami.message import Message
from router.ami.mirror import CallerLeg, Mirror
from router.core.commands import ConnectCall
from router.core.events import AnyEvent
from tests.ami.ears import PATIENT
from tests.ami.words import CALL, OFFER
from tests.testbed import Testbed, require_testbed

ELSEWHERE = {"Context": "decroche-offer", "Exten": "calling", "Priority": "1"}
"""Words, and no way from there to where a caller is joined."""

BEAT_SECONDS = 0.1
COMES_SECONDS = 30.0


@pytest.fixture
def bed() -> Iterator[Testbed]:
    require_testbed()
    with Testbed() as bed:
        yield bed


class Caller:
    """A leg that hears words, and then is sent about."""

    def __init__(self) -> None:
        self.up = asyncio.Event()
        self.come = asyncio.Event()
        """It is where callers are joined."""
        self.away = asyncio.Event()
        """It was there, and has left."""

    def hear(self, event: Message) -> None:
        if event.get("Uniqueid") != CALL:
            return
        if event.get("ChannelStateDesc") == "Up":
            self.up.set()
        if event.get("BridgeName") == "decroche-join":
            (self.come if event.name == "BridgeEnter" else self.away).set()


@asynccontextmanager
async def calling(bed: Testbed) -> AsyncIterator[tuple[AmiLink, Caller]]:
    """Give the daemon's link while somebody calls."""
    caller = Caller()
    account = bed.pbx.manager
    ours = Account(account.host, account.port, account.username, account.secret)
    link = await AmiLink.open(ours, on_event=caller.hear, on_lost=print, deadlines=PATIENT)
    legs = {"Channel": "Local/calling@decroche-offer/n", "ChannelId": CALL}
    try:
        await link.send("Originate", {**legs, **ELSEWHERE})
        await caller.up.wait()
        yield link, caller
    finally:
        link.close()


def test_a_caller_who_was_sent_to_be_joined_and_is_elsewhere_is_sent_anew(bed: Testbed) -> None:
    told: list[AnyEvent] = []
    mirror = Mirror()
    mirror.add_call(CALL, CallerLeg("health", None, 0.0))
    mirror.offer(OFFER)
    actor = Actor(mirror, Phones({}, {}), told.append)

    async def scene() -> None:
        async with asyncio.timeout(COMES_SECONDS), calling(bed) as (link, caller):
            actor.use(link)
            actor.carry_out(ConnectCall(CALL, OFFER))
            # What their leg's own next step does, where the order comes in the midst of it.
            await caller.come.wait()
            await link.send("Redirect", {"Channel": CALL, **ELSEWHERE})
            await caller.away.wait()
            caller.come.clear()
            coming = asyncio.ensure_future(caller.come.wait())
            while not coming.done():
                actor.beat(0.0)
                await asyncio.wait([coming], timeout=BEAT_SECONDS)

    asyncio.run(scene())
    assert told == []
