from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from router.errors import DecrocheError
from simulations.oracle.erlang import erlang_a
from simulations.parallel.cores import Cores
from simulations.run import simulate
from simulations.scenario import Scenario, load
from simulations.scenario.faults import Faults, Offline
from simulations.staff.command import staff
from simulations.staff.guess import Work, guess, work
from simulations.staff.hours import calls_by_hour, hours_of, times_by_hour
from simulations.staff.measure import Share, share, tally
from simulations.staff.plan import Plan
from simulations.staff.roster import Roster
from simulations.staff.search import Search
from simulations.staff.target import Target, parse_target

pytestmark = pytest.mark.slow

MIXED_WEEK = str(Path(__file__).with_name("mixed_week.toml"))

MORNINGS = [0.0] * 6 + [30.0] * 2 + [0.0] * 16
PLAIN = (
    "days=1",
    f"arrivals.plain.calls_per_hour={MORNINGS}",
    "listeners.all.count=5",
    "leave_seconds=2",
)
"""A line that is called from 06:00 to 08:00 only: five Erlang."""


@pytest.mark.parametrize(
    ("words", "target"),
    [
        ("99% within 20s", Target(0.99, 20.0)),
        ("95 % within 15 s", Target(0.95, 15.0)),
        (" 99.5% within 7.5s ", Target(0.995, 7.5)),
    ],
)
def test_a_target_is_read(words: str, target: Target) -> None:
    assert parse_target(words) == target


@pytest.mark.parametrize(
    "words",
    ["", "99 within 20s", "99% within 20", "99% in 20s", "-9% within 20s", "1e1% within 2s",
     "99% within 20s or so", "99%within 20s\0", "\uff19\uff19% within 20s"],
)  # fmt: skip
def test_what_is_no_target_is_refused_with_an_example(words: str) -> None:
    with pytest.raises(DecrocheError, match="--target: expected words like '99% within 20s'"):
        parse_target(words)


@pytest.mark.parametrize("words", ["100% within 20s", "0% within 20s", "150% within 20s"])
def test_a_share_that_nothing_can_show_is_refused(words: str) -> None:
    with pytest.raises(DecrocheError, match="more than 0 % and less than 100 %"):
        parse_target(words)


@pytest.mark.parametrize("words", ["99% within 0s", "99% within 3601s"])
def test_a_time_that_is_none_is_refused(words: str) -> None:
    with pytest.raises(DecrocheError, match="more than 0 s and at most 3600 s"):
        parse_target(words)


def test_without_rings_the_guess_is_erlangs() -> None:
    asked = Work(busy_seconds=600.0, answer_seconds=0.0, patience_seconds=1200.0)
    number = guess(60.0, asked, Target(0.8, 0.0))
    waits = [erlang_a(each, 10.0, 600.0, 1200.0).waits for each in (number - 1, number)]
    assert waits[0] > 0.2 >= waits[1]
    assert guess(0.0, asked, Target(0.8, 20.0)) == 0


def test_the_guess_pays_for_ringing_and_for_rings_that_nobody_hears() -> None:
    plain = load("erlang_a")
    group = plain.listeners["all"]
    slow = replace(group, pick_up=replace(group.pick_up, probability=(0.5,)))
    heard, unheard = (work(plain, ["plain"], each, 3) for each in (group, slow))
    assert heard is not None
    assert unheard is not None
    assert heard.busy_seconds == 600.0
    assert unheard.busy_seconds == 600.0 + 20.0 + 20.0, "a ring, and the rest after it"
    deaf = replace(group, pick_up=replace(group.pick_up, probability=(0.0,)))
    assert work(plain, ["plain"], deaf, 3) is None


def test_each_hour_has_as_many_listeners_as_it_is_given_and_others_stay() -> None:
    week = load(MIXED_WEEK)
    roster = Roster(week, ["health"], None, 24)
    numbers = [hour % 7 for hour in range(24)]
    staffed = roster.staffed(numbers)
    assert roster.replaced == ["day", "night", "experienced"]
    assert staffed.listeners["police"] == week.listeners["police"]
    assert (roster.models[3], roster.models[12]) == ("night", "day")
    for hour in range(168):
        there = [
            name
            for name, group in staffed.listeners.items()
            if name != "police"
            and any(start <= hour * 60 < end for start, end in group.shifts.spans)
        ]
        assert len(there) == numbers[hour % 24]
        assert all(name.startswith(roster.models[hour % 24]) for name in there)


def test_a_fault_of_a_group_hits_those_who_stand_in_for_it() -> None:
    def away(*groups: str) -> Offline:
        return Offline(hour=1.0, lasts_seconds=60.0, share=0.5, groups=groups)

    faults = Faults(listeners_offline=(away("night"), away("experienced"), away(), away("police")))
    week = replace(load(MIXED_WEEK), faults=faults)
    staffed = Roster(week, ["health"], None, 24).staffed([2] * 24)
    hit = [one.groups for one in staffed.faults.listeners_offline]
    assert hit == [("night_00001", "night_00002"), (), ("police",)]


def test_one_group_must_be_able_to_take_all_the_lines() -> None:
    week = load(MIXED_WEEK)
    assert set(Roster(week, list(week.lines), None, 24).models) == {"experienced"}
    with pytest.raises(DecrocheError, match="--group: unknown group 'nihgt'; known are day, "):
        Roster(week, ["health"], "nihgt", 24)
    with pytest.raises(DecrocheError, match="day cannot take the calls of police alike; those who"):
        Roster(week, ["police"], "day", 24)
    alone = {name: one for name, one in week.listeners.items() if name != "experienced"}
    with pytest.raises(
        DecrocheError, match=r"no group of listeners can take .* give one line with"
    ):
        Roster(replace(week, listeners=alone), list(week.lines), None, 24)


def test_hours_of_the_week_are_told_apart_where_the_rates_are() -> None:
    weekly = load("erlang_a", [f"arrivals.plain.calls_per_hour={[1.0] * 167 + [9.0]}", "days=10.5"])
    assert hours_of(weekly, ["plain"]) == 168
    assert times_by_hour(weekly, 168)[80:86] == [2.0, 2.0, 2.0, 2.0, 1.0, 1.0]
    assert calls_by_hour(weekly, ["plain"], 168)[167] == 9.0
    assert hours_of(load(MIXED_WEEK), ["health"]) == 24


def test_surges_and_bursts_are_in_the_rates() -> None:
    more: dict[str, object] = {
        "surges": [{"multiplier": 5.0, "hour": 60.0, "ramp_hours": 24.0, "half_life_hours": 48.0}],
        "bursts": [{"line": "health", "hour": 50.0, "calls": 60, "over_seconds": 3600.0}],
    }
    crisis = load("small_hours", ["days=14"], more)
    expected = sum(calls_by_hour(crisis, ["health"], 24))
    runs = [simulate("x", replace(crisis, callers=patient(crisis)), seed) for seed in (1, 2)]
    assert expected == pytest.approx(sum(len(run.calls) for run in runs) / 2, rel=0.08)


def patient(scenario: Scenario) -> Any:
    """Give callers none of whom tries again."""
    return replace(scenario.callers, retry=0.0)


def test_an_interval_knows_that_calls_of_one_run_share_a_fate() -> None:
    even, uneven = [(10, 9)] * 10, [(10, 10)] * 9 + [(10, 0)]
    one, other = share(even), share(uneven)
    assert one is not None
    assert other is not None
    assert one.share == other.share == 0.9
    assert one.low == pytest.approx(0.8256, abs=1e-4), "Wilson's"
    assert other.low < 0.7
    assert share([(0, 0)]) is None
    assert (never_late := share([(50, 50)])) is not None
    assert never_late.low < 0.94


def test_a_call_counts_in_the_hour_it_arrived_and_short_ones_do_not() -> None:
    record = simulate("x", load(MIXED_WEEK, ["days=2"]), 3)
    found = tally(record, lines=["health"], hours=24, within_seconds=20.0)
    counted = [one for one in record.calls if one.line == "health" and one.outcome != "left_early"]
    in_time = [one for one in counted if one.outcome != "lost" and one.waited_seconds <= 20.0]
    assert (sum(found.counted), sum(found.in_time)) == (len(counted), len(in_time))
    assert found.counted[7] == sum(one.arrived // 3600 % 24 == 7 for one in counted)


def rounds(reached: Callable[[int, int], float], told: list[str]) -> Any:
    """Stand for simulations: hour and number give the share, to half a percent."""

    def simulated(numbers: Sequence[int], _: bool, words: str) -> list[Share | None]:  # noqa: FBT001 - a Round
        told.append(words)
        found = [reached(hour, number) for hour, number in enumerate(numbers)]
        return [Share(9_999, one, one - 0.005, one + 0.005) for one in found]

    return simulated


@pytest.mark.parametrize("guesses", [[1, 1, 1], [3, 17, 9], [40, 40, 40]])
def test_the_search_finds_the_least_number_from_any_guess(guesses: list[int]) -> None:
    least, told = [2, 13, 7], list[str]()
    search = Search(guesses, 0.9, rounds(lambda hour, n: 0.96 if n >= least[hour] else 0.9, told))
    search.run()
    assert [hour.number for hour in search.hours] == least
    assert {hour.verdict for hour in search.hours} == {"met"}
    assert search.whole
    assert len(told) <= 9
    assert told[-1] == "confirmation"


def test_what_no_number_reaches_is_found_out_in_two_rounds() -> None:
    told: list[str] = []
    search = Search([5, 5], 0.9, rounds(lambda *_: 0.31, told))
    search.run()
    assert told == ["with plenty of listeners"] * 2
    assert [hour.verdict for hour in search.hours] == ["out_of_reach"] * 2
    assert [hour.best.share for hour in search.hours if hour.best] == [0.31, 0.31]


def test_an_hour_out_of_reach_does_not_keep_the_others_from_their_number() -> None:
    told: list[str] = []
    search = Search([4, 4], 0.9, rounds(lambda hour, n: 0.5 if hour else min(n / 10, 0.99), told))
    search.run()
    assert [hour.verdict for hour in search.hours] == ["met", "out_of_reach"]
    assert search.hours[0].number == 10


def test_what_fails_with_other_people_is_raised_and_no_further_than_helps() -> None:
    def simulated(numbers: Sequence[int], others: bool, _: str) -> list[Share | None]:  # noqa: FBT001 - a Round
        least = (6, 99) if others else (4, 4)
        found = [0.97 if n >= at else 0.8 for n, at in zip(numbers, least, strict=True)]
        return [Share(9_999, one, one - 0.005, one + 0.005) for one in found]

    search = Search([1, 1], 0.9, simulated)
    search.run()
    raised, hopeless = search.hours
    assert (raised.verdict, raised.number) == ("met", 6)
    assert hopeless.verdict == "missed"
    assert hopeless.number <= hopeless.most


def test_few_calls_are_judged_by_their_share_alone() -> None:
    def simulated(numbers: Sequence[int], *_: object) -> list[Share | None]:
        return [Share(20, 0.95 if n >= 3 else 0.7, 0.5, 0.99) for n in numbers]

    search = Search([1], 0.9, simulated)
    search.run()
    assert [(hour.verdict, hour.number) for hour in search.hours] == [("met_by_estimate", 3)]


def test_a_search_that_is_ended_keeps_what_is_known_to_do() -> None:
    left = [Share(9_999, 0.99, 0.98, 1.0), Share(9_999, 0.99, 0.98, 1.0)]
    search = Search([8], 0.9, lambda *_: [left.pop()] if left else None)
    search.run()
    assert not search.whole
    assert [(hour.verdict, hour.number) for hour in search.hours] == [("met", 8)]


def staffed(tmp_path: Path, *changes: str, target: str) -> tuple[int, dict[str, Any]]:
    page = tmp_path / "found.json"
    status = staff(
        "erlang_a", target=target, replications=20, workers=1, changes=(*PLAIN, *changes), json=page
    )
    found: dict[str, Any] = json.loads(page.read_bytes())
    return status, found


def test_the_roster_that_is_found_meets_the_target_and_two_less_do_not(tmp_path: Path) -> None:
    status, found = staffed(tmp_path, target="80% within 20s")
    hours = found["hours"]
    numbers = [hour["needed"] for hour in hours]
    assert (status, found["whole"]) == (0, True)
    assert all(hour["share"]["share"] >= 0.8 for hour in hours[6:8])
    assert numbers[:6] == [0] * 6
    assert numbers[8] == numbers[7], "they stay on for those who still wait"
    assert found["listener_hours"] == sum(numbers)
    assert found["listener_hours_now"] == 120
    plan = Plan("x", load("erlang_a", PLAIN), (), None, Target(0.8, 20.0))
    enough, less = (
        reached(plan.roster.staffed([max(n - off, 0) for n in numbers])) for off in (0, 2)
    )
    assert enough > 0.8 > less


def reached(scenario: Scenario) -> float:
    """Give the share picked up within 20 s, of people whom the search has not met."""
    found = [
        tally(simulate("x", scenario, seed), lines=["plain"], hours=24, within_seconds=20.0)
        for seed in range(900, 908)
    ]
    return sum(sum(one.in_time) for one in found) / sum(sum(one.counted) for one in found)


def test_a_target_that_ringing_alone_uses_up_is_said_to_be_out_of_reach(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    slow = "listeners.all.pick_up.after={ mean_seconds = 21 }"
    status, found = staffed(tmp_path, slow, target="99% within 20s")
    called = [hour for hour in found["hours"] if hour["verdict"] != "no_calls"]
    assert status == 1
    assert {(hour["verdict"], hour["needed"]) for hour in called} == {("out_of_reach", None)}
    assert all(hour["share"]["share"] < 0.1 for hour in called)
    assert "out of reach in 2 of 2 hours with calls" in " ".join(capsys.readouterr().out.split())


@pytest.mark.parametrize(
    ("wishes", "words"),
    [
        ({"line": ("plian",)}, "--line: unknown line 'plian'; known are plain"),
        ({"group": "nobody"}, "--group: unknown group 'nobody'; known are all"),
        ({"replications": 0}, "--replications: expected at least 1, got 0"),
        ({"changes": ("arrivals.plain.calls_per_hour=[0]",)}, "nobody calls plain"),
    ],
)
def test_what_cannot_be_staffed_is_refused(wishes: dict[str, Any], words: str) -> None:
    with pytest.raises(DecrocheError, match=words):
        staff("erlang_a", target="80% within 20s", **wishes)


def test_an_end_before_the_first_round_shows_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Cores, "run", lambda _, jobs, *__: [None] * len(jobs))
    with pytest.raises(DecrocheError, match="ended before a round had come to its end"):
        staff("erlang_a", target="80% within 20s", replications=2, changes=PLAIN)
