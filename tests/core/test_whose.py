"""Whose each call and promise is: found without a look through everybody's."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeVar

import pytest
from msgspec.structs import replace

from router.core.engine import Engine
from router.core.events import PolicyLoaded, TimeReached
from router.core.floor import by_caller
from router.core.machine import EventRefused
from router.core.promise import LEG_PREFIX
from router.core.promise_events import PromiseNoted
from tests.core.drive import Desk, seen_call
from tests.core.promised import CALLER, desk, owed
from tests.core.storm import storm

Held = TypeVar("Held")


class Counted(dict[str, Held]):
    """Counts how many are looked at by whoever goes through all that is held."""

    looked_at = 0

    def values(self) -> Iterator[Held]:  # type: ignore[override]  # each is counted as it is taken
        for one in super().values():
            self.looked_at += 1
            yield one


def owing(many: int) -> Desk:
    """Give a desk that owes so many call-backs, for each of which a listener is sought."""
    here = desk()
    for number in range(many):
        noted_at = here.now
        said = PromiseNoted(
            f"p-{number}",
            "general",
            f"owed-{number}",
            "hang_up",
            noted_at,
            noted_at,
            noted_at + 1800,
        )
        here.tell(said)
    here.wait(1.0)
    return here


def test_of_many_who_are_owed_a_call_back_none_is_looked_at_to_press_on_for_another() -> None:
    here = owing(20)
    state = here.engine.state
    assert {one.state for one in state.promises.values()} == {"searching"}
    promises, calls = Counted(state.promises), Counted(state.calls)
    state.promises, state.calls = promises, calls
    engine = Engine(state)
    promises.looked_at = calls.looked_at = 0
    due = engine.next_deadline()
    assert due is not None
    engine.step(TimeReached(), due)
    assert promises.looked_at + calls.looked_at == 0
    searches = [one for one in calls.values() if not one.has_leg]
    assert len(searches) == 20
    assert all(one.fallback_at > due for one in searches), "each was pressed on for"


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_in_whatever_happens_they_are_found_as_by_a_look_through_all(seed: int) -> None:
    engine = Engine()
    for entry in storm(seed=seed, happenings=3_000):
        try:
            engine.step(entry.event, entry.at)
        except EventRefused:
            continue
        floor, state = engine._floor, engine.state
        assert _in_order(floor.calls_of) == _in_order(by_caller(state.calls.values()))
        assert _in_order(floor.promises_of) == _in_order(by_caller(state.promises.values()))


def test_a_leg_that_is_somebody_elses_holds_no_place_under_the_number_it_showed() -> None:
    here = owed()
    (promise,) = here.engine.state.promises
    here.tell(PolicyLoaded(replace(here.engine.state.policy, calls_per_number=1)))
    leg = f"{LEG_PREFIX}{promise}-1"
    here.resync((replace(seen_call(leg), caller="hash-shown"),))
    assert here.engine.state.calls[leg].caller == CALLER
    here.hang_up(leg)
    here.arrive("c9", caller="hash-shown")
    assert not here.engine.state.calls["c9"].stands_aside


def _in_order(index: dict[str, dict[str, Held]]) -> dict[str, list[str]]:
    return {caller: [*theirs] for caller, theirs in index.items()}
