"""Promises of a daemon that another has taken over from: it neither notes nor dials any more."""

from __future__ import annotations

import pytest

from router.errors import Superseded
from router.store.lease import Lease
from tests.runtime.promise_house import E164, House, at_home
from tests.store.epochs import taken

CALL = "1700000000.1"


async def with_one_promise(house: House) -> None:
    await house.open()
    house.arrive(CALL)
    await house.noted("p-1", CALL)


def test_a_daemon_that_was_superseded_is_given_no_number_to_ring() -> None:
    async def story(house: House) -> None:
        await with_one_promise(house)
        assert await house.part.number_of("p-1") == E164
        await taken(Lease(house.url))
        with pytest.raises(Superseded):
            await house.part.number_of("p-1")

    at_home(story)


def test_with_the_store_away_who_is_owed_a_call_is_called_all_the_same() -> None:
    async def story(house: House) -> None:
        await with_one_promise(house)
        await house.store.stop()
        assert await house.part.number_of("p-1") == E164
        await house.store.start()

    at_home(story)


def test_what_an_older_daemon_would_note_is_not_noted_and_its_caller_is_told_so() -> None:
    async def story(house: House) -> None:
        await with_one_promise(house)
        newer = Lease(house.url)
        await taken(newer)
        house.arrive("1700000000.2", "0639980043")
        house.note("p-2", "1700000000.2", "0639980043")
        assert await house.refused() == "p-2"
        house.lease = newer
        assert set((await house.kept()).promises) == {"p-1"}

    at_home(story)
