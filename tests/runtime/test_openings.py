from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from router.config import Settings, hash_pin, load
from router.core.commands import RingListener
from router.core.engine import Engine
from router.core.events import (
    AnyEvent,
    CallArrived,
    EngineStarted,
    ListenerCameOn,
    PbxResynced,
    PolicyLoaded,
)
from router.runtime.rota import Openings

NOON = datetime(2026, 11, 20, 12, tzinfo=ZoneInfo("Europe/Paris"))
NIGHT = NOON + timedelta(hours=11)

TWO_LINES = """\
listeners_file = "listeners.toml"

[pools]
house = "On the platform"

[lines.carers]
number = "0199000001"
skills = { carer = 1 }

[lines.students]
number = "0199000002"
hours = ["mon-sun 08:00-20:00"]
when_closed = "carers"
skills = { student = 1 }
"""

LISTENER = """
[listeners.{name}]
name = "{name}"
endpoint = "PJSIP/{name}"
login = "{login}"
pin_hash = "{pin_hash}"
skills = {{ {skill} = 1 }}
pool = "house"
shifts = "always"
"""


class Clock:
    def __init__(self, at: datetime) -> None:
        self.at = at

    def __call__(self) -> float:
        return self.at.timestamp()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    (tmp_path / "decroche.toml").write_text(TWO_LINES)
    (tmp_path / "listeners.toml").write_text(
        "".join(
            LISTENER.format(name=name, login=login, skill=skill, pin_hash=hash_pin("2580"))
            for name, login, skill in (("anne", 2001, "carer"), ("bruno", 2002, "student"))
        )
    )
    return tmp_path / "decroche.toml"


def asked_of_students(told: list[AnyEvent]) -> list[dict[str, int]]:
    """Give the skills that the students' first rung asks for, in each of the rules told."""
    return [
        event.policy.lines["students"].ladder[0].skills
        for event in told
        if isinstance(event, PolicyLoaded)
    ]


def rung_first(settings: Settings, at: datetime, on_duty: list[str]) -> list[str]:
    """Say whose phones ring at once for a caller of the students' line."""
    told: list[AnyEvent] = [EngineStarted("boot")]
    Openings(settings, tell=told.append, clock=Clock(at)).tell_changes()
    arrived = CallArrived("call", "students", None, at.timestamp())
    told += [*map(ListenerCameOn, on_duty), PbxResynced((), ()), arrived]
    engine = Engine()
    commands = [command for event in told for command in engine.step(event, at.timestamp())]
    return [one.listener for one in commands if isinstance(one, RingListener)]


def test_a_lines_closing_and_opening_are_told_as_other_rules_and_once_each(path: Path) -> None:
    told: list[AnyEvent] = []
    clock = Clock(NOON)
    openings = Openings(load(path), tell=told.append, clock=clock)
    for _ in range(24):
        openings.tell_changes()
        clock.at += timedelta(hours=1)

    assert asked_of_students(told) == [{"student": 1}, {"carer": 1}, {"student": 1}]


def test_rules_that_are_loaded_are_told_though_no_line_opens_or_closes(path: Path) -> None:
    told: list[AnyEvent] = []
    openings = Openings(load(path), tell=told.append, clock=Clock(NOON))
    openings.take(load(path))
    openings.tell_changes()
    openings.take(load(path))

    assert asked_of_students(told) == [{"student": 1}, {"student": 1}]


def test_a_line_that_closed_while_the_daemon_slept_is_told_as_it_looks_again(path: Path) -> None:
    told: list[AnyEvent] = []
    clock = Clock(NOON)

    async def scene() -> None:
        closed = asyncio.Event()

        def tell(event: AnyEvent) -> None:
            told.append(event)
            if len(told) == 1:
                # So near to closing time that the next look is due at once.
                clock.at = NOON.replace(hour=19, minute=59, second=59, microsecond=999_000)
            else:
                closed.set()

        openings = Openings(load(path), tell=tell, clock=clock)
        running = asyncio.create_task(openings.run())
        await asyncio.sleep(0)
        clock.at = NIGHT
        await asyncio.wait_for(closed.wait(), 30)
        running.cancel()

    asyncio.run(scene())
    assert asked_of_students(told) == [{"student": 1}, {"carer": 1}]


def test_in_its_hours_a_lines_own_listeners_are_rung(path: Path) -> None:
    assert rung_first(load(path), NOON, ["anne", "bruno"]) == ["bruno"]


def test_outside_of_its_hours_the_listeners_of_the_line_that_takes_its_callers_are_rung(
    path: Path,
) -> None:
    assert rung_first(load(path), NIGHT, ["anne", "bruno"]) == ["anne"]


def test_a_closed_line_that_nobody_takes_rings_its_own_listeners_or_else_all_on_duty(
    path: Path,
) -> None:
    path.write_text(TWO_LINES.replace('when_closed = "carers"\n', ""))

    assert rung_first(load(path), NIGHT, ["anne", "bruno"]) == ["bruno"]
    assert rung_first(load(path), NIGHT, ["anne"]) == ["anne"]


RUNG_AT_NIGHT = """
[[lines.carers.ladder]]
after_seconds = 10
skills = { student = 1 }
hours = ["mon-sun 22:00-06:00"]
"""


def test_a_rung_is_there_in_its_hours_only_and_the_rules_are_told_as_these_begin_and_end(
    path: Path,
) -> None:
    path.write_text(TWO_LINES + RUNG_AT_NIGHT)
    told: list[AnyEvent] = []
    clock = Clock(NOON)
    openings = Openings(load(path), tell=told.append, clock=clock)
    rungs = {}
    for _ in range(24):
        openings.tell_changes()
        last = told[-1]
        assert isinstance(last, PolicyLoaded)
        rungs[clock.at.hour] = len(last.policy.lines["carers"].ladder)
        clock.at += timedelta(hours=1)

    at_night = {22, 23, 0, 1, 2, 3, 4, 5}
    assert rungs == {hour: 3 if hour in at_night else 2 for hour in range(24)}
    assert len(told) == len(["noon", "20:00", "22:00", "06:00", "08:00"])


@pytest.mark.parametrize(
    ("change", "offsets"),
    [
        (datetime(2026, 3, 29, 1, tzinfo=UTC), [3_600.0, 7_200.0]),
        (datetime(2026, 10, 25, 1, tzinfo=UTC), [7_200.0, 3_600.0]),
    ],
)
def test_when_the_wall_clock_is_changed_the_rules_are_told_anew_at_that_second(
    path: Path, change: datetime, offsets: list[float]
) -> None:
    told: list[AnyEvent] = []
    clock = Clock(change - timedelta(milliseconds=5))

    async def scene() -> None:
        changed = asyncio.Event()

        def tell(event: AnyEvent) -> None:
            told.append(event)
            if len(told) == len(offsets):
                changed.set()
            else:
                clock_goes_on()

        def clock_goes_on() -> None:
            # Asked for before the daemon sleeps: it must wake for the change, not a minute later.
            loop = asyncio.get_running_loop()
            loop.call_later(0.005, setattr, clock, "at", change)

        running = asyncio.create_task(Openings(load(path), tell=tell, clock=clock).run())
        await asyncio.wait_for(changed.wait(), 30)
        running.cancel()

    asyncio.run(scene())
    rules = [event.policy for event in told if isinstance(event, PolicyLoaded)]
    assert [one.utc_offset_seconds for one in rules] == offsets


@pytest.mark.parametrize("day", [datetime(2026, 3, 29), datetime(2026, 10, 25)])  # noqa: DTZ001 - a wall clock's date, given its zone below
def test_on_the_day_of_a_clock_change_the_rules_are_told_twice_and_no_more(
    path: Path, day: datetime
) -> None:
    path.write_text(TWO_LINES.replace('hours = ["mon-sun 08:00-20:00"]\n', ""))
    told: list[AnyEvent] = []
    clock = Clock(day.replace(tzinfo=ZoneInfo("Europe/Paris")).astimezone(UTC))
    openings = Openings(load(path), tell=told.append, clock=clock)
    for _ in range(24 * 4):
        openings.tell_changes()
        clock.at += timedelta(minutes=15)

    assert len(told) == 2


def test_a_line_is_open_while_its_rules_or_those_of_another_one_serve_its_callers(
    path: Path,
) -> None:
    clock = Clock(NIGHT)
    openings = Openings(load(path), tell=lambda _: None, clock=clock)
    openings.tell_changes()
    assert openings.is_open("students"), "the carers take their callers"
    path.write_text(TWO_LINES.replace('when_closed = "carers"\n', ""))
    openings.take(load(path))
    assert not openings.is_open("students")
    assert openings.is_open("carers")
    clock.at = NOON
    openings.tell_changes()
    assert openings.is_open("students")
