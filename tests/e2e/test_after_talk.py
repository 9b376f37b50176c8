"""A listener promises a call-back after a talk: it is noted before it is said, and then kept."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from router.core.events import TalkDisposed
from router.past.journal import read
from tests.config.any_hour import any_hour
from tests.e2e.config_files import Person
from tests.e2e.conftest import TEAM
from tests.e2e.service import Service
from tests.testbed import Testbed, behaviour
from tests.testbed.ami import Ami, Message
from tests.testbed.farm import Farm

pytestmark = pytest.mark.slow

LINE = "0805232336"
ANNE = TEAM[0]
SENIOR = "claire0103"
NUMBER = "0639980501"
PARIS = ZoneInfo("Europe/Paris")
WORDS_SECONDS = 20.0
RULES = {"yields_seconds": 0.0, "hours": any_hour(), "again_seconds": [600.0]}


@dataclass
class Scene:
    """Anne, whose caller has hung up, and who hears out what comes then."""

    farm: Farm
    watch: Ami
    service: Service
    since: int = 0

    async def begin(self, number: str | None) -> None:
        await self.farm.listener(ANNE, behaviour.stays())
        await self.farm.listener(SENIOR, behaviour.answers())
        await self.farm.listener(NUMBER, behaviour.is_called_back())
        caller = await self.farm.call(LINE, number)
        assert await self.farm.heard(caller, 20) == ANNE
        await self.farm.hang_up(caller)
        await self.hears("over,decroche/wrapup")

    async def keys(self, keys: str) -> None:
        await self.farm.press_as(ANNE, keys)

    async def hears(self, words: str) -> Message:
        """Wait until these words are begun, after those that were waited for before."""
        said = f"decroche/{words}"
        event = await self.watch.wait_for(
            lambda e: (
                e["Event"] == "Newexten"
                and e["Application"] in ("Read", "Playback")
                and said in e["AppData"].replace("&", ",")
            ),
            WORDS_SECONDS,
            self.since,
        )
        self.since = self.watch.events.index(event)
        return event

    async def owes(self, promises: int) -> None:
        await self.service.until(
            lambda: self.service.metric("decroche_promises_owed") == promises, 20, "what is owed"
        )

    async def promises(self, *words: str) -> str:
        """Have ops look after promises."""
        done = await asyncio.to_thread(self.service.command, "promises", *words)
        assert done.returncode == 0, done.stderr
        return done.stdout

    async def is_called_back_by(self, listener: str, *, known: int = 0) -> None:
        """See that the listener is told what it is, and that the caller is rung after that."""
        rung = await self.hears("call-back-wanted")
        told = await self.hears(f"line-health,decroche/known-{known},decroche/call-back-due")
        assert told["Uniqueid"] == rung["Uniqueid"]
        assert told["AppData"].endswith("decroche/attempt-1&decroche/calling-back")
        assert await self.farm.heard(NUMBER[-7:], 40) == listener
        assert self._at("BridgeEnter", told["Uniqueid"]) < self._at("Newchannel", "dcb-")
        await self.farm.hang_up_as(NUMBER)
        await self.owes(0)
        assert self.farm.rings(NUMBER) == 1

    def _at(self, event: str, leg: str) -> int:
        seen = enumerate(self.watch.events)
        return next(at for at, e in seen if e["Event"] == event and e["Uniqueid"].startswith(leg))


@pytest.fixture
def staffed(service: Service) -> Service:
    """Give an installation with one listener and one senior, whose line calls back."""
    service.people = {
        ANNE: Person(skills={"health": 2, "fr": 1}),
        SENIOR: Person(skills={"senior": 2}),
    }
    service.lines["health"] |= {
        "senior_ladder": [{"after_seconds": 0, "skills": {"senior": 1}}],
        "everybody_after_seconds": 110.0,
        "call_back": RULES,
        "ring_seconds": 10.0,
    }
    return service


def an_hour_to_come(now: datetime) -> datetime:
    """Give the next half past twelve, or past six where it may be that while this is keyed.

    No clock is put forward or back at either.
    """
    noon = now.replace(hour=12, minute=30, second=0, microsecond=0)
    if noon.hour - 1 <= now.hour <= noon.hour:
        return noon.replace(hour=18)
    return noon if now < noon else noon + timedelta(days=1)


def play(
    bed: Testbed,
    service: Service,
    scene: Callable[[Scene], Coroutine[Any, Any, None]],
    number: str | None = NUMBER,
) -> None:
    async def played() -> None:
        async with bed.farm() as farm, bed.watch() as watch:
            here = Scene(farm, watch, service)
            await here.begin(number)
            await scene(here)

    service.start()
    asyncio.run(played())
    assert service.metric("decroche_invariant_violations_total") == 0
    assert service.log_lines("event_refused") == []
    assert NUMBER[1:] not in service.log_path.read_text()


def test_a_senior_calls_back_whom_a_listener_has_promised_it(
    bed: Testbed, staffed: Service
) -> None:
    async def scene(here: Scene) -> None:
        await here.keys("2")
        await here.hears("wrapup-wait")
        await here.hears("wrapup-senior")
        await here.is_called_back_by(SENIOR)

    play(bed, staffed, scene)


def test_a_daemon_that_dies_after_the_talk_keeps_what_the_listener_promises_then(
    bed: Testbed, staffed: Service
) -> None:
    async def scene(here: Scene) -> None:
        here.service.kill()
        await asyncio.to_thread(here.service.start)
        assert here.service.log_lines("cut_off_caller_owed") == []
        await here.keys("2")
        await here.hears("wrapup-senior")
        await here.is_called_back_by(SENIOR)

    play(bed, staffed, scene)


def test_a_further_call_is_noted_for_the_time_agreed_on_and_made_by_the_same_listener(
    bed: Testbed, staffed: Service, tmp_path: Path
) -> None:
    agreed = an_hour_to_come(datetime.now(PARIS))

    async def scene(here: Scene) -> None:
        await here.keys("6")
        await here.hears("wrapup-hour")
        await here.keys(f"{agreed:%H%M}")
        said = await here.hears("wrapup-agreed")
        assert f"decroche/hour-{agreed.hour}" in said["AppData"]
        await here.owes(1)
        await here.farm.let_go(ANNE, WORDS_SECONDS)
        assert here.farm.rings(NUMBER) == 0
        # Ops need not wait for the hour to see it kept.
        (promise,) = json.loads(await here.promises("list", "--json"))
        assert (promise["usual"], promise["not_before"]) == (ANNE, agreed.timestamp())
        await here.promises("retry", promise["promise"])
        await here.is_called_back_by(ANNE, known=1)
        await here.farm.hang_up_as(ANNE)

    play(bed, staffed, scene)
    out = tmp_path / "journal.jsonl"
    written = staffed.command("journal", "--out", str(out))
    assert written.returncode == 0, written.stderr
    events = [entry.event for entry in read(out).entries]
    told = [event for event in events if isinstance(event, TalkDisposed)]
    assert told == [TalkDisposed(ANNE, "follow_up", at=agreed.timestamp())]


def test_where_no_number_showed_the_listener_hears_that_it_is_not_noted(
    bed: Testbed, staffed: Service
) -> None:
    async def scene(here: Scene) -> None:
        await here.keys("2")
        await here.hears("wrapup-not-promised")
        await here.owes(0)

    play(bed, staffed, scene, None)
