"""Two promises to one caller are one: whatever dies when, nobody is rung later than they heard."""

from __future__ import annotations

from structlog.testing import capture_logs

from router.core.promise import Promise
from router.core.promise_commands import CloseNumber, PromiseTerms
from router.core.promise_events import NumberLost, PromiseNoted
from tests.runtime.promise_house import CALLER, E164, House, at_home

SOONER = PromiseTerms("p-1", CALLER, "site", 0.5, 1.5, 602.0, "bruno")


def joined(house: House) -> None:
    """Have the engine say that p-2 is one with p-1, and that they are to be rung sooner."""
    house.desk.carry_out(CloseNumber("p-2", SOONER))


async def both(house: House) -> None:
    house.arrive("c1")
    await house.noted("p-1", "c1")
    await house.noted("p-2", "c1")


def test_what_two_promises_have_become_stands_on_disk_and_the_other_number_is_erased() -> None:
    async def story(house: House) -> None:
        await both(house)
        before = house.keys()
        joined(house)
        await house.settled()
        (kept,) = (await house.kept()).promises.values()
        assert (kept.origin, kept.place_at, kept.not_before) == ("site", 0.5, 1.5)
        assert (kept.due_by, kept.usual, kept.caller) == (602.0, "bruno", CALLER)
        assert house.keys() == before - 1

    at_home(story)


def test_a_store_that_dies_before_it_is_told_has_nobody_called_back_later_than_was_said() -> None:
    async def story(house: House) -> None:
        await both(house)
        await house.settled()
        await house.store.stop()
        with capture_logs() as lines:
            joined(house)
            house.note("p-3", "c1")
            assert await house.refused() == "p-3"
        assert "promise_store_down" in [line["event"] for line in lines]
        house.die()
        await house.store.start()
        await house.restart()
        told = {one.promise for one in house.told if isinstance(one, PromiseNoted)}
        assert told == {"p-1", "p-2"}, "the number of the second is not erased"

    at_home(story)


def test_what_the_journal_knows_of_a_promise_is_put_right_in_the_store() -> None:
    async def story(house: House) -> None:
        house.arrive("c1")
        await house.noted("p-1", "c1")
        await house.settled()
        later = Promise("p-1", "carers", CALLER, "site", 1.0, 0.5, 1.5, 602.0, usual="bruno")
        await house.restart([later], journal_lost=False)
        await house.settled()
        (kept,) = (await house.kept()).promises.values()
        assert (kept.origin, kept.due_by, kept.usual) == ("site", 602.0, "bruno")

    at_home(story)


def test_a_promise_that_is_kept_meanwhile_leaves_nothing_behind() -> None:
    async def story(house: House) -> None:
        await both(house)
        house.end("c1")
        joined(house)
        house.close("p-1")
        await house.settled()
        assert (await house.kept()).promises == {}
        assert house.keys() == 0

    at_home(story)


async def lost_and_asked_anew(house: House) -> None:
    """Have a promise lose its number, and its caller ask for another call-back."""
    await house.restart(["p-1"], journal_lost=False)
    house.arrive("c2")
    await house.noted("p-2", "c2")
    joined(house)
    house.desk.hear(NumberLost("p-1"))
    await house.settled()


def test_a_promise_whose_number_is_lost_is_rung_at_that_of_the_other() -> None:
    async def story(house: House) -> None:
        await lost_and_asked_anew(house)
        kept = await house.kept()
        assert (list(kept.promises), set(kept.taken)) == (["p-1"], {"p-1"})
        assert (kept.promises["p-1"].origin, kept.promises["p-1"].due_by) == ("site", 602.0)
        assert await house.desk.number_of("p-1") == E164
        assert await house.desk.number_of("p-2") is None

    at_home(story)


def test_it_is_so_after_a_restart_too_and_its_key_goes_with_it() -> None:
    async def story(house: House) -> None:
        await lost_and_asked_anew(house)
        house.end("c2")
        await house.settled()
        await house.restart(["p-1"], journal_lost=False)
        assert await house.desk.number_of("p-1") == E164
        house.close("p-1")
        await house.settled()
        assert (await house.kept()).promises == {}
        assert house.keys() == 0

    at_home(story)


def test_before_the_store_is_read_no_number_is_taken_for_lost() -> None:
    async def story(house: House) -> None:
        await both(house)
        await house.settled()
        kept = (await house.kept()).promises["p-1"].number
        house.die()
        house.begin()
        joined(house)
        await house.open(["p-1"], journal_lost=False)
        await house.settled()
        assert (await house.kept()).promises["p-1"].number == kept

    at_home(story)
