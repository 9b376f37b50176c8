"""A link over which nobody can be routed is shown as none, though Asterisk lets us in."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Coroutine
from typing import Any

import pytest
from structlog.testing import capture_logs

from router.ami.contract import ECHO
from router.ami.deadlines import USUAL, Deadlines
from router.ami.reconnect import Reconnect
from router.core.engine import Engine
from router.core.events import EngineStarted, PbxLost
from router.runtime.echo import EVERY_BEATS, MISSED_UNTIL_DEAF
from router.runtime.inbox import LinkUp
from router.runtime.recorder import Recorder
from router.runtime.said_wait import SaidWaits
from tests.ami.peer import Answer, Heard, Peer, nothing, success
from tests.runtime.intake_desk import Desk

DEADLINE_SECONDS = 90.0
IMPATIENT = Deadlines(list_seconds=0.05)
LOGINS = 4


def empty_list(action: Heard) -> bytes:
    own = f"ActionID: {action['ActionID']}\r\n"
    return (
        f"Response: Success\r\n{own}EventList: start\r\n\r\n"
        f"Event: ListComplete\r\n{own}EventList: Complete\r\nListItems: 0\r\n\r\n"
    ).encode()


def logins(peer: Peer) -> int:
    return sum(action["Action"] == "Login" for action in peer.heard.items)


def asked_for_echo(peer: Peer) -> int:
    """Count the links over which an echo was asked for."""
    logged_in, links = False, 0
    for action in peer.heard.items:
        if action["Action"] == "Login":
            logged_in = True
        elif logged_in and action.get("Variable") == ECHO:
            logged_in, links = False, links + 1
    return links


async def echo_asked_for(peer: Peer, links: int) -> None:
    """Wait until one was asked for over so many links."""
    await peer.heard.until(lambda _: asked_for_echo(peer) == links)


class Daemon:
    """Intake, engine and recorder on a link that is kept, as in the daemon; turned by hand."""

    def __init__(self, peer: Peer, deadlines: Deadlines = USUAL) -> None:
        self.desk = Desk()
        self.engine = Engine()
        self.engine.step(EngineStarted("boot"), time.time())
        self._recorder = Recorder(self.desk.metrics, lambda *_: False, SaidWaits(lambda *_: None))
        put = self.desk.inbox.put
        self.reconnect = Reconnect(
            peer.account,
            on_event=put,
            on_up=lambda link: put(LinkUp(link)),
            on_down=lambda _: put(PbxLost()),
            jitter=lambda: 1.0,
            deadlines=deadlines,
        )

    def connected(self) -> float | None:
        self._recorder.set_gauges(self.engine.state, time.time())
        return self.desk.metrics.registry.get_sample_value("decroche_ami_connected")

    def miss_echoes(self) -> None:
        """Let as much time pass as none came in."""
        for _ in range((MISSED_UNTIL_DEAF + 1) * EVERY_BEATS):
            self.desk.intake.look_at_echo()

    async def turn_while(self, waited_for: Coroutine[Any, Any, object]) -> None:
        """Turn until this is over."""
        turning = asyncio.create_task(self.turn_until(lambda: False))
        await waited_for
        turning.cancel()

    async def turn_until(self, holds: Callable[[], bool]) -> set[float | None]:
        """Turn until then; give all that a scrape could have seen meanwhile."""
        seen = {self.connected()}
        while not holds():
            for event in await self.desk.turn():
                self.engine.step(event, time.time())
                seen.add(self.connected())
        return seen


def echoing(action: Heard) -> bytes:
    """Answer, and tell of what was set if it is the echo."""
    name = action["Variable"]
    event = f"Event: VarSet\r\nUniqueid: none\r\nVariable: {name}\r\n\r\n".encode()
    return success(action) + (event if name == ECHO else b"")


@pytest.mark.parametrize("at_first", [echoing, success], ids=["from now on", "as we come"])
def test_an_asterisk_whose_events_do_not_come_is_not_connected_to_until_they_do(
    at_first: Answer,
) -> None:
    async def scene() -> None:
        async with Peer() as peer:
            peer.answers |= dict.fromkeys(("BridgeList", "CoreShowChannels"), empty_list)
            peer.answers["Setvar"] = at_first
            daemon = Daemon(peer)
            daemon.reconnect.start()
            await daemon.turn_until(lambda: daemon.connected() == 1.0)
            assert asked_for_echo(peer) == 1
            peer.answers["Setvar"] = success
            daemon.miss_echoes()
            await daemon.turn_until(lambda: daemon.connected() == 0.0)
            for links in range(2, LOGINS):
                await daemon.turn_while(echo_asked_for(peer, links))
                assert daemon.connected() == 0.0
                daemon.miss_echoes()
            peer.answers["Setvar"] = echoing
            await daemon.turn_until(lambda: daemon.connected() == 1.0)
            await daemon.reconnect.stop()
            daemon.desk.intake.close()

    with capture_logs():
        asyncio.run(asyncio.wait_for(scene(), DEADLINE_SECONDS))


def test_an_asterisk_that_does_not_say_what_it_holds_is_not_connected_to() -> None:
    async def scene() -> None:
        async with Peer() as peer:
            peer.answers["BridgeList"] = empty_list
            peer.answers["CoreShowChannels"] = nothing
            daemon = Daemon(peer, IMPATIENT)
            daemon.reconnect.start()
            assert await daemon.turn_until(lambda: logins(peer) >= LOGINS) == {0.0}
            peer.answers["CoreShowChannels"] = empty_list
            await daemon.turn_until(lambda: daemon.connected() == 1.0)
            peer.answers["CoreShowChannels"] = nothing
            peer.cut()
            await daemon.turn_until(lambda: daemon.connected() == 0.0)
            await daemon.reconnect.stop()
            daemon.desk.intake.close()

    with capture_logs():
        asyncio.run(asyncio.wait_for(scene(), DEADLINE_SECONDS))
