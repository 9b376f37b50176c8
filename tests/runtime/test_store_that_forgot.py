"""The server behind the address lacks what was confirmed: while the daemon lives, nothing is lost.

So it is after a failover to one that lagged, or that is empty, and after a start without its file.
"""

from __future__ import annotations

import asyncio

import pytest
from structlog.testing import capture_logs

from router.runtime import number_writer
from router.store.client import Client, open_client
from tests.runtime import retyped
from tests.runtime.promise_house import E164, House, at_home

OTHER_NUMBER = "0639980043"
OTHER_E164 = "+33639980043"
NOTICED_SECONDS = 60.0

ALL_OF_IT = ("decroche:promises", "decroche:promises:store", "decroche:live", "decroche:epoch")


async def promised(house: House) -> None:
    """Owe somebody a call, while somebody else is on the line."""
    await house.open()
    house.arrive("c1")
    await house.noted("p-1", "c1")
    house.end("c1")
    house.arrive("c2", OTHER_NUMBER)
    await house.settled()


async def copies(client: Client) -> dict[str, bytes]:
    """Give what the store holds, as a replica has it that gets nothing from now on."""
    found = {key: await client.dump(key) for key in ALL_OF_IT}
    return {key: content for key, content in found.items() if content is not None}


async def fall_back_to(client: Client, held: dict[str, bytes]) -> None:
    """Have the store hold this and nothing else."""
    await client.flushall()
    for key, content in held.items():
        await client.restore(key, 0, content)


def test_an_empty_store_is_given_back_all_that_is_owed_with_the_next_write() -> None:
    async def story(house: House) -> None:
        await promised(house)
        name = (await house.kept()).name
        client = open_client(house.url)
        with capture_logs() as lines:
            await fall_back_to(client, {})
            await house.noted("p-2", "c2", OTHER_NUMBER)
            await house.settled()
        await client.aclose()
        assert [line["event"] for line in lines] == ["promise_store_forgot"]
        kept = await house.kept()
        assert (set(kept.promises), set(kept.live)) == ({"p-1", "p-2"}, {"c2"})
        assert kept.name == name is not None
        await house.restart(["p-1", "p-2"], journal_lost=False)
        assert await house.desk.number_of("p-1") == E164
        assert await house.desk.number_of("p-2") == OTHER_E164

    at_home(story)


def test_a_store_that_lagged_is_given_back_what_it_had_not_got_and_nothing_that_is_over() -> None:
    async def story(house: House) -> None:
        await house.open()
        house.arrive("c0")
        await house.noted("p-0", "c0")
        house.end("c0")
        await house.settled()
        client = open_client(house.url)
        lagging = await copies(client)
        house.close("p-0")
        house.arrive("c1")
        await house.noted("p-1", "c1")
        await house.settled()
        await fall_back_to(client, lagging)
        await client.aclose()
        house.arrive("c2", OTHER_NUMBER)
        await house.settled()
        await house.restart(["p-1"], journal_lost=False)
        await house.settled()
        assert await house.desk.number_of("p-1") == E164
        assert set((await house.kept()).promises) == {"p-1"}

    at_home(story)


def test_by_night_when_nobody_calls_it_is_seen_all_the_same(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(number_writer, "LOOK_EVERY_SECONDS", 0.05)

    async def story(house: House) -> None:
        await promised(house)
        client = open_client(house.url)
        await fall_back_to(client, {})
        async with asyncio.timeout(NOTICED_SECONDS):
            while not await client.hexists("decroche:promises", "p-1"):
                pass
        await client.aclose()

    at_home(story)


def test_a_number_that_changes_in_that_very_moment_is_the_one_that_stands() -> None:
    async def story(house: House) -> None:
        await house.open()
        await retyped.promised(house)
        client = open_client(house.url)
        await fall_back_to(client, {})
        await client.aclose()
        await retyped.changed(house)
        await house.settled()
        await house.restart(["p-1"], journal_lost=False)
        assert await house.desk.number_of("p-1") == retyped.TYPED_E164

    at_home(story)


def test_a_store_that_was_away_and_has_all_is_not_said_to_have_forgotten() -> None:
    async def story(house: House) -> None:
        await promised(house)
        with capture_logs() as lines:
            await house.store.stop()
            house.arrive("c3")
            await house.store.start()
            await house.settled()
        assert "promise_store_forgot" not in [line["event"] for line in lines]
        assert set((await house.kept()).live) == {"c2", "c3"}

    at_home(story)


@pytest.mark.parametrize(("lost", "lacking"), [(False, 0.0), (True, 1.0)])
def test_ops_see_how_many_promises_have_no_number(*, lost: bool, lacking: float) -> None:
    async def story(house: House) -> None:
        await promised(house)
        if lost:
            client = open_client(house.url)
            await client.delete("decroche:promises")
            await client.aclose()
        await house.restart(["p-1"], journal_lost=False)
        (figure,) = house.metrics.promises_without_number.collect()
        assert [one.value for one in figure.samples] == [lacking]

    at_home(story)
