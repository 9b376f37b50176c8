"""A promise whose number is not in the store any more."""

from __future__ import annotations

from structlog.testing import capture_logs

from router.core.promise import Promise
from router.core.promise_events import NumberChanged, NumberLost
from tests.runtime.promise_house import CALLER, House, at_home


def without_number(name: str) -> Promise:
    """Give a promise as an engine holds it that knows its number to be lost."""
    return Promise(name, "carers", CALLER, "key", 1.0, 1.0, 2.0, 1_802.0, number_lost=True)


def test_a_promise_whose_number_is_gone_is_told_of_loudly() -> None:
    async def story(house: House) -> None:
        with capture_logs() as lines:
            await house.restart(known=["p-1"], journal_lost=False)
        assert [(one["event"], one["promise"]) for one in lines] == [
            ("promise_without_number", "p-1")
        ]
        assert house.told == [NumberLost("p-1")]

    at_home(story)


def test_a_number_that_was_lost_before_is_not_told_of_to_the_engine_again() -> None:
    async def story(house: House) -> None:
        await house.restart([without_number("p-1")], journal_lost=False)
        assert house.told == []

    at_home(story)


def test_a_number_that_is_there_again_is_told_of_to_the_engine() -> None:
    async def story(house: House) -> None:
        house.arrive("c1")
        await house.noted("p-1", "c1")
        await house.settled()
        await house.restart([without_number("p-1")], journal_lost=False)
        assert house.told == [NumberChanged("p-1", "c1", CALLER)]

    at_home(story)
