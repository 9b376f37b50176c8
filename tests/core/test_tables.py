"""The state tables, walked whole: what is allowed leads where it says, all else is refused."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, get_args

import pytest

from router.core.call import CALL_TABLE, CallInput, CallState
from router.core.listener import (
    ACTIVITY_TABLE,
    DUTY_TABLE,
    Activity,
    ActivityInput,
    Duty,
    DutyInput,
)
from router.core.machine import IllegalTransition, follow
from router.core.offer import OFFER_TABLE, OfferInput, OfferState
from router.core.promise import PROMISE_TABLE, PromiseInput, PromiseState

Table = Mapping[Any, Mapping[Any, Any]]

TABLES: dict[str, tuple[Table, tuple[str, ...], tuple[str, ...]]] = {
    "call": (CALL_TABLE, get_args(CallState), get_args(CallInput)),
    "promise": (PROMISE_TABLE, get_args(PromiseState), get_args(PromiseInput)),
    "offer": (OFFER_TABLE, get_args(OfferState), get_args(OfferInput)),
    "duty": (DUTY_TABLE, get_args(Duty), get_args(DutyInput)),
    "activity": (ACTIVITY_TABLE, get_args(Activity), get_args(ActivityInput)),
}


def cells() -> Iterator[Any]:
    for name, (table, states, inputs) in TABLES.items():
        for state in states:
            for what in inputs:
                yield pytest.param(table, state, what, id=f"{name}-{state}-{what}")


@pytest.mark.parametrize(("table", "state", "what"), list(cells()))
def test_each_step_leads_where_the_table_says_or_is_refused(
    table: Table, state: str, what: str
) -> None:
    if what in table[state]:
        assert follow(table, state, what) is table[state][what]
    else:
        with pytest.raises(IllegalTransition):
            follow(table, state, what)


@pytest.mark.parametrize(("table", "states", "inputs"), TABLES.values())
def test_a_table_names_every_state_and_leads_to_states_only(
    table: Table, states: tuple[str, ...], inputs: tuple[str, ...]
) -> None:
    assert list(table) == list(states)
    assert {what for steps in table.values() for what in steps} == set(inputs)
    assert all(after in states for steps in table.values() for after in steps.values())


@pytest.mark.parametrize("table", [table for table, _, _ in TABLES.values()])
def test_every_state_can_be_reached_from_the_first(table: Table) -> None:
    assert set(_all_after(table, next(iter(table)))) == set(table)


@pytest.mark.parametrize("final", [CALL_TABLE["ended"], OFFER_TABLE["ended"]])
def test_what_has_ended_stays_ended(final: Mapping[Any, Any]) -> None:
    assert final == {}


@pytest.mark.parametrize(("table", "ended"), [(CALL_TABLE, "ended"), (OFFER_TABLE, "ended")])
def test_everything_can_come_to_an_end(table: Table, ended: str) -> None:
    for state in table:
        assert state == ended or ended in _all_after(table, state)


def test_a_caller_may_leave_in_every_state() -> None:
    assert all(
        steps.get("caller_left") == "ended"
        for state, steps in CALL_TABLE.items()
        if state not in ("noting", "ended")
    )


def test_a_leg_may_end_in_every_state() -> None:
    assert all(
        steps.get("leg_ended") == "ended"
        for state, steps in OFFER_TABLE.items()
        if state != "ended"
    )


def _all_after(table: Table, state: str) -> list[str]:
    reached = [state]
    for one in reached:
        reached += [after for after in table[one].values() if after not in reached]
    return reached
