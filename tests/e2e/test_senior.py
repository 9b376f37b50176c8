"""A listener brings a senior into a talk: the whole daemon, and real phones."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import pytest

from tests.e2e.config_files import Person
from tests.e2e.conftest import TEAM
from tests.e2e.service import Service
from tests.testbed import Testbed, behaviour
from tests.testbed.ami import Ami, Message
from tests.testbed.behaviour import Behaviour
from tests.testbed.farm import Farm

pytestmark = pytest.mark.slow

LINE = "0805232336"
ANNE = TEAM[0]
SENIOR = "claire0103"
SOON_SECONDS = 10.0
STALE_SECONDS = 6.0
TURN_SECONDS = 5.0


@dataclass
class Scene:
    """Anne in a talk with a caller; the senior's phone is what a test says it is."""

    farm: Farm
    watch: Ami
    service: Service
    caller: str = ""

    async def begin(self, senior: Behaviour) -> None:
        await self.farm.listener(ANNE, behaviour.stays())
        await self.farm.listener(SENIOR, senior)
        self.caller = await self.farm.call(LINE, "0639980070")
        assert await self.farm.heard(self.caller, 20) == ANNE

    async def consult(self, keys: str = "*7") -> None:
        """Have Anne ask for the senior, and see that the two meet while the caller waits."""
        since = len(self.watch.events)
        await self.farm.press_as(ANNE, keys)
        await self.words("help-sought", since)
        await self.farm.picked_up(SENIOR, SOON_SECONDS)
        await self.words("help-wanted", since)
        await self.words("consult", since)
        await self.hear_each_other(ANNE, await self.farm.phone_of(SENIOR))

    async def bring_in(self) -> None:
        await self.farm.press_as(ANNE, "*7")
        await self.caller_is_in_the_room()
        await self.hear_each_other(SENIOR, self.callers_phone, await self.farm.phone_of(ANNE))

    async def caller_is_in_the_room(self, deadline_seconds: float = SOON_SECONDS) -> None:
        await self.watch.wait_for(
            lambda e: (
                e.has(Event="BridgeEnter", BridgeName=f"decroche-room-{e['Uniqueid']}")
                and e["Uniqueid"] != ""
            ),
            deadline_seconds,
        )

    async def hear_each_other(self, speaker: str, *hearers: str) -> None:
        """See that a key of one phone reaches the others."""
        since = len(self.farm.events)
        await self.farm.press_as(speaker, "5")
        for hearer in hearers:
            await self.farm.hears_key(hearer, "5", SOON_SECONDS, since)

    async def words(self, prompt: str, since: int) -> Message:
        return await self.watch.wait_for(
            lambda e: e["Event"] == "Newexten" and f"decroche/{prompt}" in e["AppData"],
            SOON_SECONDS,
            since,
        )

    async def end(self, *listeners: str) -> None:
        """Have the caller hang up, and then those who are still there."""
        await self.farm.hang_up(self.caller)
        for listener in listeners:
            await self.farm.hang_up_as(listener)

    @property
    def callers_phone(self) -> str:
        return f"caller-{self.caller}"


@pytest.fixture
def staffed(service: Service) -> Service:
    """Give an installation with one listener and one senior, who takes no calls of the line."""
    service.people = {
        ANNE: Person(skills={"health": 2, "fr": 1}),
        SENIOR: Person(skills={"senior": 2}),
    }
    service.lines["health"] |= {
        "senior_ladder": [{"after_seconds": 0, "skills": {"senior": 1}}],
        "everybody_after_seconds": 110.0,
    }
    return service


def play(
    bed: Testbed,
    service: Service,
    senior: Behaviour,
    scene: Callable[[Scene], Awaitable[None]],
) -> None:
    async def played() -> None:
        async with bed.farm() as farm, bed.watch() as watch:
            here = Scene(farm, watch, service)
            await here.begin(senior)
            await scene(here)
            await service.until(
                lambda: bool(service.log_lines("call_ended")), SOON_SECONDS, "its end"
            )

    service.start()
    asyncio.run(played())
    (ended,) = service.log_lines("call_ended")
    assert ended["outcome"] == "answered"
    assert service.metric("decroche_invariant_violations_total") == 0
    assert service.log_lines("event_refused") == []


def test_a_listener_consults_a_senior_then_all_three_talk_and_the_senior_goes_on(
    bed: Testbed, staffed: Service
) -> None:
    async def scene(here: Scene) -> None:
        await here.consult()
        await here.bring_in()
        await here.farm.hang_up_as(ANNE)
        await here.service.until(lambda: here.service.held() == 1, SOON_SECONDS, "Anne let go")
        await here.hear_each_other(SENIOR, here.callers_phone)
        await here.end(SENIOR)

    play(bed, staffed, behaviour.helps(), scene)


def test_a_listener_whose_caller_is_in_shock_hangs_up_in_the_consult_and_the_senior_has_them(
    bed: Testbed, staffed: Service
) -> None:
    async def scene(here: Scene) -> None:
        await here.consult("*0")
        await here.farm.hang_up_as(ANNE)
        await here.caller_is_in_the_room()
        await here.hear_each_other(SENIOR, here.callers_phone)
        await here.end(SENIOR)

    play(bed, staffed, behaviour.helps(), scene)


def test_the_senior_hangs_up_in_the_consult_and_the_listener_has_the_caller_back(
    bed: Testbed, staffed: Service
) -> None:
    async def scene(here: Scene) -> None:
        await here.consult()
        await here.farm.hang_up_as(SENIOR)
        await here.caller_is_in_the_room()
        await here.hear_each_other(ANNE, here.callers_phone)
        await here.end(ANNE)

    play(bed, staffed, behaviour.helps(), scene)


@pytest.mark.parametrize("together", [False, True])
def test_a_caller_who_hangs_up_frees_both_in_the_consult_and_when_all_are_together(
    bed: Testbed,
    staffed: Service,
    together: bool,  # noqa: FBT001  a row
) -> None:
    async def scene(here: Scene) -> None:
        await here.consult()
        if together:
            await here.bring_in()
        since = len(here.watch.events)
        await here.farm.hang_up(here.caller)
        over = await here.words("over", since)
        await here.words("over", here.watch.events.index(over) + 1)
        for listener in (ANNE, SENIOR):
            await here.farm.hang_up_as(listener)
        await here.service.until(lambda: here.service.held() == 0, SOON_SECONDS, "both let go")

    play(bed, staffed, behaviour.helps(), scene)


def test_with_no_senior_to_be_had_the_listener_is_told_and_the_talk_goes_on(
    bed: Testbed, staffed: Service
) -> None:
    staffed.lines["health"]["help_seconds"] = 4.0

    async def scene(here: Scene) -> None:
        since = len(here.watch.events)
        await here.farm.press_as(ANNE, "*7")
        await here.words("help-sought", since)
        await here.words("help-nobody", since)
        await here.hear_each_other(ANNE, here.callers_phone)
        await here.end(ANNE)

    play(bed, staffed, behaviour.never(), scene)


def test_the_daemon_that_dies_in_a_consult_finds_all_three_again(
    bed: Testbed, staffed: Service
) -> None:
    async def scene(here: Scene) -> None:
        await here.consult()
        here.service.kill()
        here.service.start()
        await here.bring_in()
        await here.end(ANNE, SENIOR)

    play(bed, staffed, behaviour.helps(), scene)


def test_a_daemon_that_is_long_away_finds_the_caller_with_the_two_and_all_goes_on(
    bed: Testbed, staffed: Service
) -> None:
    async def scene(here: Scene) -> None:
        await here.consult()
        here.service.kill()
        await here.caller_is_in_the_room(STALE_SECONDS + 2 * TURN_SECONDS + SOON_SECONDS)
        here.service.start()
        await here.farm.hang_up_as(ANNE)
        await here.service.until(lambda: here.service.held() == 1, SOON_SECONDS, "Anne let go")
        await here.hear_each_other(SENIOR, here.callers_phone)
        await here.end(SENIOR)

    play(bed, staffed, behaviour.helps(), scene)
