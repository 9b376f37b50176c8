"""Calls through the daemon, to listeners who are there by their apps."""

from __future__ import annotations

import asyncio
import re
import time
from pathlib import Path

import pytest

from simulations.demo.team import Listener
from simulations.pbx import people
from simulations.pbx.people import Caller, Ring
from simulations.pbx.server import EmulatedPbx
from tests.presence.app import App
from tests.presence.broker import ROUTER, Broker, require_mosquitto
from tests.presence.house import PresenceHouse

pytestmark = pytest.mark.slow

NUMBER = "0639980042"
PICKS_UP = Ring(picks_up_after_seconds=0.2)
SKILLS = {"health": 3}


def test_a_call_goes_to_who_is_there_by_their_app_and_is_taken_there(tmp_path: Path) -> None:
    require_mosquitto()

    async def scene() -> None:
        team = [
            Listener("guard", SKILLS, lambda: people.UNREACHABLE),
            Listener("anne", SKILLS, lambda: people.NEVER),
            Listener("bruno", SKILLS, lambda: PICKS_UP),
        ]
        with Broker(tmp_path, ("anne", "bruno")) as broker:
            house = PresenceHouse(team, broker)
            phones = {one.name: one.manner for one in team}
            async with EmulatedPbx(house.site(phones)) as pbx, house:
                await house.start(pbx.port)
                async with App(broker, "anne") as anne, App(broker, "bruno") as bruno:
                    await anne.until_told("router", online=True)
                    await anne.say_state("ready", time.time())
                    caller = pbx.phones.call(Caller(NUMBER, "health", talk_seconds=60.0))
                    ringing = await anne.until_told("offer", state="ringing")
                    await bruno.say_state("ready", time.time())
                    await anne.say("decline", offer=ringing["offer"], at=time.time())
                    await anne.until_told("offer", state="over", result="declined")
                    rung = await bruno.until_told("offer", state="picked_up")
                    await bruno.say("accept", offer=rung["offer"], at=time.time())
                    await bruno.until_told("call", offer=rung["offer"], state="talking")
                    assert caller.bridge is not None
                    assert ringing["offer"] not in pbx.exchange.legs
                    pbx.exchange.hang_up(caller)
                    await bruno.until_told("call", offer=rung["offer"], state="over")
                    heard = str(anne.heard + bruno.heard)
                    assert NUMBER[1:] not in heard
                    # An instant may begin like an id: that is none.
                    assert not re.search(re.escape(caller.uniqueid) + r"(?!\d)", heard)
                log = house.log.read_text()
            assert "app_message_broke" not in log
            assert NUMBER[1:] not in log

    asyncio.run(scene())


def test_the_apps_are_told_when_the_daemon_ends(tmp_path: Path) -> None:
    require_mosquitto()

    async def scene() -> None:
        team = [Listener("guard", SKILLS, lambda: people.UNREACHABLE)]
        with Broker(tmp_path, ("anne",)) as broker:
            house = PresenceHouse(team, broker)
            async with App(broker, "anne") as anne:
                async with EmulatedPbx(house.site({})) as pbx, house:
                    await house.start(pbx.port)
                    await anne.until_told("router", online=True)
                await anne.until_told("router", online=False)
                # Said, and not only missed: then it would have closed its connection.
                assert await asyncio.to_thread(broker.parting_of, ROUTER) == "disconnected"

    asyncio.run(scene())
