"""An app that falls silent: its listener is counted on less, until they are heard of again."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable

import pytest

from router.core.events import ListenerCameOn, ListenerPaused
from router.core.presence_events import ListenerHeard, ListenerUnheard
from tests.presence.app import App
from tests.presence.broker import Broker
from tests.presence.rig import Rig

pytestmark = pytest.mark.slow

MakeRig = Callable[[], Rig]


def test_who_logs_in_by_phone_outranks_a_silent_app_and_an_older_word(
    broker: Broker, rig: MakeRig
) -> None:
    async def scene() -> None:
        async with rig() as site, App(broker, "anne") as anne:
            await anne.until_told("router", online=True)
            at = time.time()
            await anne.say_state("pause", at)
            await site.until(lambda: site.told == [ListenerPaused("anne", at)])
            site.step(ListenerCameOn("anne"))
            await anne.say_again()
            await site.until(lambda: site.refused("outdated") >= 1)
            assert site.duty("anne") == "on"
            await anne.say("availability", online=False)
            await site.until(lambda: site.figure("decroche_presence_apps", state="unknown") == 1)
            assert site.duty("anne") == "on"
            await site.until(lambda: site.engine.state.listeners["anne"].unheard)
            site.step(ListenerCameOn("anne"))
            assert not site.engine.state.listeners["anne"].unheard
            # It is still silent, and that is no news.
            told = len(site.told)
            await anne.say("availability", online=False)
            at = time.time()
            await anne.say("state", state="pause", at=at)
            await site.until(lambda: site.duty("anne") == "paused")
            assert site.told[told:] == [ListenerPaused("anne", at)]

    asyncio.run(scene())


def test_an_app_that_comes_back_is_counted_on_again(broker: Broker, rig: MakeRig) -> None:
    async def scene() -> None:
        async with rig() as site, App(broker, "anne") as anne:
            site.step(ListenerCameOn("anne"))
            await anne.until_told("router", online=True)
            state = site.engine.state.listeners["anne"]
            await anne.say("availability", online=False)
            await site.until(lambda: state.unheard)
            await anne.say("availability", online=True)
            await site.until(lambda: not state.unheard)
            assert site.told == [ListenerUnheard("anne"), ListenerHeard("anne")]

    asyncio.run(scene())
