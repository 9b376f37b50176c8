"""Promises asked for without a call: on disk before they are confirmed, and nothing by half."""

from __future__ import annotations

import asyncio
import os
import signal
import time

import pytest
from msgspec.structs import replace

from router.core.events import CallArrived
from router.core.promise_events import NumberLost, PromiseNoted
from router.errors import StoreError
from router.runtime import asked_numbers, errands
from router.store.client import open_client
from router.web.counter import NoSuchPromise, PromiseRefused
from tests.runtime.counter_house import Counting, asked, at_the_counter
from tests.runtime.promise_house import E164, NUMBER, hash_caller


def test_what_is_asked_for_is_on_disk_owed_by_the_engine_and_can_be_dialled() -> None:
    async def story(at: Counting) -> None:
        one = await at.counter.add(asked())
        assert (one.line, one.origin, one.state) == ("carers", "ops", "waiting")
        assert one.due_by >= one.not_before + 3_600
        assert await at.kept() == [one.promise]
        assert list((await at.house.kept()).taken) == [one.promise]
        assert await at.house.desk.number_of(one.promise) == E164
        assert at.counter.all() == [replace(one, asked=None)]

    at_the_counter(story)


def test_two_for_one_caller_are_one_and_the_seconds_number_is_erased() -> None:
    async def story(at: Counting) -> None:
        first = await at.counter.add(asked())
        second = await at.counter.add(asked("+33 6 39 98 00 42"))
        assert second.promise == first.promise
        assert await at.kept() == [first.promise]
        assert at.house.keys() == 1

    at_the_counter(story)


def test_what_is_refused_leaves_nothing_behind() -> None:
    async def story(at: Counting) -> None:
        with pytest.raises(PromiseRefused):
            await at.counter.add(asked("112"))
        assert await at.kept() == []
        assert at.house.keys() == 0

    at_the_counter(story)


def test_a_store_that_hangs_is_told_within_two_seconds_and_nothing_is_left_of_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(asked_numbers, "NOTING_SECONDS", 0.2)

    async def story(at: Counting) -> None:
        assert at.house.store.pid is not None
        os.kill(at.house.store.pid, signal.SIGSTOP)
        try:
            with pytest.raises(StoreError, match="nothing is promised"):
                await at.counter.add(asked())
        finally:
            os.kill(at.house.store.pid, signal.SIGCONT)
        assert await at.kept() == []
        assert at.house.keys() == 0
        assert at.counter.all() == []
        assert at.house.metrics.promises_not_noted.labels("too_slow")._value.get() == 1.0

    at_the_counter(story)


def test_a_store_that_is_full_promises_nothing() -> None:
    async def story(at: Counting) -> None:
        client = open_client(at.house.url)
        await client.config_set("maxmemory", 1)
        with pytest.raises(StoreError, match="nothing is promised"):
            await at.counter.add(asked())
        await client.config_set("maxmemory", 0)
        await client.aclose()
        assert await at.kept() == []
        assert at.house.keys() == 0

    at_the_counter(story)


def test_who_goes_away_before_it_is_on_disk_has_asked_for_nothing() -> None:
    async def story(at: Counting) -> None:
        asking = asyncio.create_task(at.counter.add(asked()))
        await asyncio.wait([asking], timeout=0)
        asking.cancel()
        await asyncio.wait([asking])
        assert await at.kept() == []
        assert at.counter.all() == []

    at_the_counter(story)


def test_what_is_on_disk_is_confirmed_though_the_loop_hangs_and_is_told_again_after_a_restart(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(errands, "ERRAND_SECONDS", 0.05)

    async def story(at: Counting) -> None:
        at.hangs = True
        one = await at.counter.add(asked())
        assert one.state == "waiting"
        assert await at.kept() == [one.promise]
        at.hangs = False
        await at.restart()
        assert (await at.house.hear(PromiseNoted)).promise == one.promise

    at_the_counter(story)


def test_one_that_is_cancelled_is_closed_and_how_it_ended_is_known_after_a_restart_too() -> None:
    async def story(at: Counting) -> None:
        one = await at.counter.add(asked())
        await at.counter.cancel(one.promise, "caller")
        assert await at.kept() == []
        assert at.house.keys() == 0
        ended = at.counter.find(one.promise)
        assert ended is not None
        assert (ended.state, ended.history[-1][1:]) == ("cancelled", ("cancelled", "caller"))
        assert at.counter.all() == []
        with pytest.raises(NoSuchPromise):
            await at.counter.cancel(one.promise, "caller")
        await at.restart()
        assert at.counter.find(one.promise) == ended

    at_the_counter(story)


def test_one_that_waits_for_its_window_is_tried_at_once_when_a_senior_says_so() -> None:
    async def story(at: Counting) -> None:
        one = await at.counter.add(asked(begins=time.time() + 7_200))
        assert one.state == "waiting"
        await at.counter.give(one.promise)
        given = at.counter.find(one.promise)
        assert given is not None
        assert [what for _, what, _ in given.history] == ["noted", "given_anew"]
        assert given.next_at is not None
        assert given.next_at <= time.time()

    at_the_counter(story)


def test_one_whose_number_is_lost_is_tried_anew_only_once_it_is_asked_for_with_a_number() -> None:
    async def story(at: Counting) -> None:
        one = await at.counter.add(asked())
        client = open_client(at.house.url)
        await client.delete("decroche:promises")
        await client.aclose()
        await at.restart()
        at.take(await at.house.hear(NumberLost))
        with pytest.raises(NoSuchPromise, match="its number is lost"):
            await at.counter.give(one.promise)
        again = await at.counter.add(asked())
        assert (again.promise, again.state) == (one.promise, "waiting")
        assert await at.house.desk.number_of(one.promise) == E164

    at_the_counter(story)


def test_what_the_journal_did_not_take_is_said_so() -> None:
    async def story(at: Counting) -> None:
        one = await at.counter.add(asked())
        at.stored = False
        with pytest.raises(StoreError, match="a restart would undo it"):
            await at.counter.give(one.promise)

    at_the_counter(story)


def test_one_whose_caller_is_on_the_line_is_not_tried_anew() -> None:
    async def story(at: Counting) -> None:
        one = await at.counter.add(asked(begins=time.time() + 7_200))
        at.take(CallArrived("c1", "carers", hash_caller(NUMBER), time.time()))
        with pytest.raises(NoSuchPromise, match="on the line"):
            await at.counter.give(one.promise)

    at_the_counter(story)


def test_nobody_finds_what_there_is_not() -> None:
    async def story(at: Counting) -> None:
        assert at.counter.find("p-none") is None
        with pytest.raises(NoSuchPromise):
            await at.counter.give("p-none")

    at_the_counter(story)


def test_two_who_ask_for_a_senior_hear_of_the_one_call_that_there_is() -> None:
    async def story(at: Counting) -> None:
        settings = at.house.settings
        carers = settings.lines["carers"]
        carers = replace(carers, senior_ladder=carers.ladder)
        at.house.part.take(replace(settings, lines={**settings.lines, "carers": carers}))
        await at.counter.add(asked())
        first = await at.counter.add(replace(asked(), by_senior=True))
        second = await at.counter.add(replace(asked(), by_senior=True))
        assert (second.promise, second.by_senior) == (first.promise, True)
        assert len(await at.kept()) == 2

    at_the_counter(story)
