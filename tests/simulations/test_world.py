from __future__ import annotations

from collections import Counter
from itertools import islice
from pathlib import Path
from statistics import fmean, stdev

import pytest

from router.schedule import parse_week
from simulations.clock import Clock
from simulations.scenario import Scenario, load
from simulations.scenario.distribution import Distribution
from simulations.scenario.shape import Surge
from simulations.world.arrivals import arrivals, factor_at
from simulations.world.callers import Public
from simulations.world.listeners import duty_changes, homes
from simulations.world.sampling import sampler
from simulations.world.streams import stream

MIXED_WEEK = str(Path(__file__).with_name("mixed_week.toml"))

HOUR_SECONDS = 3600.0


def test_what_is_due_at_one_instant_happens_in_the_order_it_was_put_in() -> None:
    clock, happened = Clock(), list[str]()
    for at, word in [(2.0, "c"), (1.0, "a"), (1.0, "b"), (-5.0, "at once")]:
        clock.call_at(at, happened.append, word)
    while clock.next_at() is not None:
        clock.run_next()
    assert happened == ["at once", "a", "b", "c"]
    assert clock.now == 2.0


def test_a_stream_is_told_by_its_seed_and_its_whole_name() -> None:
    names = [(1, ["a", "b"]), (1, ["ab"]), (2, ["a", "b"]), (1, ["b", "a"])]
    first = {stream(seed, *name).random() for seed, name in names}
    assert len(first) == len(names)
    assert stream(1, "a", "b").random() == stream(1, "a", "b").random()


@pytest.mark.parametrize(
    ("given", "mean", "deviation"),
    [
        (Distribution(mean_seconds=7), 7, 0),
        (Distribution(kind="exponential", mean_seconds=60), 60, 60),
        (Distribution(kind="lognormal", mean_seconds=90, deviation_seconds=30), 90, 30),
        (Distribution(kind="empirical", seconds=(10, 10, 40)), 20, 14.14),
    ],
)
def test_lengths_of_time_have_the_mean_and_the_spread_that_was_asked_for(
    given: Distribution, mean: float, deviation: float
) -> None:
    draw, chance = sampler(given), stream(1, "test")
    drawn = [draw(chance) for _ in range(20_000)]
    assert fmean(drawn) == pytest.approx(mean, rel=0.03)
    assert stdev(drawn) == pytest.approx(deviation, rel=0.05)


def calling(rates: list[float], *changes: str, days: float = 280) -> Scenario:
    return load("erlang_a", [f"days={days}", f"arrivals.plain.calls_per_hour={rates}", *changes])


def test_people_call_at_the_rate_of_the_hour() -> None:
    rates = [0.0] * 6 + [4.0] * 12 + [1.0] * 6
    hours = Counter(int(at // HOUR_SECONDS) % 24 for at in arrivals(calling(rates), 1, "plain"))
    assert sum(hours[hour] for hour in range(6)) == 0
    assert sum(hours[hour] for hour in range(6, 18)) / (280 * 12) == pytest.approx(4.0, rel=0.03)
    assert sum(hours[hour] for hour in range(18, 24)) / (280 * 6) == pytest.approx(1.0, rel=0.08)


def test_a_rate_for_each_hour_of_the_week_begins_on_monday() -> None:
    rates = [0.0] * 167 + [50.0]
    hours = {int(at // HOUR_SECONDS) % 168 for at in arrivals(calling(rates), 1, "plain")}
    assert hours == {167}


def test_a_surge_rises_straight_and_falls_by_half() -> None:
    surge = [Surge(multiplier=11.0, hour=100.0, ramp_hours=10.0, half_life_hours=20.0)]
    factors = [factor_at(surge, hour) for hour in (99.9, 100.0, 105.0, 110.0, 130.0, 150.0)]
    assert factors == pytest.approx([1.0, 1.0, 6.0, 11.0, 6.0, 3.5])


def test_a_surge_that_never_ends_multiplies_all_that_comes_after_it() -> None:
    surge = "surges=[{multiplier=5, hour=2400, half_life_hours=0}]"
    times = list(arrivals(calling([1.0], surge, days=200), 1, "plain"))
    before = sum(at < 2400 * HOUR_SECONDS for at in times)
    assert before / 2400 == pytest.approx(1.0, rel=0.1)
    assert (len(times) - before) / 2400 == pytest.approx(5.0, rel=0.05)
    assert times == sorted(times)


def test_a_burst_comes_beside_the_usual_calls_and_within_its_time() -> None:
    burst = 'bursts=[{line="plain", hour=5, calls=40, over_seconds=60}]'
    times = list(arrivals(calling([0.0], burst, days=1), 1, "plain"))
    assert len(times) == 40
    assert all(0.0 <= at - 5 * HOUR_SECONDS <= 60.0 for at in times)


def test_as_many_calls_as_asked_for_are_by_people_who_have_called_before() -> None:
    scenario = calling([10.0], "callers.returning=0.4", "callers.withheld=0.2")
    public, people = Public(scenario, 1), list[str]()
    withheld: dict[str, bool] = {}
    while (attempt := public.next_try("plain")) is not None:
        people.append(attempt.person.name)
        withheld[attempt.person.name] = attempt.person.withheld
    assert 1 - len(set(people)) / len(people) == pytest.approx(0.4, abs=0.01)
    assert sum(withheld.values()) / len(withheld) == pytest.approx(0.2, abs=0.01)


def test_somebody_tries_again_only_so_often() -> None:
    scenario = calling([10.0], "callers.retry=1", "callers.tries_at_most=3")
    public = Public(scenario, 1)
    attempt, numbers = public.next_try("plain"), list[int]()
    while attempt is not None:
        numbers.append(attempt.number)
        attempt = public.again_after(attempt, attempt.at)
    assert numbers == [1, 2, 3]


def test_a_shift_over_midnight_on_sunday_goes_on_into_the_next_week() -> None:
    changes = list(islice(duty_changes(parse_week(["sun 22:00-06:00"])), 5))
    day = 24 * HOUR_SECONDS
    days = [0, 6 / 24, 6 + 22 / 24, 7.25, 13 + 22 / 24]
    assert [at for at, _ in changes] == pytest.approx([at * day for at in days])
    assert [begins for _, begins in changes] == [True, False, True, False, True]


def test_who_is_always_on_duty_comes_on_once() -> None:
    assert list(duty_changes(parse_week(["mon-sun 00:00-24:00"]))) == [(0.0, True)]


def test_a_listeners_answers_do_not_depend_on_who_else_there_is() -> None:
    few = homes(load(MIXED_WEEK), 3)["day-2"]
    many = homes(load(MIXED_WEEK, ["listeners.day.count=3", "listeners.night.count=90"]), 3)
    assert [few.answer(9) for _ in range(9)] == [many["day-2"].answer(9) for _ in range(9)]


def test_a_phone_is_heard_as_often_as_its_hour_says_and_later_by_its_factor() -> None:
    home = homes(load(MIXED_WEEK), 1)["night-1"]
    answers = {hour: [home.answer(hour) for _ in range(4_000)] for hour in (3, 12)}
    heard = {
        hour: [one for one in given if one.how in ("human", "declines")]
        for hour, given in answers.items()
    }
    assert len(heard[3]) / 4_000 == pytest.approx(0.6, abs=0.03)
    assert len(heard[12]) / 4_000 == pytest.approx(0.85, abs=0.03)
    late, soon = (fmean(one.after_seconds for one in heard[hour]) for hour in (3, 12))
    assert late / soon == pytest.approx(2.0, rel=0.06)
