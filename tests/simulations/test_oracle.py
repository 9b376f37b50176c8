"""The engine as a plain queue agrees with theory."""

from __future__ import annotations

import pytest

from simulations.oracle.compare import LOADS, TALK_SECONDS, rows
from simulations.oracle.erlang import erlang_c, theory
from simulations.oracle.trace import Load

pytestmark = pytest.mark.slow


@pytest.mark.parametrize(("listeners", "per_cent"), [(52, 6.08), (60, 1.27), (70, 0.056)], ids=str)
def test_erlang_a_gives_the_published_abandonment(listeners: int, per_cent: float) -> None:
    figures = theory(Load(listeners, 50.0, 1200.0, 180.0))
    assert figures.abandons * 100.0 == pytest.approx(per_cent, rel=0.005)


def test_erlang_c_of_one_listener_is_the_textbook_one() -> None:
    figures = erlang_c(1, 0.5, 100.0)
    assert (figures.waits, figures.wait_seconds) == pytest.approx((0.5, 100.0))


def test_erlang_a_comes_near_erlang_c_as_patience_grows() -> None:
    patient = theory(Load(10, 8.0, 100.0, 20_000.0))
    endless = erlang_c(10, 8.0, 100.0)
    assert patient.waits == pytest.approx(endless.waits, rel=0.03)
    assert patient.wait_seconds == pytest.approx(endless.wait_seconds, rel=0.03)


def test_a_load_that_nobody_can_carry_is_refused_by_erlang_c() -> None:
    with pytest.raises(ValueError, match="expected more than the load"):
        erlang_c(10, 10.0, 100.0)


# With 70 for 50 so few wait that their share needs more callers than a test has time for.
MEASURABLE = [load for load in LOADS if theory(load).waits > 0.01]


@pytest.mark.parametrize("load", MEASURABLE, ids=lambda it: f"{it.listeners}-for-{it.erlangs:g}")
def test_the_engine_lies_where_theory_says(load: Load) -> None:
    for row in rows([load], calls=8_000, ciw_calls=0, seed=3):
        assert row.agrees, row


def test_a_listener_less_is_noticed() -> None:
    wrong = Load(9, 8.0, TALK_SECONDS, 300.0)
    told = theory(Load(10, 8.0, TALK_SECONDS, 300.0)).abandons
    measured = [row.measured for row in rows([wrong], 20_000, 0, 3) if row.figure == "abandons"]
    assert not measured[0].holds(told)
