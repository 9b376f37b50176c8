"""A few lines of AMI that play the daemon by hand."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from tests.dialplans.places import SOON_SECONDS
from tests.testbed import Testbed
from tests.testbed.ami import Ami, Message, connected
from tests.testbed.rest import at_rest

BEAT_SECONDS = 2.0
AHEAD_SECONDS = 5
"""Of the clock, within what the dialplan believes: so much later the next beat may be."""


class Daemon:
    """What the daemon would do, told step by step by a test. `ami` sees all of our Asterisk."""

    def __init__(self, ami: Ami) -> None:
        self.ami = ami

    async def event(
        self, name: str, deadline_seconds: float = SOON_SECONDS, since: int = 0, **headers: str
    ) -> Message:
        """Wait for a user event of the dialplan."""
        return await self.ami.wait_for(
            lambda event: event.is_user_event(name, **headers), deadline_seconds, since
        )

    async def plays(
        self,
        words: str,
        deadline_seconds: float = SOON_SECONDS,
        since: int = 0,
        **headers: str,
    ) -> Message:
        """Wait until a channel, or the one with these headers, begins to play these words."""
        return await self.ami.wait_for(
            lambda event: (
                event["Event"] == "Newexten"
                and event["Application"] != "Set"  # the file is looked for before it is played
                and words in event["AppData"].replace("&", ",")
                and event.has(**headers)
            ),
            deadline_seconds,
            since,
        )

    async def arrival(self, caller_number: str) -> Message:
        """Wait for the call from this number to arrive."""
        return await self.event("DecrocheArrived", CallerIDNum=caller_number)

    async def acknowledge(self, call: str) -> None:
        """Take the call into the daemon's hands."""
        await self.ami.send("Setvar", Channel=call, Variable="DECROCHE_ACK", Value="1")

    async def ring(
        self,
        offer: str,
        listener: str,
        call: str = "none",
        known: str = "0",
        *,
        to_help: bool = False,
    ) -> None:
        """Ring a listener for a call of the health line, or to help in it."""
        variables = {
            "DECROCHE_LINE": "health",
            "DECROCHE_KNOWN": known,
            "DECROCHE_HELP": str(int(to_help)),
            "DECROCHE_PASS": f"{listener}/{call}",
        }
        await self.ami.send(
            "Originate",
            variables,
            Channel=f"PJSIP/{listener}@trunk",
            ChannelId=offer,
            Context="decroche-offer",
            Exten="s",
            Priority="1",
            Async="true",
            Timeout="20000",
        )

    async def redirect(self, channel_id: str, context: str, extension: str) -> None:
        """Send a channel elsewhere in the dialplan, once it is where it stays."""
        await at_rest(self.ami, channel_id)
        name = await self.name_of(channel_id)
        place = {"Context": context, "Exten": extension, "Priority": "1"}
        await self.ami.send("Redirect", Channel=name, **place)

    async def name_of(self, channel_id: str) -> str:
        """Give the name of the channel with this unique id."""
        channels = await self.ami.list_of("CoreShowChannels")
        return next(c["Channel"] for c in channels if c["Uniqueid"] == channel_id)

    async def holding(
        self,
        channel_id: str,
        bridge: str,
        since: int = 0,
        deadline_seconds: float = SOON_SECONDS,
    ) -> None:
        """Wait until this leg is in the holding bridge of this name."""
        await self.ami.wait_for(
            lambda event: event.has(
                Event="BridgeEnter",
                Uniqueid=channel_id,
                BridgeTechnology="holding_bridge",
                BridgeName=bridge,
            ),
            deadline_seconds,
            since,
        )

    async def hears_music(self, call: str, since: int = 0) -> None:
        """Wait until this caller, with nothing to be told, hears music."""
        await self.ami.wait_for(
            lambda event: event.has(Event="MusicOnHoldStart", Uniqueid=call), SOON_SECONDS, since
        )

    async def connect(self, call: str, offer: str, *, since: int = 0) -> None:
        """Put both legs, once they are where they are joined from, into one bridge."""
        await self.holding(call, "decroche-join", since)
        await self.holding(offer, "decroche-accepted")
        names = [await self.name_of(leg) for leg in (call, offer)]
        await self.ami.send("Bridge", Channel1=names[0], Channel2=names[1], Tone="no")
        for leg in (call, offer):
            await self.ami.send("Setvar", Channel=leg, Variable="DECROCHE_TALK", Value="1")


async def beat(ami: Ami, ahead_seconds: int = 0) -> None:
    """Renew the heartbeat once."""
    at = int(time.time()) + ahead_seconds
    await ami.send("Setvar", Variable="DECROCHE_BEAT", Value=str(at))


@asynccontextmanager
async def living(bed: Testbed) -> AsyncIterator[Daemon]:
    """Be a daemon whose heart beats for the length of the `async with`, and then stops.

    It stops just after a beat, which is the worst moment.
    """
    async with connected(bed.pbx.admin) as ami:
        await beat(ami, AHEAD_SECONDS)
        over = asyncio.Event()
        beating = asyncio.create_task(_beat_until(over, ami))
        try:
            yield Daemon(ami)
        finally:
            over.set()
            await beating
            await beat(ami)


@asynccontextmanager
async def dead(bed: Testbed) -> AsyncIterator[Daemon]:
    """Watch our Asterisk with no daemon there."""
    async with connected(bed.pbx.admin) as ami:
        await ami.send("Setvar", Variable="DECROCHE_BEAT", Value="")
        yield Daemon(ami)


async def _beat_until(over: asyncio.Event, ami: Ami) -> None:
    while not over.is_set():
        await beat(ami, AHEAD_SECONDS)
        try:
            await asyncio.wait_for(over.wait(), BEAT_SECONDS)
        except TimeoutError:
            continue
