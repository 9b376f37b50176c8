"""What `make sim-vs-real` says of plays made by hand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest

from simulations.world.streams import stream
from tests.sim_vs_real.fate import Fate
from tests.sim_vs_real.nearest import nearest
from tests.sim_vs_real.simulated import Draw
from tests.sim_vs_real.table import summary, table
from tests.sim_vs_real.verdict import compare, first_good

ANNE = Fate(0, "health", 1.0, "answered", "anne", 5.0, ("anne",))
BRUNO = Fate(1, "health", 2.0, "answered", "bruno", 6.0, ("bruno",))
LEFT = Fate(2, "police", 3.0, "lost", None, 20.0, ())
CALLS = [ANNE, BRUNO, LEFT]
OTHERS = [
    replace(BRUNO, listener="anne"),
    replace(BRUNO, outcome="lost", listener=None),
    replace(BRUNO, waited_seconds=9.0),
]


def test_calls_that_end_alike_after_about_the_same_wait_agree() -> None:
    later = [replace(fate, waited_seconds=fate.waited_seconds + 0.2) for fate in CALLS]
    verdict = compare(CALLS, CALLS, later, 0.1)
    assert (verdict.agree, verdict.is_good) == (3, True)
    assert verdict.late_seconds == pytest.approx((0.2, 0.2))


@pytest.mark.parametrize("other", OTHERS)
def test_one_call_that_no_simulated_play_has_like_this_is_enough_to_fail(other: Fate) -> None:
    verdict = compare(CALLS, CALLS, [ANNE, other, LEFT], 0.1)
    assert (verdict.agree, verdict.close, verdict.unexplained) == (2, 0, 1)
    assert not verdict.is_good
    assert "NOT GOOD" in summary(verdict, [])
    assert table(verdict).row_count == len(CALLS)


@pytest.mark.parametrize("other", OTHERS)
def test_a_call_that_is_so_in_a_play_with_late_steps_is_explained(other: Fate) -> None:
    real = [ANNE, other, LEFT]
    verdict = compare(CALLS, real, real, 0.1)
    assert (verdict.agree, verdict.close, verdict.unexplained) == (2, 1, 0)
    assert verdict.is_good


def test_a_play_that_agrees_only_where_the_nearest_does_not_is_not_good() -> None:
    verdict = compare(CALLS, [ANNE, OTHERS[0], LEFT], CALLS, 0.1)
    assert (verdict.agree, verdict.is_good) == (3, False)


def test_the_least_lateness_by_which_every_call_is_as_in_the_play_is_taken() -> None:
    real = [ANNE, OTHERS[2], LEFT]
    otherwise = replace(ANNE, listener="bruno")
    none_unexplained = compare(CALLS, [otherwise, OTHERS[2], LEFT], real, 0.05)
    assert (none_unexplained.unexplained, none_unexplained.is_good) == (0, False)
    good = compare(CALLS, real, real, 0.15)
    assert first_good(iter([none_unexplained, good])) is good
    assert first_good([good, none_unexplained]) is good
    assert first_good([none_unexplained]) is none_unexplained


def test_what_the_daemon_and_asterisk_have_otherwise_is_said_and_is_not_good() -> None:
    verdict = compare(CALLS, CALLS, CALLS, 0.1)
    assert summary(verdict, []).endswith("\ngood")
    assert summary(verdict, ["call 1: ..."]).endswith("call 1: ...\nNOT GOOD")


def test_plays_of_other_calls_are_not_compared() -> None:
    with pytest.raises(ValueError, match="not the same calls: 3 simulated, 2 real"):
        compare(CALLS, CALLS, CALLS[:2], 0.1)


def test_the_nearest_play_is_found_race_by_race() -> None:
    """Each of twenty calls is a coin that is tossed by the draw that is in force as it comes."""

    def play(draws: Sequence[Draw]) -> list[Fate]:
        tosses = []
        for number in range(20):
            at = 100.0 * number
            by = [seed for since, seed in draws if since <= at][-1]
            side = stream(by, str(number)).choice(("heads", "tails"))
            tosses.append(Fate(number, "health", at, "answered", side, 1.0, ()))
        return tosses

    real = [replace(fate, listener="heads") for fate in play([(0.0, 1)])]
    assert nearest(play, real, stream(1, "test")) == real
    never = [*real[:-1], replace(real[-1], listener="edge")]
    found = nearest(play, never, stream(1, "test"))
    assert [one.is_like(other) for one, other in zip(found, never, strict=True)] == [
        *[True] * 19,
        False,
    ]
