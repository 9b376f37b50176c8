"""What a daemon finds at its start, and whom Asterisk's end, or ours, owes a call-back."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from structlog.testing import capture_logs

from router.core.policy import CallBack
from router.core.promise_events import PromiseNoted
from router.runtime import live_numbers
from tests.runtime.cut_off import ARRIVED, SINCE_AFTER, SINCE_BEFORE, cut_off, origins
from tests.runtime.promise_house import AT_ANY_HOUR, E164, House, at_home

ON_HANG_UP = f"on_hang_up = true\n{AT_ANY_HOUR}"
NOON = datetime(2026, 11, 20, 12, tzinfo=ZoneInfo("Europe/Paris")).timestamp()


async def nothing_is_left_or_told(house: House) -> None:
    """See that neither a number nor a promise is kept, and that the engine has heard of none."""
    await house.settled()
    assert house.told == []
    assert house.keys() == 0
    kept = await house.kept()
    assert (kept.live, kept.promises) == ({}, {})


def test_a_promise_that_the_engine_knows_stands_and_is_not_told_again() -> None:
    async def story(house: House) -> None:
        house.arrive("c1")
        await house.noted("p-1", "c1")
        await house.settled()
        await house.restart(known=["p-1"], journal_lost=False)
        assert house.told == []
        assert await house.desk.number_of("p-1") == E164

    at_home(story)


def test_a_promise_that_no_journal_tells_of_is_told_again_as_it_was() -> None:
    async def story(house: House) -> None:
        house.arrive("c1")
        first = await house.noted("p-1", "c1")
        await house.settled()
        with capture_logs() as lines:
            await house.restart()
        assert house.told == [first]
        assert ("promise_told_again", "p-1") in [
            (one["event"], one.get("promise")) for one in lines
        ]

    at_home(story)


def test_a_promise_noted_as_the_daemon_died_is_told_by_the_next_one() -> None:
    async def story(house: House) -> None:
        house.arrive("c1")
        house.note("p-1", "c1")
        first = await house.hear(PromiseNoted)
        await house.restart(journal_lost=False)
        assert house.told == [first]

    at_home(story)


def test_so_it_is_not_where_its_caller_has_talked_with_somebody_while_there_was_no_daemon() -> None:
    async def story(house: House) -> None:
        house.arrive("c1", arrived=ARRIVED)
        house.note("p-1", "c1")
        await house.hear(PromiseNoted)
        house.die()
        house.begin()
        house.part.watch.asterisk_holds([], SINCE_BEFORE, talked=["c1"])
        await house.open(journal_lost=False)
        await nothing_is_left_or_told(house)

    at_home(story)


def test_a_promise_kept_as_the_daemon_died_is_not_dialled_again_but_erased() -> None:
    async def story(house: House) -> None:
        house.arrive("c1")
        await house.noted("p-1", "c1")
        house.end("c1")
        await house.settled()
        await house.restart(known=[], journal_lost=False)
        assert house.told == []
        await house.settled()
        assert (await house.kept()).promises == {}
        assert house.keys() == 0

    at_home(story)


def test_a_record_whose_key_is_destroyed_is_no_promise_and_goes_too() -> None:
    async def story(house: House) -> None:
        house.arrive("c1")
        await house.noted("p-1", "c1")
        await house.settled()
        kept = await house.kept()
        house.desk._vault.erase([kept.promises["p-1"].number.key, kept.live["c1"].number.key])
        await house.restart()
        assert house.told == []
        await house.settled()
        kept = await house.kept()
        assert (kept.promises, kept.live, kept.taken) == ({}, {}, frozenset())

    at_home(story)


def test_keys_that_no_record_names_are_destroyed_at_the_start() -> None:
    async def story(house: House) -> None:
        house.arrive("c1")
        await house.settled()
        house.desk._vault.seal(E164)
        assert house.keys() == 2
        await house.restart()
        await house.settled()
        assert house.keys() == 1

    at_home(story)


def test_whoever_waited_when_asterisk_died_is_owed_a_call_back() -> None:
    async def story(house: House) -> None:
        house.clock = lambda: NOON
        house.arrive("c1", arrived=ARRIVED)
        await cut_off(house, SINCE_AFTER)
        told = await house.hear(PromiseNoted)
        assert (told.origin, told.line, told.call, told.usual) == ("crash", "carers", "c1", None)
        assert told.place_at == ARRIVED
        assert told.due_by - told.not_before == CallBack().within_seconds
        assert told.not_before >= NOON
        assert await house.desk.number_of(told.promise) == E164
        kept = await house.kept()
        assert (list(kept.live), list(kept.promises)) == ([], [told.promise])

    at_home(story)


def test_whoever_talked_when_asterisk_died_is_called_back_by_the_same_listener() -> None:
    async def story(house: House) -> None:
        house.arrive("c1", arrived=ARRIVED)
        house.desk.live.answered("c1", "anne")
        await cut_off(house, SINCE_AFTER)
        told = await house.hear(PromiseNoted)
        assert (told.origin, told.usual) == ("crash", "anne")

    at_home(story)


@pytest.mark.parametrize(
    ("after_start_seconds", "why"), [(-1.0, ["crash"]), (1.0, ["crash"]), (2.0, [])]
)
def test_a_clock_of_asterisks_that_is_a_second_ahead_has_nobody_forgotten(
    after_start_seconds: float, why: list[str]
) -> None:
    async def story(house: House) -> None:
        house.arrive("c1", arrived=ARRIVED)
        await cut_off(house, ARRIVED - after_start_seconds)
        assert origins(house) == why

    at_home(story)


def test_asterisks_death_while_the_daemon_lives_is_the_same() -> None:
    async def story(house: House) -> None:
        house.arrive("c1", arrived=ARRIVED)
        house.arrive("c2", arrived=ARRIVED)
        house.part.watch.asterisk_holds(["c2"], SINCE_AFTER)
        house.end("c1")
        told = await house.hear(PromiseNoted)
        assert (told.origin, told.call) == ("crash", "c1")
        assert list((await house.kept()).live) == ["c2"]

    at_home(story)


def test_who_is_still_there_is_owed_nothing_and_their_number_stays() -> None:
    async def story(house: House) -> None:
        house.arrive("c1", arrived=ARRIVED)
        await cut_off(house, SINCE_AFTER, calls=("c1",))
        assert house.told == []
        house.end("c1")
        await house.settled()
        assert house.keys() == 0

    at_home(story)


@pytest.mark.parametrize("up_since", [SINCE_BEFORE, None])
def test_a_talk_that_ended_while_the_daemon_was_away_is_over_and_its_number_erased(
    up_since: float | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Its listener may still be there, and keys what it has led to.
    monkeypatch.setattr(live_numbers, "WRAP_UP_SECONDS", 0.0)

    async def story(house: House) -> None:
        house.arrive("c1", arrived=ARRIVED)
        house.desk.live.answered("c1", "anne")
        await cut_off(house, up_since)
        assert house.told == []
        await house.settled()
        assert (await house.kept()).live == {}
        assert house.keys() == 0

    at_home(story, ON_HANG_UP)


def test_whoever_left_the_queue_while_the_daemon_was_away_is_owed_it_where_the_line_says_so() -> (
    None
):
    async def story(house: House) -> None:
        house.arrive("c1", arrived=ARRIVED)
        await cut_off(house, SINCE_BEFORE)
        assert (await house.hear(PromiseNoted)).origin == "hang_up"

    async def other_story(house: House) -> None:
        house.arrive("c1", arrived=ARRIVED)
        await cut_off(house, SINCE_BEFORE)
        assert house.told == []
        assert house.keys() == 0

    at_home(story, ON_HANG_UP)
    at_home(other_story)


def test_a_crash_found_twice_is_one_promise() -> None:
    async def story(house: House) -> None:
        house.arrive("c1", arrived=ARRIVED)
        await cut_off(house, SINCE_AFTER)
        told = await house.hear(PromiseNoted)
        await cut_off(house, SINCE_AFTER)
        assert [event.promise for event in house.told if isinstance(event, PromiseNoted)] == [
            told.promise
        ]
        assert list((await house.kept()).promises) == [told.promise]

    at_home(story)


def test_what_ended_before_the_store_could_be_read_is_over() -> None:
    async def story(house: House) -> None:
        house.arrive("c1", arrived=ARRIVED)
        await house.noted("p-1", "c1")
        await house.settled()
        house.die()
        house.begin()
        house.part.watch.asterisk_holds(["c1"], SINCE_BEFORE)
        house.end("c1")
        house.close("p-1")
        await house.open(journal_lost=True)
        await house.settled()
        house.part.watch.asterisk_holds([], SINCE_AFTER)
        await nothing_is_left_or_told(house)

    at_home(story)


def test_asterisks_death_is_not_overlooked_because_the_engine_has_ended_the_calls_first() -> None:
    async def story(house: House) -> None:
        house.arrive("c1", arrived=ARRIVED)
        await house.settled()
        house.die()
        house.begin()
        house.part.watch.asterisk_holds([], SINCE_AFTER)
        house.end("c1")
        await house.open(journal_lost=False)
        assert (await house.hear(PromiseNoted)).origin == "crash"

    at_home(story)


def test_nobody_is_forgotten_because_the_store_came_up_after_asterisk() -> None:
    async def story(house: House) -> None:
        house.arrive("c1", arrived=ARRIVED)
        house.arrive("c2", arrived=ARRIVED)
        await house.settled()
        house.die()
        house.begin()
        house.part.watch.asterisk_holds(["c2"], SINCE_AFTER)
        house.arrive("c3")
        await house.open(journal_lost=False)
        assert (await house.hear(PromiseNoted)).call == "c1"
        assert set((await house.kept()).live) == {"c2", "c3"}

    at_home(story)
