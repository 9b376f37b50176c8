"""The hours of lines and rungs, in the world of a scenario."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from router.core.entry import Entry, decode
from router.core.events import PolicyLoaded
from simulations.records import RunRecord
from simulations.run import simulate
from simulations.scenario import load

SMALL = str(Path(__file__).with_name("small.toml"))
HOUR = 3600.0
BY_DAY = (
    'lines.one.hours=["mon-fri 08:00-20:00"]',
    'lines.one.when_closed="other"',
    'lines.other={number="0199000002", skills={other=1}}',
    "listeners.others={count=1, skills={other=1}}",
)


def one_call_at(hour: float) -> str:
    return f'bursts=[{{line="one", hour={hour}, calls=1}}]'


def played(*changes: str) -> tuple[RunRecord, list[Entry]]:
    trace = io.BytesIO()
    record = simulate("small", load(SMALL, changes), 1, trace=trace)
    entries = [decode(line) for line in trace.getvalue().splitlines()]
    return record, [one for one in entries if isinstance(one.event, PolicyLoaded)]


@pytest.mark.parametrize(
    ("hour", "listener"), [(7.9, "others-1"), (8, "all-1"), (19.9, "all-1"), (20.1, "others-1")]
)
def test_callers_of_a_closed_line_are_served_by_the_rules_of_another(
    hour: float, listener: str
) -> None:
    record, _ = played(*BY_DAY, one_call_at(hour))
    assert [call.listener for call in record.calls] == [listener]


def test_a_run_begins_on_a_monday() -> None:
    saturday = 5 * 24 + 12
    record, _ = played(*BY_DAY, one_call_at(saturday), "days=7")
    assert [call.listener for call in record.calls] == ["others-1"]


@pytest.mark.parametrize(("hour", "listener"), [(3, "others-1"), (9, "all-1")])
def test_a_rung_is_there_at_its_hours_alone(hour: float, listener: str) -> None:
    nights = '{after_seconds=0, skills={other=1}, hours=["mon-sun 00:00-06:00"]}'
    record, _ = played(*BY_DAY[2:], f"lines.one.ladder=[{nights}]", one_call_at(hour))
    assert [call.listener for call in record.calls] == [listener]


def test_the_rules_are_told_as_a_line_opens_and_closes_and_never_where_none_does() -> None:
    _, told = played(*BY_DAY)
    assert [one.at for one in told] == [0.0, 8 * HOUR, 20 * HOUR]
    _, told = played()
    assert [one.at for one in told] == [0.0]


@pytest.mark.parametrize("fault", ["ami_cut", "daemon_down"])
def test_a_line_that_opened_while_nothing_was_heard_is_open_afterwards(fault: str) -> None:
    away = f"faults.{fault}=[{{hour=7.5, lasts_seconds=3600}}]"
    record, told = played(*BY_DAY, away, one_call_at(9))
    assert [call.listener for call in record.calls] == ["all-1"]
    assert [one.at for one in told] == [0.0, 8.5 * HOUR, 20 * HOUR]
