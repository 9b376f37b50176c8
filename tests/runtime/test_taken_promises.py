"""Which promises are known to be in the journal: one that is in none must not count as kept."""

from __future__ import annotations

from router.core.promise_events import PromiseNoted
from tests.runtime.promise_house import House, at_home


def test_what_the_journal_could_not_take_is_told_again_after_a_restart() -> None:
    async def story(house: House) -> None:
        house.arrive("c1")
        house.note("p-1", "c1")
        noted = await house.hear(PromiseNoted)
        house.desk.hear(noted, stored=False)
        await house.settled()
        assert (await house.kept()).taken == frozenset()
        await house.restart()
        assert (await house.hear(PromiseNoted)).promise == "p-1"

    at_home(story)


def test_once_the_journal_is_well_again_it_counts_as_taken() -> None:
    async def story(house: House) -> None:
        house.arrive("c1")
        house.note("p-1", "c1")
        noted = await house.hear(PromiseNoted)
        house.desk.hear(noted, stored=False)
        house.arrive("c2")
        house.note("p-2", "c2")
        house.desk.hear(await house.hear(PromiseNoted))
        await house.settled()
        assert (await house.kept()).taken == {"p-1", "p-2"}

    at_home(story)
