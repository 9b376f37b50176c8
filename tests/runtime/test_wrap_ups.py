"""The number of a caller who is gone is there for as long as its listener may promise a call."""

from __future__ import annotations

import asyncio

import pytest

from router.core.commands import ConnectCall, ReportOutcome, StartConsult
from router.core.events import ListenerLegEnded, PbxResynced
from router.core.promise_commands import ReportPromise
from router.core.promise_events import PromiseNoted
from router.core.seen import SeenOffer
from router.runtime import live_numbers
from router.store.data_keys import keys_folder
from tests.runtime.promise_house import (
    DEADLINE_SECONDS,
    E164,
    House,
    at_home,
    hash_caller,
)

LEG, HELPERS = "dcr-1-1", "dcr-1-2"
DIALLED = "dcb-p-1-1"


async def talked(house: House, *, until: str = "caller") -> None:
    """Have a caller talk with anne until one of them hangs up."""
    house.arrive("c1")
    house.desk.carry_out(ConnectCall("c1", LEG))
    house.desk.live.answered("c1", "anne")
    if until == "listener":
        leaves(house, LEG)
    house.end("c1")
    await house.settled()


def leaves(house: House, leg: str) -> None:
    house.desk.hear(ListenerLegEnded(leg, "hung_up"))


async def is_erased(house: House) -> None:
    await house.settled()
    assert (await house.kept()).live == {}
    assert house.keys() == 0


def test_a_listener_can_promise_a_call_to_a_caller_who_has_hung_up() -> None:
    async def story(house: House) -> None:
        await talked(house)
        await house.noted("p-1", "c1", origin="listener")
        leaves(house, LEG)
        await house.settled()
        assert await house.desk.number_of("p-1") == E164
        kept = await house.kept()
        assert (kept.live, list(kept.promises)) == ({}, ["p-1"])

    at_home(story)


def test_the_number_is_erased_as_soon_as_the_listener_has_hung_up() -> None:
    async def story(house: House) -> None:
        await talked(house)
        assert list((await house.kept()).live) == ["c1"]
        leaves(house, LEG)
        await is_erased(house)
        house.note("p-1", "c1")
        assert await house.refused() == "p-1"

    at_home(story)


def test_who_came_to_help_may_promise_it_as_well() -> None:
    async def story(house: House) -> None:
        house.desk.carry_out(StartConsult("c1", LEG, HELPERS))
        await talked(house)
        leaves(house, LEG)
        await house.settled()
        assert house.keys() == 1
        leaves(house, HELPERS)
        await is_erased(house)

    at_home(story)


def test_where_the_listener_has_hung_up_first_nothing_is_kept_after_the_call() -> None:
    async def story(house: House) -> None:
        await talked(house, until="listener")
        await is_erased(house)

    at_home(story)


def test_of_a_caller_who_has_talked_with_nobody_nothing_is_kept_after_the_call() -> None:
    async def story(house: House) -> None:
        house.arrive("c1")
        house.end("c1")
        house.arrive("c2")
        house.desk.live.answered("c2", None)
        house.end("c2")
        await is_erased(house)

    at_home(story)


def test_a_leg_whose_end_nobody_has_told_keeps_the_number_for_the_wrap_ups_time_only(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(live_numbers, "WRAP_UP_SECONDS", 0.05)

    async def story(house: House) -> None:
        await talked(house)
        async with asyncio.timeout(DEADLINE_SECONDS):
            while house.keys():
                await house.settled()
        await is_erased(house)

    at_home(story)


def test_a_leg_that_asterisk_does_not_hold_any_more_is_over() -> None:
    async def story(house: House) -> None:
        await talked(house)
        seen = SeenOffer(LEG, "anne", "c1", "talking")
        house.desk.hear(PbxResynced((), (seen,)))
        assert house.desk.live.of("c1") is not None
        house.desk.hear(PbxResynced((), ()))
        await is_erased(house)

    at_home(story)


def test_a_daemon_that_dies_after_the_talk_leaves_the_number_to_the_next_one() -> None:
    async def story(house: House) -> None:
        await talked(house)
        await house.restart(journal_lost=False)
        house.part.watch.asterisk_holds((), up_since=None)
        await house.noted("p-1", "c1", origin="listener")
        assert await house.desk.number_of("p-1") == E164

    at_home(story)


def test_a_talk_that_is_over_is_not_cut_off_by_asterisks_death() -> None:
    async def story(house: House) -> None:
        await talked(house)
        for _ in range(2):
            house.part.watch.asterisk_holds((), up_since=2_000_000_000.0)
            await house.settled()
            assert house.told == []
            await house.restart(journal_lost=False)

    at_home(story)


def test_what_the_last_daemon_left_is_erased_when_its_time_is_over(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def story(house: House) -> None:
        await talked(house)
        monkeypatch.setattr(live_numbers, "WRAP_UP_SECONDS", 0.0)
        await house.restart(journal_lost=False)
        await is_erased(house)

    at_home(story)


def test_a_talk_that_ended_as_the_store_was_being_read_can_still_lead_to_a_promise() -> None:
    async def story(house: House) -> None:
        house.arrive("c1")
        house.desk.live.answered("c1", "anne")
        await house.settled()
        house.die()
        house.begin()
        house.part.watch.asterisk_holds(["c1"], None)
        house.end("c1")
        await house.open(journal_lost=False)
        await house.noted("p-1", "c1", origin="listener")

    at_home(story)


async def called_back(house: House) -> None:
    """Have a caller called back, and talk with anne."""
    house.arrive("c1")
    await house.noted("p-1", "c1", origin="listener")
    house.end("c1")
    house.desk.carry_out(ConnectCall(DIALLED, LEG))
    kept = ReportPromise("p-1", "carers", "key", "kept", 0.0, 1, "anne")
    house.desk.carry_out(kept)
    await house.settled()


def test_a_further_call_can_be_promised_to_whom_we_have_called_back() -> None:
    async def story(house: House) -> None:
        await called_back(house)
        house.close("p-1")
        await house.settled()
        told = await house.noted("p-2", DIALLED, origin="listener")
        assert isinstance(told, PromiseNoted)
        leaves(house, LEG)
        await house.settled()
        assert await house.desk.number_of("p-2") == E164
        kept = await house.kept()
        assert (kept.live, list(kept.promises)) == ({}, ["p-2"])
        house.close("p-2")
        await is_erased(house)

    at_home(story)


def test_it_can_be_promised_before_the_talk_is_over() -> None:
    async def story(house: House) -> None:
        await called_back(house)
        await house.noted("p-2", DIALLED, origin="listener")
        house.close("p-1")
        leaves(house, LEG)
        await house.settled()
        assert await house.desk.number_of("p-2") == E164

    at_home(story)


def test_the_number_of_a_promise_that_is_cancelled_goes_at_once_though_it_was_being_kept() -> None:
    async def story(house: House) -> None:
        house.arrive("c1")
        await house.noted("p-1", "c1", origin="listener")
        house.end("c1")
        house.desk.carry_out(ConnectCall(DIALLED, LEG))
        house.close("p-1")
        await is_erased(house)
        house.note("p-2", DIALLED)
        assert await house.refused() == "p-2"

    at_home(story)


def test_a_daemon_that_dies_after_such_a_talk_leaves_the_number_to_the_next_one() -> None:
    async def story(house: House) -> None:
        await called_back(house)
        house.close("p-1")
        await house.settled()
        await house.restart(journal_lost=False)
        assert house.told == []
        await house.noted("p-2", DIALLED, origin="listener")

    at_home(story)


def test_what_is_kept_after_a_talk_is_sealed_like_all_numbers() -> None:
    async def story(house: House) -> None:
        await talked(house)
        kept = (await house.kept()).live["c1"]
        assert (kept.caller, kept.listener) == (hash_caller(E164), "anne")
        assert kept.over_at is not None
        (key,) = [one.name for one in keys_folder(house.folder).iterdir() if len(one.name) == 32]
        assert key == kept.number.key

    at_home(story)


def test_a_lost_outcome_of_another_line_leaves_nothing_behind() -> None:
    async def story(house: House) -> None:
        house.desk.carry_out(ConnectCall("c9", LEG))
        house.desk.carry_out(ReportOutcome("c9", "other", "answered", 1.0, 1.0, 1))
        leaves(house, LEG)
        assert not house.desk.live.wrap_ups.may_speak("c9", if_unknown=False)

    at_home(story)
