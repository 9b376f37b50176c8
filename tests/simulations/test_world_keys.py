from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO
from pathlib import Path
from statistics import median

import pytest

from router.core.entry import Entry, decode
from router.core.events import AnyEvent, CallArrived, CallerAskedFor, CallerChose, CallerInShock
from router.errors import ConfigError
from simulations.records import RunRecord
from simulations.run import simulate
from simulations.scenario import load
from simulations.scenario.distribution import Distribution
from simulations.scenario.rules import policy_of
from simulations.world.listeners import homes
from simulations.world.sampling import sampler
from simulations.world.streams import stream

SMALL = str(Path(__file__).with_name("small.toml"))
ONE_AFTER_THE_OTHER = ("bursts=[]", "days=0.5", "arrivals.one.calls_per_hour=[6]")
WITHHELD = (*ONE_AFTER_THE_OTHER, "callers.withheld=1", "callers.returning=0.9")


def played(*changes: str) -> tuple[RunRecord, list[Entry]]:
    trace = BytesIO()
    record = simulate("x", load(SMALL, changes), 3, trace=trace)
    return record, [decode(line) for line in trace.getvalue().splitlines()]


def pressed(entries: Sequence[Entry], key: type[AnyEvent]) -> list[float]:
    """Give how long after each caller's arrival this was pressed."""
    arrived = {one.event.call: one.at for one in entries if isinstance(one.event, CallArrived)}
    return [
        one.at - arrived[one.event.call]
        for one in entries
        if isinstance(one.event, CallerInShock | CallerAskedFor) and type(one.event) is key
    ]


def test_callers_in_shock_press_their_key_and_have_their_own_patience() -> None:
    record, entries = played(
        "callers.in_shock=1",
        "callers.shock_patience={mean_seconds=60}",
        "listeners.all.pick_up.probability=[0]",
    )
    assert pressed(entries, CallerInShock) == [4.0] * 4
    assert [one.waited_seconds for one in record.calls] == [60.0] * 4


def test_a_caller_without_a_number_types_the_code_of_their_listener_and_has_them_again() -> None:
    seldom = (
        "listeners.all.count=3",
        "lines.one.ladder=[{after_seconds=0, ring_at_once=1}]",
        "callers.code_after={mean_seconds=1}",
    )
    record, entries = played(*WITHHELD, *seldom, "callers.types_code=1")
    assert set(pressed(entries, CallerAskedFor)) == {1.0}
    known = [one for one in record.calls if one.could_have_known]
    assert len(known) > 10
    assert all(one.listener == one.known_listener for one in known)
    _, nobody = played(*WITHHELD, *seldom)
    assert pressed(nobody, CallerAskedFor) == []


@pytest.mark.parametrize(("share", "choice"), [(1, "wait"), (0, "another")])
def test_who_may_choose_while_their_listener_is_busy_presses_a_key(share: int, choice: str) -> None:
    busy = "arrivals.one.calls_per_hour=[50]", "callers.types_code=1"
    _, entries = played(*WITHHELD, *busy, f"callers.waits_for_usual={share}")
    chosen = {one.event.choice for one in entries if isinstance(one.event, CallerChose)}
    assert chosen == {choice}


def test_keys_mean_nothing_where_the_rules_say_so() -> None:
    _, entries = played("callers.in_shock=1", "rules.keys=false")
    assert pressed(entries, CallerInShock) == []


def test_the_last_rung_goes_and_all_phones_ring_where_the_rules_say_so() -> None:
    ladder = policy_of(load(SMALL)).lines["one"].ladder
    assert policy_of(load(SMALL, ["rules.last_rung=false"])).lines["one"].ladder == ladder[:-1]
    all_ring = policy_of(load(SMALL, ["rules.ring_all=true"])).lines["one"].ladder
    assert {rung.ring_at_once for rung in all_ring} == {0}


def test_listeners_of_a_group_differ_by_their_spread_and_alike_in_every_run() -> None:
    spread = ("listeners.all.count=40", "listeners.all.pick_up.spread=0.2")
    alike = ("listeners.all.pick_up.probability=[0.5]",)
    own, again = ([one.own_chance for one in homes(load(SMALL, spread), 3).values()] for _ in "ab")
    assert own == again
    assert -0.2 <= min(own) < -0.1 < 0.1 < max(own) <= 0.2
    home = next(iter(homes(load(SMALL, (*alike, "listeners.all.pick_up.spread=0.5")), 3).values()))
    heard = sum(home.answer(0).how == "human" for _ in range(2_000)) / 2_000
    assert heard == pytest.approx(0.5 + home.own_chance, abs=0.05)


def test_looking_ahead_at_a_ring_changes_nothing_of_it() -> None:
    (home,) = homes(load(SMALL, ["listeners.all.pick_up.probability=[0.5]"]), 3).values()
    for _ in range(50):
        foreseen, answer = home.would_take_after_seconds(9), home.answer(9)
        assert (foreseen is not None) == (answer.how == "human")
        assert foreseen in (None, answer.after_seconds + answer.key_seconds)


def test_a_lognormal_time_can_be_given_by_its_median() -> None:
    draw = sampler(Distribution("lognormal", median_seconds=90.0, sigma=0.6))
    chance = stream(1, "median")
    drawn = sorted(draw(chance) for _ in range(20_000))
    assert median(drawn) == pytest.approx(90.0, rel=0.03)
    assert drawn[int(0.8413 * 20_000)] / 90.0 == pytest.approx(1.822, rel=0.03)


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ("{kind='lognormal', median_seconds=9}", "patience.sigma: missing"),
        ("{kind='lognormal', median_seconds=9, sigma=1, mean_seconds=3}", "no such key beside med"),
        ("{kind='exponential', mean_seconds=9, sigma=1}", "patience.sigma: kind 'exponential' has"),
        ("{kind='lognormal', median_seconds=0, sigma=1}", "median_seconds: expected more than 0"),
    ],
)
def test_a_median_that_does_not_fit_is_named(given: str, words: str) -> None:
    with pytest.raises(ConfigError, match=words):
        load(SMALL, [f"callers.patience={given}"])
