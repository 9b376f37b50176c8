"""Another number, while the store or the daemon dies: one of the two stands, and none is lost."""

from __future__ import annotations

import signal

import pytest

from router.core.promise_events import NumberChanged, PromiseNoted, PromiseNotNoted
from router.runtime import number_change
from router.store import promise_store
from router.store.number_vault import NumberVault
from tests.runtime.promise_house import CALLER, E164, House, at_home, hash_caller
from tests.runtime.retyped import TYPED, TYPED_E164, changed, promised


def test_a_store_that_is_killed_leaves_the_first_number_standing() -> None:
    async def story(house: House) -> None:
        await promised(house)
        house.types("c1", TYPED)
        await house.settled()
        house.signal_store(signal.SIGKILL)
        house.change("p-1", "c1", TYPED)
        assert await house.hear(PromiseNotNoted) == PromiseNotNoted("p-1", "c1", "store")
        assert await house.desk.number_of("p-1") == E164
        assert house.desk.live.chosen("c1") == 0
        # As long as the store may hold the new record, its key is there too.
        assert house.keys() == 4
        await house.store.start()
        await house.settled()
        kept = await house.kept()
        assert (kept.promises["p-1"].caller, kept.live["c1"].caller) == (CALLER, CALLER)
        assert house.keys() == 3
        house.change("p-1", "c1", TYPED)
        await house.hear(NumberChanged)
        assert await house.desk.number_of("p-1") == TYPED_E164

    at_home(story)


def test_a_change_that_comes_too_late_has_never_been(monkeypatch: pytest.MonkeyPatch) -> None:
    async def story(house: House) -> None:
        await promised(house)
        house.types("c1", TYPED)
        await house.settled()
        house.signal_store(signal.SIGSTOP)
        with monkeypatch.context() as impatient:
            impatient.setattr(number_change, "CHANGING_SECONDS", 0.1)
            impatient.setattr(promise_store, "WRITE_DEADLINE_SECONDS", 0.3)
            house.change("p-1", "c1", TYPED)
            await house.hear(PromiseNotNoted)
            assert house.not_noted("too_slow") == 1.0, "before the store was given up"
            # A second one is not begun while it is not known what has become of the first.
            house.types("c1", "0639980078", 2)
            house.change("p-1", "c1", "0639980078")
            await house.hear(PromiseNotNoted)
            await house.until_store_is_given_up()
        # What was sent is run by the store as it wakes, though nobody waits for it any more.
        house.signal_store(signal.SIGCONT)
        await house.settled()
        assert await house.desk.number_of("p-1") == E164
        assert house.keys() == 4
        await house.restart(known=["p-1"], journal_lost=False)
        assert house.told == []
        assert await house.desk.number_of("p-1") == E164

    at_home(story)


def test_a_change_noted_as_the_daemon_died_is_told_by_the_next_one_and_the_old_key_erased(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def story(house: House) -> None:
        await promised(house)
        with monkeypatch.context() as dying:
            # It erases in a thread as soon as it has told: its death has to come before.
            dying.setattr(NumberVault, "erase", lambda *_: None)
            told = await changed(house)
            assert house.keys() == 4
            await house.settled()
        await house.restart(known=["p-1"], journal_lost=False)
        assert house.told == [told]
        assert await house.desk.number_of("p-1") == TYPED_E164
        assert house.desk.live.chosen("c1") == 1
        await house.settled()
        assert house.keys() == 2

    at_home(story)


def test_a_daemon_that_dies_before_the_change_is_written_leaves_the_first_number() -> None:
    async def story(house: House) -> None:
        await promised(house)
        house.types("c1", TYPED)
        await house.settled()
        house.change("p-1", "c1", TYPED)
        await house.restart(known=["p-1"], journal_lost=False)
        assert house.told == []
        assert await house.desk.number_of("p-1") == E164
        await house.settled()
        assert house.keys() == 2

    at_home(story)


def test_a_promise_closed_under_a_change_stays_closed() -> None:
    async def story(house: House) -> None:
        await promised(house)
        house.types("c1", TYPED)
        house.change("p-1", "c1", TYPED)
        house.close("p-1")
        await house.hear(PromiseNotNoted)
        await house.settled()
        house.end("c1")
        await house.settled()
        assert ((await house.kept()).promises, house.keys()) == ({}, 0)
        assert await house.desk.number_of("p-1") is None

    at_home(story)


def test_who_hangs_up_under_a_change_is_called_at_the_new_number() -> None:
    async def story(house: House) -> None:
        await promised(house)
        house.types("c1", TYPED)
        house.change("p-1", "c1", TYPED)
        house.end("c1")
        await house.hear(NumberChanged)
        await house.settled()
        assert ((await house.kept()).live, house.keys()) == ({}, 1)
        assert await house.desk.number_of("p-1") == TYPED_E164

    at_home(story)


def test_whom_a_fault_cuts_off_after_a_change_is_owed_the_call_at_the_new_number() -> None:
    async def story(house: House) -> None:
        await house.open()
        await promised(house)
        await changed(house)
        house.part.watch.asterisk_holds((), 1_700_000_060.0)
        told = await house.hear(PromiseNoted)
        assert (told.origin, told.caller) == ("crash", hash_caller(TYPED))
        assert await house.desk.number_of(told.promise) == TYPED_E164

    at_home(story)
