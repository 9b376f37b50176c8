"""A listener presses their phone's own transfer key: the caller is left to others, never lost.

The scenes are played on one daemon, line by line side by side; each has a test of its own.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass

import pytest

from tests.e2e.called_back import hears, words_on
from tests.e2e.config_files import Person
from tests.e2e.service import LINES, ONE_PHONE, Service, installed
from tests.testbed import Testbed, behaviour, require_testbed
from tests.testbed.ami import Ami
from tests.testbed.behaviour import Behaviour
from tests.testbed.desk import DeskPhone
from tests.testbed.farm import Farm

pytestmark = pytest.mark.slow

COLLEAGUE, NOT_NAMED = "2010", "0199000899"
GRACE_SECONDS = 1.0
RINGING_SECONDS = 4.0
"""Longer than the grace: who was searched for meanwhile would be taken from the ringing phone."""
TAKES_AT_ONCE = behaviour.takes(0.2, 0.3)
TAKES_LATE = behaviour.takes(RINGING_SECONDS, 0.3)
HANGS_UP_SOON = Behaviour("human", RINGING_SECONDS, "1", 0.5, key_after_seconds=0.3)
SOON_SECONDS = 20.0
WORDS_SECONDS = 30.0
FLOOR = {
    "health": {"anne0101": "trunk", "bruno0102": "desk"},
    "students": {"chloe0103": "desk", "david0104": "desk"},
    "police": {"emma0105": "desk", "felix0106": "desk"},
}
"""Each line, and by which endpoint of the PBX its two listeners are rung."""
STUDENTS = {"number": "0199000002", "skills": {"students": 2, "fr": 1}, "ladder": ONE_PHONE}


@dataclass
class Stage:
    """What all scenes are played on."""

    bed: Testbed
    farm: Farm
    watch: Ami
    service: Service

    def talks(self, line: str, number: str) -> Talk:
        return Talk(self, str(self.service.lines[line]["number"]), number, list(FLOOR[line]))


@dataclass
class Talk:
    """A caller in a talk with one listener of a line, whose other one is free."""

    stage: Stage
    line_number: str
    number: str
    team: Sequence[str]
    caller: str = ""
    listener: str = ""
    since: int = 0

    async def begin(self) -> None:
        farm = self.stage.farm
        for name in self.team:
            await farm.listener(name, behaviour.answers())
        self.caller = await farm.call(self.line_number, self.number)
        self.listener = await farm.heard(self.caller, SOON_SECONDS)
        self.since = len(farm.events)

    @property
    def phone(self) -> DeskPhone:
        return DeskPhone(self.stage.bed, self.stage.farm, self.listener)

    @property
    def other(self) -> str:
        return next(name for name in self.team if name != self.listener)

    async def is_with(self, who: str) -> None:
        """See who has the caller next, whoever's phone rings before."""
        found = await self.stage.farm.heard(self.caller, WORDS_SECONDS, since=self.since)
        assert found == who

    async def goes_on(self) -> None:
        """See that the caller's keys reach the listener's phone."""
        farm = self.stage.farm
        since = len(farm.events)
        await farm.press(self.caller, "5")
        await farm.hears_key(await farm.phone_of(self.listener), "5", SOON_SECONDS, since)

    async def ends(self) -> None:
        """Have the caller hang up, and see that the figures have the call once, as answered."""
        call, service = self.call, self.stage.service
        await self.stage.farm.hang_up(self.caller)

        def lines(kind: str) -> list[object]:
            return [one.get("outcome") for one in service.log_lines(kind) if one["call"] == call]

        await service.until(lambda: bool(lines("call_ended")), SOON_SECONDS, "the end")
        assert lines("call_ended") == ["answered"]
        assert len(lines("call_answered")) == 1

    def is_left_in_peace(self) -> bool:
        """Say whether the line's other listener has not been rung meanwhile."""
        events = self.stage.farm.events[self.since :]
        return not any(e.is_user_event("ListenerRang", Listener=self.other) for e in events)

    @property
    def call(self) -> str:
        arrived = (e for e in self.stage.watch.events if e.is_user_event("DecrocheArrived"))
        return next(e["Call"] for e in arrived if e["CallerIDNum"] == self.number)

    async def hears(self, words: str) -> None:
        """See that the caller hears, or has heard, these words."""
        await hears(self.stage.watch, words, Uniqueid=self.call)


async def is_left_to_the_emergency_service(stage: Stage) -> None:
    it = stage.talks("students", "0639980711")
    await stage.farm.listener("15", TAKES_LATE)
    await it.begin()
    assert await it.phone.transfer("15") == "SUCCESS"
    shown = await stage.farm.rang("15", SOON_SECONDS, since=it.since)
    assert shown["CallerIDNum"] == it.number
    await it.is_with("15")
    assert it.is_left_in_peace()
    await it.ends()


async def comes_back_where_nobody_takes_it(stage: Stage) -> None:
    it = stage.talks("students", "0639980712")
    await stage.farm.listener("17", behaviour.busy())
    await it.begin()
    assert await it.phone.transfer("17") == "SUCCESS"
    await it.is_with(it.other)
    await it.hears("not-put-through")
    await it.ends()


async def comes_back_from_a_colleague(stage: Stage) -> None:
    it = stage.talks("students", "0639980713")
    await stage.farm.listener(COLLEAGUE, HANGS_UP_SOON)
    await it.begin()
    assert await it.phone.transfer(COLLEAGUE) == "SUCCESS"
    rang = await stage.farm.rang(COLLEAGUE, SOON_SECONDS, since=it.since)
    assert it.number not in str(rang.headers)
    await it.is_with(COLLEAGUE)
    assert it.is_left_in_peace()
    it.since = len(stage.farm.events)
    await stage.farm.rang(it.other, WORDS_SECONDS, since=it.since)
    await it.hears("cut-off")
    assert words_on(stage.watch, it.call)[-1] == "cut-off"
    await it.is_with(it.other)
    await it.ends()


async def stays_where_it_is_refused(stage: Stage) -> None:
    """Try it on both phones: on the one behind the trunk, and to a number that is not named."""
    one, two = stage.talks("health", "0639980714"), stage.talks("health", "0639980715")
    await stage.farm.listener("18", TAKES_AT_ONCE)
    await one.begin()
    await two.begin()
    for it in (one, two):
        by_trunk = FLOOR["health"][it.listener] == "trunk"
        assert await it.phone.transfer("18" if by_trunk else NOT_NAMED) == "FAILURE"
        await it.goes_on()
    assert stage.farm.rings("18") == 0
    await one.ends()
    await two.ends()


async def is_with_whom_the_listener_has_called_before(stage: Stage) -> None:
    it = stage.talks("police", "0639980716")
    await stage.farm.listener("112", TAKES_AT_ONCE)
    await it.begin()
    second = await it.phone.call("112")
    await stage.farm.picked_up("112", SOON_SECONDS, since=it.since)
    assert await it.phone.transfer_to_second(second, "112") == "SUCCESS"
    await it.is_with("112")
    await it.ends()
    assert it.is_left_in_peace()


async def has_the_second_call_as_it_rings(stage: Stage) -> None:
    it = stage.talks("police", "0639980717")
    await leave_to_ringing(it, "114", TAKES_LATE)
    await it.is_with("114")
    assert it.is_left_in_peace()
    await it.ends()


async def comes_back_from_a_second_call_that_nobody_takes(stage: Stage) -> None:
    it = stage.talks("police", "0639980718")
    await leave_to_ringing(it, "115", behaviour.rejects(after_seconds=RINGING_SECONDS))
    await stage.farm.let_go("115", SOON_SECONDS, since=it.since)
    assert it.is_left_in_peace()
    await it.is_with(it.other)
    await it.hears("not-put-through")
    await it.ends()


async def leave_to_ringing(it: Talk, number: str, called: Behaviour) -> None:
    await it.stage.farm.listener(number, called)
    await it.begin()
    second = await it.phone.call(number)
    await it.stage.farm.rang(number, SOON_SECONDS, since=it.since)
    assert await it.phone.transfer_to_second(second, number) == "SUCCESS"


Play = Callable[[Stage], Awaitable[None]]
PLAYED: Sequence[Sequence[Play]] = (
    (stays_where_it_is_refused,),
    (
        is_left_to_the_emergency_service,
        comes_back_where_nobody_takes_it,
        comes_back_from_a_colleague,
    ),
    (
        is_with_whom_the_listener_has_called_before,
        has_the_second_call_as_it_rings,
        comes_back_from_a_second_call_that_nobody_takes,
    ),
)
"""Those of one line, one after the other."""
WentWell = Callable[[Play], None]


@pytest.fixture(scope="module")
def bed() -> Iterator[Testbed]:
    """Give a testbed that keeps call detail records, with all that could tell who called."""
    require_testbed()
    bed = Testbed()
    etc, fields = bed.pbx.folder / "etc", ("clid", "src", "dst", "channel", "lastdata")
    with (etc / "modules.conf").open("a") as modules:
        modules.write("load = res_cdrel_custom.so\nload = cdr_custom.so\n")
    (etc / "cdr.conf").write_text("[general]\nenable = yes\nunanswered = yes\n")
    line = ",".join(f"${{CSV_QUOTE(${{CDR({name})}})}}" for name in fields)
    (etc / "cdr_custom.conf").write_text(f"[mappings]\nMaster.csv => {line}\n")
    (bed.pbx.folder / "log/cdr-custom").mkdir()
    with bed:
        yield bed


@pytest.fixture(scope="module")
def service(bed: Testbed, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """Give a running installation of three lines, each with two listeners of its own."""
    people = {
        name: Person(skills={line: 2, "fr": 1}, by=by)
        for line, team in FLOOR.items()
        for name, by in team.items()
    }
    folder = tmp_path_factory.mktemp("transfer")
    with installed(bed, folder, people, list(LINES)) as service:
        service.lines["students"] = dict(STUDENTS)
        for line in service.lines.values():
            line["after_talk_seconds"] = GRACE_SECONDS
        service.start()
        yield service


@pytest.fixture(scope="module")
def went_well(bed: Testbed, service: Service) -> WentWell:
    """Play all scenes, and give what passes for one that went well, and raises what it raised."""
    failures: dict[Play, BaseException | None] = {}

    async def one_by_one(stage: Stage, scenes: Sequence[Play]) -> None:
        for scene in scenes:
            (failures[scene],) = await asyncio.gather(scene(stage), return_exceptions=True)

    async def played() -> None:
        async with bed.farm() as farm, bed.watch() as watch:
            stage = Stage(bed, farm, watch, service)
            await asyncio.gather(*(one_by_one(stage, scenes) for scenes in PLAYED))

    def pass_or_raise(scene: Play) -> None:
        if (failure := failures[scene]) is not None:
            raise failure

    asyncio.run(played())
    return pass_or_raise


def test_a_caller_is_left_to_the_emergency_service_while_it_rings_and_after(
    went_well: WentWell,
) -> None:
    went_well(is_left_to_the_emergency_service)


def test_a_caller_whom_the_emergency_service_does_not_take_is_searched_for(
    went_well: WentWell,
) -> None:
    went_well(comes_back_where_nobody_takes_it)


def test_a_colleague_sees_no_number_and_whom_they_hang_up_on_is_searched_for(
    went_well: WentWell,
) -> None:
    went_well(comes_back_from_a_colleague)


def test_on_the_trunk_or_to_a_number_that_is_not_named_it_is_refused_and_the_talk_goes_on(
    went_well: WentWell,
) -> None:
    went_well(stays_where_it_is_refused)


def test_who_was_announced_to_the_emergency_service_before_is_with_it(went_well: WentWell) -> None:
    went_well(is_with_whom_the_listener_has_called_before)


def test_a_second_call_that_rings_yet_is_the_callers(went_well: WentWell) -> None:
    went_well(has_the_second_call_as_it_rings)


def test_a_second_call_that_nobody_takes_leads_back(went_well: WentWell) -> None:
    went_well(comes_back_from_a_second_call_that_nobody_takes)


@pytest.mark.usefixtures("went_well")
def test_no_alert_comes_of_it_and_all_has_held(service: Service) -> None:
    assert service.metric("decroche_fallback_began_total") == 0
    assert service.metric("decroche_invariant_violations_total") == 0
    assert service.log_lines("event_refused") == []


@pytest.mark.usefixtures("went_well")
def test_asterisks_own_records_have_listeners_calls_and_no_number_of_a_caller(bed: Testbed) -> None:
    kept = (bed.pbx.folder / "log/cdr-custom/Master.csv").read_text()
    assert "PJSIP/desk-" in kept
    assert "06399807" not in kept


def test_a_daemon_that_starts_while_another_phone_rings_leaves_the_caller_to_it(
    bed: Testbed, service: Service, went_well: WentWell
) -> None:
    went_well(is_left_to_the_emergency_service)

    async def scene() -> None:
        async with bed.farm() as farm, bed.watch() as watch:
            it = Stage(bed, farm, watch, service).talks("students", "0639980719")
            await farm.listener("196", behaviour.takes(2 * RINGING_SECONDS, 0.3))
            await it.begin()
            assert await it.phone.transfer("196") == "SUCCESS"
            await farm.rang("196", SOON_SECONDS, since=it.since)
            service.kill()
            await asyncio.to_thread(service.start)
            await it.is_with("196")
            assert it.is_left_in_peace()
            await it.ends()

    asyncio.run(scene())
    assert service.metric("decroche_invariant_violations_total") == 0
