"""Promises while the store or the disk fails: nobody is promised what is not kept."""

from __future__ import annotations

import asyncio
import resource
import signal

import pytest
from structlog.testing import capture_logs

from router.core.promise_events import PromiseNoted
from router.runtime import promise_desk
from router.store import promise_store
from router.store.client import open_client
from router.store.data_keys import keys_folder
from tests.patience import let_pass
from tests.runtime.promise_house import DEADLINE_SECONDS, House, at_home


def test_a_store_that_is_killed_confirms_nothing_and_is_taken_up_when_it_is_back() -> None:
    async def story(house: House) -> None:
        house.arrive("c1")
        await house.settled()
        house.signal_store(signal.SIGKILL)
        with capture_logs() as lines:
            house.note("p-1", "c1")
            assert await house.refused() == "p-1"
        assert "promise_store_down" in [line["event"] for line in lines]
        assert house.metrics.promise_store_up._value.get() == 0.0
        await house.store.start()
        await house.noted("p-2", "c1")
        await house.settled()
        assert list((await house.kept()).promises) == ["p-2"]
        assert house.keys() == 2

    at_home(story)


def test_killed_under_load_no_confirmed_promise_is_missing_and_no_other_comes_back() -> None:
    async def story(house: House) -> None:
        confirmed: set[str] = set()
        refused: set[str] = set()
        for at in range(60):
            house.arrive(f"c{at}")
            house.note(f"p-{at}", f"c{at}")
            if at == 30:
                await house.hear(PromiseNoted)
                confirmed.add("p-0")
                asyncio.get_running_loop().call_soon(house.signal_store, signal.SIGKILL)
        while len(confirmed) + len(refused) < 60:
            event = await house.hear_either()
            (confirmed if isinstance(event, PromiseNoted) else refused).add(event.promise)
        await house.store.start()
        await house.settled()
        await house.restart()
        told = {event.promise for event in house.told if isinstance(event, PromiseNoted)}
        assert confirmed <= told
        assert not refused & told

    at_home(story)


def test_replies_that_come_too_late_confirm_nothing_then_or_after_a_restart(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def story(house: House) -> None:
        house.arrive("c1")
        await house.settled()
        house.signal_store(signal.SIGSTOP)
        with monkeypatch.context() as impatient:
            impatient.setattr(promise_desk, "NOTING_SECONDS", 0.1)
            impatient.setattr(promise_store, "WRITE_DEADLINE_SECONDS", 0.3)
            house.note("p-1", "c1")
            assert await house.refused() == "p-1"
            assert house.not_noted("too_slow") == 1.0, "before the store was given up"
            await house.until_store_is_given_up()
        # What was sent is run by the store as it wakes, though nobody waits for it any more.
        house.signal_store(signal.SIGCONT)
        await house.settled()
        await house.restart()
        assert house.told == []
        assert await house.desk.number_of("p-1") is None
        house.arrive("c2")
        await house.noted("p-2", "c2")

    at_home(story)


def test_a_frozen_store_holds_up_nobody_who_is_on_the_line() -> None:
    async def story(house: House) -> None:
        await house.settled()
        house.signal_store(signal.SIGSTOP)
        for at in range(60):
            house.arrive(f"c{at}")
            house.note(f"p-{at}", f"c{at}")
            house.end(f"c{at}")
            await asyncio.to_thread(lambda: None)  # whatever else the loop has to do
        assert house.told == [], "the store, which never answers, is waited for all the while"
        let_pass(promise_desk.NOTING_SECONDS)
        assert {await house.refused() for _ in range(60)} == {f"p-{at}" for at in range(60)}
        house.signal_store(signal.SIGCONT)
        await house.settled()
        assert house.keys() == 0
        await house.restart()
        assert house.told == []

    at_home(story)


def test_a_store_that_is_full_is_a_store_that_takes_no_promise() -> None:
    async def story(house: House) -> None:
        house.arrive("c1")
        await house.settled()
        client = open_client(house.url)
        await client.config_set("maxmemory", 1)
        house.note("p-1", "c1")
        assert await house.refused() == "p-1"
        await client.config_set("maxmemory", 0)
        await client.aclose()
        await house.noted("p-2", "c1")

    at_home(story)


def test_a_disk_that_takes_no_key_takes_no_promise() -> None:
    async def story(house: House) -> None:
        house.arrive("c1")
        await house.settled()
        soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (0, hard))
        try:
            with capture_logs() as lines:  # else they would have nowhere to go
                house.note("p-1", "c1")
                assert await house.refused() == "p-1"
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        assert "number_not_kept" in [line["event"] for line in lines]
        await house.noted("p-2", "c1")

    at_home(story)


def test_a_number_that_cannot_be_read_is_told_and_not_dialled() -> None:
    async def story(house: House) -> None:
        house.arrive("c1")
        await house.noted("p-1", "c1")
        for key in keys_folder(house.folder).iterdir():
            key.write_bytes(b"damaged")
        with capture_logs() as lines:
            assert await house.desk.number_of("p-1") is None
        assert [line["event"] for line in lines] == ["number_unreadable"]

    at_home(story)


def test_a_daemon_can_leave_while_its_store_is_gone() -> None:
    async def story(house: House) -> None:
        house.signal_store(signal.SIGKILL)
        house.arrive("c1")
        await asyncio.wait_for(house.part.finish(), DEADLINE_SECONDS)

    at_home(story)
