"""The engine as a plain queue gives each single caller the fate that the recursion gives."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from simulations.oracle.compare import call_by_call
from simulations.oracle.plain_queue import plain
from simulations.oracle.recursion import exact
from simulations.oracle.trace import Fates, Load, Trace, exponential, full_of_ties

seconds = st.integers(0, 5).map(float) | st.floats(0.0, 1e4, allow_nan=False)
traces = st.lists(st.tuples(seconds, seconds, seconds), max_size=40).map(
    lambda callers: Trace(
        arrived=sorted(arrived for arrived, _, _ in callers),
        talks=[talk for _, talk, _ in callers],
        patience=[patience for _, _, patience in callers],
    )
)


@settings(max_examples=60)
@given(traces, st.integers(1, 4))
def test_whatever_callers_do_each_has_the_exact_fate_and_wait(trace: Trace, listeners: int) -> None:
    assert plain(trace, listeners) == exact(trace, listeners)


def test_each_of_many_drawn_callers_has_the_exact_fate_and_wait() -> None:
    found = call_by_call(exponential(Load(20, 22.0, 1200.0, 300.0), 10_000, seed=5), 20)
    assert (found.different_fates, found.largest_wait_difference_seconds) == (0, 0.0)


def test_things_that_happen_at_one_instant_are_taken_in_one_order() -> None:
    found = call_by_call(full_of_ties(10_000, seed=5, listeners=4), 4)
    assert found.agrees


def test_talks_end_before_callers_give_up_and_callers_give_up_before_others_arrive() -> None:
    trace = Trace(
        arrived=[0.0, 1.0, 2.0, 4.0], talks=[4.0, 3.0, 5.0, 1.0], patience=[9.0, 3.0, 2.0, 3.0]
    )
    fates = Fates(answered=[True, True, False, True], waited_seconds=[0.0, 3.0, 2.0, 3.0])
    assert exact(trace, 1) == fates
    assert plain(trace, 1) == fates


def test_a_wrong_fate_is_noticed() -> None:
    trace = exponential(Load(20, 22.0, 1200.0, 300.0), 500, seed=5)
    assert plain(trace, 20) != exact(trace, 19)
