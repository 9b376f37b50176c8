"""Who has talked as an earlier daemon's journal tells is not called back for having left."""

from __future__ import annotations

import pytest

from router.core.entry import Entry
from router.core.events import AnyEvent, FallbackAnswered, PbxResynced, TalkStarted
from router.core.seen import SeenCall
from router.store.journal import Journal
from tests.runtime.promise_house import AT_ANY_HOUR, House, at_home

ARRIVED = 1_700_000_000.0
ANSWERED = ARRIVED + 9.0
SINCE_BEFORE = ARRIVED - 86_400.0
ON_HANG_UP = f"on_hang_up = true\n{AT_ANY_HOUR}"
TALKING = SeenCall("c1", "carers", None, ARRIVED, "talking", "dcr-1")


async def left_while_no_daemon_was_there(house: House, *journalled: AnyEvent) -> list[AnyEvent]:
    """Have a daemon die that had this in its journal; give what the next one tells."""
    house.arrive("c1", arrived=ARRIVED)
    await house.settled()
    journal = Journal(
        house.url, take_snapshot=lambda: b"", metrics=house.metrics, lease=house.lease
    )
    await journal.read_back()
    assert await journal.append([Entry(ANSWERED, event) for event in journalled])
    await journal.close()
    await house.restart(journal_lost=False)
    house.part.watch.asterisk_holds((), SINCE_BEFORE)
    await house.settled()
    return house.told


@pytest.mark.parametrize(
    "talk",
    [
        TalkStarted("c1", "dcr-1"),
        FallbackAnswered("c1"),
        PbxResynced(calls=(TALKING,), offers=()),
        PbxResynced((), (), talked=("c1",)),
    ],
)
def test_who_has_talked_is_owed_nothing_though_their_end_was_not_seen(talk: AnyEvent) -> None:
    async def story(house: House) -> None:
        assert await left_while_no_daemon_was_there(house, talk) == []

    at_home(story, ON_HANG_UP)


def test_who_has_not_is_called_back() -> None:
    async def story(house: House) -> None:
        told = await left_while_no_daemon_was_there(house, TalkStarted("c2", "dcr-1"))
        assert [type(one).__name__ for one in told] == ["PromiseNoted"]

    at_home(story, ON_HANG_UP)


@pytest.mark.parametrize("is_open", [False, True])
def test_who_has_talked_while_no_daemon_was_there_is_owed_nothing(
    is_open: bool,  # noqa: FBT001  a row
) -> None:
    async def story(house: House) -> None:
        house.arrive("c1", arrived=ARRIVED)
        await house.settled()
        house.die()
        house.begin()
        if is_open:
            await house.open(journal_lost=False)
        house.part.watch.asterisk_holds((), SINCE_BEFORE, ("c1",))
        if not is_open:
            await house.open(journal_lost=False)
        await house.settled()
        assert house.told == []

    at_home(story, ON_HANG_UP)


def test_who_talks_as_the_daemon_begins_is_owed_nothing_by_the_next_one() -> None:
    async def story(house: House) -> None:
        house.arrive("c1", arrived=ARRIVED)
        await house.settled()
        house.die()
        house.begin()
        house.desk.live.answered("c1", "anne")
        await house.open(journal_lost=False)
        await house.settled()
        await house.restart(journal_lost=False)
        house.part.watch.asterisk_holds((), SINCE_BEFORE)
        await house.settled()
        assert house.told == []

    at_home(story, ON_HANG_UP)
