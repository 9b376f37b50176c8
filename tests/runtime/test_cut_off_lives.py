"""Whom Asterisk's death cuts off is known by the life of Asterisk's in which they came in."""

from __future__ import annotations

import pytest

from tests.runtime import retyped
from tests.runtime.cut_off import ARRIVED, SINCE_AFTER, SINCE_BEFORE, cut_off, origins
from tests.runtime.promise_house import House, at_home

LIFE, NEXT_LIFE = "a" * 16, "b" * 16


@pytest.mark.parametrize(
    ("life", "up_since", "why"),
    [
        # Its clock was behind as it came up: by the times nobody was cut off.
        (NEXT_LIFE, SINCE_BEFORE, ["crash"]),
        (NEXT_LIFE, None, ["crash"]),
        # The clock was put ahead: by the times everybody was.
        (LIFE, SINCE_AFTER, []),
        # What it does not say is judged by the times.
        (None, SINCE_BEFORE, []),
        (None, SINCE_AFTER, ["crash"]),
    ],
)
def test_whom_asterisks_death_has_cut_off_is_told_without_a_clock(
    life: str | None, up_since: float | None, why: list[str]
) -> None:
    async def story(house: House) -> None:
        house.desk.live.life = lambda: LIFE
        house.arrive("c1", arrived=ARRIVED)
        await cut_off(house, up_since, life=life)
        assert origins(house) == why

    at_home(story)


@pytest.mark.parametrize(("up_since", "why"), [(SINCE_BEFORE, []), (SINCE_AFTER, ["crash"])])
def test_a_call_of_which_an_earlier_daemon_noted_no_life_is_judged_by_the_times(
    up_since: float, why: list[str]
) -> None:
    async def story(house: House) -> None:
        house.arrive("c1", arrived=ARRIVED)
        await cut_off(house, up_since, life=LIFE)
        assert origins(house) == why

    at_home(story)


@pytest.mark.parametrize("is_late", [False, True])
def test_who_came_in_before_it_was_known_is_known_by_the_life_in_which_asterisk_holds_them(
    *, is_late: bool
) -> None:
    async def story(house: House) -> None:
        house.arrive("c1", arrived=ARRIVED)
        await house.settled()
        if is_late:
            # The store is read only after Asterisk was.
            house.die()
            house.begin()
        house.part.watch.asterisk_holds(["c1"], SINCE_BEFORE, (), LIFE)
        if is_late:
            await house.open(journal_lost=False)
        await house.settled()
        assert (await house.kept()).live["c1"].life == LIFE
        await cut_off(house, SINCE_BEFORE, life=NEXT_LIFE)
        assert origins(house) == ["crash"]

    at_home(story)


def test_a_number_that_was_typed_is_of_the_same_life_as_its_call() -> None:
    async def story(house: House) -> None:
        house.desk.live.life = lambda: LIFE
        await retyped.promised(house)
        house.desk.live.life = lambda: None
        await retyped.changed(house)
        await house.settled()
        assert {one.life for one in (await house.kept()).live.values()} == {LIFE}

    at_home(story)
