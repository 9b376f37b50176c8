"""The book of promises that were closed lately: bounded, on disk, and nothing of the caller."""

from __future__ import annotations

import time

import pytest
from msgspec.structs import replace
from structlog.testing import capture_logs

from router.core.events import CallArrived, CallerHungUp
from router.runtime import closed_promises
from router.store.client import open_client
from router.store.kept_numbers import CLOSED
from tests.runtime.counter_house import Counting, asked, at_the_counter
from tests.runtime.promise_house import NUMBER, hash_caller


def test_only_the_last_ones_are_kept_in_the_store_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(closed_promises, "MOST_CLOSED", 2)

    async def story(at: Counting) -> None:
        names = []
        for _ in range(4):
            one = await at.counter.add(asked())
            await at.counter.cancel(one.promise, "senior")
            names.append(one.promise)
        await at.house.settled()
        assert set((await at.house.kept()).closed) == set(names[-2:])
        assert [at.counter.find(name) is not None for name in names] == [False, False, True, True]

    at_the_counter(story)


def test_nothing_that_is_kept_there_is_of_the_caller() -> None:
    async def story(at: Counting) -> None:
        one = await at.counter.add(asked())
        await at.counter.cancel(one.promise, "caller")
        await at.house.settled()
        content = b"".join((await at.house.kept()).closed.values())
        assert one.promise.encode() in content
        assert NUMBER[1:].encode() not in content
        assert str(hash_caller(NUMBER)).encode() not in content

    at_the_counter(story)


def test_one_that_became_one_with_another_stands_as_that_one_does_to_its_end() -> None:
    async def story(at: Counting) -> None:
        first = await at.counter.add(asked(begins=time.time() + 7_200))
        at.take(CallArrived("c1", "carers", hash_caller(NUMBER), time.time()))
        second = await at.counter.add(asked(begins=time.time() + 3_600))
        assert second.promise != first.promise
        at.take(CallerHungUp("c1"))
        stands = at.counter.find(second.promise)
        assert stands is not None
        joined = replace(stands, promise=first.promise, joined=second.promise)
        assert at.counter.find(first.promise) == joined
        await at.counter.cancel(first.promise, "caller")
        await at.house.settled()
        await at.restart()
        for name in (first.promise, second.promise):
            ended = at.counter.find(name)
            assert ended is not None
            assert ended.state == "cancelled"

    at_the_counter(story)


def test_what_cannot_be_read_is_told_of_and_taken_out_of_the_store() -> None:
    async def story(at: Counting) -> None:
        client = open_client(at.house.url)
        await client.hset(CLOSED, "p-damaged", "{")
        await client.aclose()
        with capture_logs() as lines:
            await at.restart()
        await at.house.settled()
        assert [line["event"] for line in lines] == ["closed_promise_unreadable"]
        assert (await at.house.kept()).closed == {}

    at_the_counter(story)
