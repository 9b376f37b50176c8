"""A store that comes up without its data costs nobody their promise once the data is back."""

from __future__ import annotations

import pytest
from structlog.testing import capture_logs

from router.store.client import Client, open_client
from tests.runtime.promise_house import E164, House, at_home

ALL_OF_IT = ("live", "promises", "promises:taken", "promises:closed", "promises:store")


async def promised(house: House) -> None:
    await house.open()
    house.arrive("c1")
    await house.noted("p-1", "c1")
    house.end("c1")
    await house.settled()


async def put_away(client: Client, *, back: bool = False) -> None:
    """Have the store's data gone, as in another folder; or have it back."""
    for name in ALL_OF_IT:
        here, there = f"decroche:{name}", f"away:{name}"
        if back:
            await client.delete(here)
        source, target = (there, here) if back else (here, there)
        if await client.exists(source):
            await client.rename(source, target)


@pytest.mark.parametrize("starts", [1, 3])
def test_the_keys_outlive_a_store_that_came_up_empty(starts: int) -> None:
    async def story(house: House) -> None:
        await promised(house)
        client = open_client(house.url)
        await put_away(client)
        with capture_logs() as lines:
            for start in range(starts):
                await house.restart()
                house.arrive(f"c{start + 2}")
                await house.settled()
        assert [one["event"] for one in lines].count("store_of_other_keys") == starts
        await put_away(client, back=True)
        await client.aclose()
        await house.restart(["p-1"], journal_lost=False)
        await house.settled()
        assert await house.desk.number_of("p-1") == E164
        assert house.keys() == 1

    at_home(story)


def test_without_a_name_beside_the_keys_the_store_that_is_there_is_theirs() -> None:
    async def story(house: House) -> None:
        await promised(house)
        (house.folder / "keys" / "store").unlink()
        house.desk._vault.seal(E164)
        await house.restart(["p-1"], journal_lost=False)
        await house.settled()
        assert house.keys() == 1
        assert (house.folder / "keys" / "store").read_text() == (await house.kept()).name

    at_home(story)
