"""A number typed on a leg by which we have called back goes with that leg, or with the promise."""

from __future__ import annotations

import pytest

from router.core.commands import ConnectCall
from router.core.events import CallerHungUp, ListenerLegEnded
from router.core.promise_commands import ReportPromise
from router.core.promise_events import NumberChanged, PromiseNoted
from tests.runtime.promise_house import House, at_home

LEG, OFFER = "dcb-p-1-1", "dcr-1-1"
TYPED, TYPED_E164 = "0639980077", "+33639980077"


async def called_back(house: House) -> None:
    """Have somebody called back who waits anew on that leg, and changes their number there."""
    house.arrive("c1")
    await house.noted("p-1", "c1")
    house.end("c1")
    house.types(LEG, TYPED)
    house.change("p-1", LEG, TYPED)
    await house.hear(NumberChanged)
    house.types(LEG, "0639980078")
    await house.settled()
    assert list((await house.kept()).live) == [LEG]


def talks(house: House) -> None:
    """Have that caller talk with anne."""
    house.desk.carry_out(ConnectCall(LEG, OFFER))
    house.desk.carry_out(ReportPromise("p-1", "carers", "key", "kept", 0.0, 1, "anne"))


async def nothing_is_left(house: House) -> None:
    await house.settled()
    kept = await house.kept()
    assert (kept.live, kept.promises, house.keys()) == ({}, {}, 0)
    assert [event for event in house.told if isinstance(event, PromiseNoted)] == []


def test_it_goes_as_the_promise_is_closed() -> None:
    async def story(house: House) -> None:
        await called_back(house)
        house.close("p-1")
        await nothing_is_left(house)

    at_home(story)


def test_it_goes_as_they_hang_up_and_the_promise_stands_at_the_number_that_was_typed() -> None:
    async def story(house: House) -> None:
        await called_back(house)
        house.desk.hear(CallerHungUp(LEG))
        await house.settled()
        assert ((await house.kept()).live, house.keys()) == ({}, 1)
        assert await house.desk.number_of("p-1") == TYPED_E164
        house.close("p-1")
        await nothing_is_left(house)

    at_home(story)


def test_the_listener_who_is_still_there_can_promise_another_call_to_that_number() -> None:
    async def story(house: House) -> None:
        await called_back(house)
        talks(house)
        house.close("p-1")
        house.desk.hear(CallerHungUp(LEG))
        await house.settled()
        assert house.keys() == 1
        house.note("p-2", LEG, TYPED, origin="listener")
        house.desk.hear(await house.hear(PromiseNoted))
        assert await house.desk.number_of("p-2") == TYPED_E164
        house.desk.hear(ListenerLegEnded(OFFER, "hung_up"))
        house.close("p-2")
        await nothing_is_left(house)

    at_home(story)


@pytest.mark.parametrize("rules", ["", "on_hang_up = true"])
@pytest.mark.parametrize("up_since", [None, 1_800_000_000.0])
def test_nobody_is_owed_a_second_call_as_the_leg_is_gone(
    rules: str, up_since: float | None
) -> None:
    async def story(house: House) -> None:
        await called_back(house)
        house.part.watch.asterisk_holds([], up_since)
        await house.settled()
        kept = await house.kept()
        assert (kept.live, list(kept.promises), house.keys()) == ({}, ["p-1"], 1)
        house.close("p-1")
        await nothing_is_left(house)

    at_home(story, rules)


def test_what_a_daemon_leaves_of_such_a_leg_is_let_go_by_the_next_one() -> None:
    async def story(house: House) -> None:
        await called_back(house)
        await house.restart(["p-1"], journal_lost=False)
        house.desk.hear(CallerHungUp(LEG))
        house.close("p-1")
        await nothing_is_left(house)

    at_home(story)


def test_a_leg_that_ends_before_the_store_could_be_read_is_over() -> None:
    async def story(house: House) -> None:
        await called_back(house)
        house.die()
        house.begin()
        house.desk.hear(CallerHungUp(LEG))
        await house.open(["p-1"], journal_lost=False)
        await house.settled()
        assert ((await house.kept()).live, house.keys()) == ({}, 1)

    at_home(story)
