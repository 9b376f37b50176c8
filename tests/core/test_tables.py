"""The state tables, walked whole: what is allowed leads where it says, all else is refused."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from enum import StrEnum
from typing import Any

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

Table = Mapping[Any, Mapping[Any, Any]]

TABLES: list[tuple[Table, type[StrEnum], type[StrEnum]]] = [
    (CALL_TABLE, CallState, CallInput),
    (OFFER_TABLE, OfferState, OfferInput),
    (DUTY_TABLE, Duty, DutyInput),
    (ACTIVITY_TABLE, Activity, ActivityInput),
]


def cells() -> Iterator[Any]:
    for table, states, inputs in TABLES:
        for state in states:
            for what in inputs:
                yield pytest.param(table, state, what, id=f"{states.__name__}-{state}-{what}")


@pytest.mark.parametrize(("table", "state", "what"), list(cells()))
def test_each_step_leads_where_the_table_says_or_is_refused(
    table: Table, state: StrEnum, what: StrEnum
) -> None:
    if what in table[state]:
        assert follow(table, state, what) is table[state][what]
    else:
        with pytest.raises(IllegalTransition):
            follow(table, state, what)


@pytest.mark.parametrize(("table", "states", "inputs"), TABLES)
def test_a_table_names_every_state_and_leads_to_states_only(
    table: Table, states: type[StrEnum], inputs: type[StrEnum]
) -> None:
    assert list(table) == list(states)
    assert {what for steps in table.values() for what in steps} == set(inputs)
    assert all(after in states for steps in table.values() for after in steps.values())


@pytest.mark.parametrize("table", [table for table, _, _ in TABLES])
def test_every_state_can_be_reached_from_the_first(table: Table) -> None:
    assert set(_all_after(table, next(iter(table)))) == set(table)


@pytest.mark.parametrize("final", [CALL_TABLE[CallState.ENDED], OFFER_TABLE[OfferState.ENDED]])
def test_what_has_ended_stays_ended(final: Mapping[Any, Any]) -> None:
    assert final == {}


@pytest.mark.parametrize(
    ("table", "ended"), [(CALL_TABLE, CallState.ENDED), (OFFER_TABLE, OfferState.ENDED)]
)
def test_everything_can_come_to_an_end(table: Table, ended: StrEnum) -> None:
    for state in table:
        assert state is ended or ended in _all_after(table, state)


def test_a_caller_may_leave_in_every_state() -> None:
    assert all(
        steps.get(CallInput.CALLER_LEFT) is CallState.ENDED
        for state, steps in CALL_TABLE.items()
        if state is not CallState.ENDED
    )


def test_a_leg_may_end_in_every_state() -> None:
    assert all(
        steps.get(OfferInput.LEG_ENDED) is OfferState.ENDED
        for state, steps in OFFER_TABLE.items()
        if state is not OfferState.ENDED
    )


def _all_after(table: Table, state: StrEnum) -> list[StrEnum]:
    reached = [state]
    for one in reached:
        reached += [after for after in table[one].values() if after not in reached]
    return reached
