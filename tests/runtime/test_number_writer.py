"""The writer of numbers: in order, together, once, and again where it has to be."""

from __future__ import annotations

import asyncio

from structlog.testing import capture_logs

from router.errors import StoreError
from router.store.client import open_client
from router.store.kept_numbers import TAKEN, Changes
from tests.runtime.promise_house import DEADLINE_SECONDS, House, at_home


def mark(name: str, content: bytes | None = b"1") -> Changes:
    return {(TAKEN, name): content}


def test_what_came_later_stands_where_both_say_something_of_one_place() -> None:
    async def story(house: House) -> None:
        writer = house.part._writer
        for name in ("a", "b"):
            writer.insist(lambda name=name: mark(name))  # type: ignore[misc]  # mypy's own limit
        writer.insist(lambda: mark("a", None))
        await house.settled()
        assert (await house.kept()).taken == {"b"}

    at_home(story)


def test_what_is_written_is_written_once() -> None:
    async def story(house: House) -> None:
        writer = house.part._writer
        writer.insist(lambda: mark("a"))
        await house.settled()
        client = open_client(house.url)
        await client.delete(TAKEN)
        await client.aclose()
        writer.insist(lambda: mark("b"))
        await house.settled()
        assert (await house.kept()).taken == {"b"}

    at_home(story)


def test_what_has_to_be_done_is_tried_again_until_it_is() -> None:
    async def story(house: House) -> None:
        tries: list[int] = []
        done = asyncio.Event()

        def work() -> Changes:
            tries.append(1)
            if len(tries) == 1:
                raise OSError(28, "No space left on device")
            return mark("a")

        with capture_logs() as lines:
            house.part._writer.insist(work, done.set)
            await asyncio.wait_for(done.wait(), DEADLINE_SECONDS)
        assert len(tries) == 2
        assert [line["event"] for line in lines] == ["number_not_kept"]
        assert (await house.kept()).taken == {"a"}

    at_home(story)


def test_a_job_that_fails_takes_no_other_with_it() -> None:
    async def story(house: House) -> None:
        def work() -> Changes:
            raise StoreError("not this one")

        answers: list[bool] = []
        both = asyncio.Event()

        def done(stored: bool) -> None:  # noqa: FBT001 - the writer's answer
            answers.append(stored)
            if len(answers) == 2:
                both.set()

        house.part._writer.add(work, done)
        house.part._writer.add(lambda: mark("a"), done)
        await asyncio.wait_for(both.wait(), DEADLINE_SECONDS)
        assert answers == [False, True]

    at_home(story)


def test_more_than_go_at_a_time_are_all_done() -> None:
    async def story(house: House) -> None:
        for at in range(250):
            house.part._writer.insist(lambda at=at: mark(f"{at}"))  # type: ignore[misc]  # as above
        await house.settled()
        assert len((await house.kept()).taken) == 250

    at_home(story)
