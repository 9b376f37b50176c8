"""Who is known to whom, for how long, and that nothing is left of it after."""

from __future__ import annotations

from router.core.affinity import MAX_ACQUAINTANCES, Acquaintances

DAY_SECONDS = 86_400.0
YEAR = 365.0


def test_a_caller_is_known_to_whom_they_last_talked_with() -> None:
    known = Acquaintances()
    known.remember("hash-1", "ana", 0.0, YEAR)
    known.remember("hash-1", "bob", 5.0, YEAR)
    assert known.listener_of("hash-1", 10.0, YEAR) == "bob"
    assert known.listener_of("hash-2", 10.0, YEAR) is None


def test_after_the_days_that_are_set_they_are_known_to_nobody() -> None:
    known = Acquaintances()
    known.remember("hash-1", "ana", 0.0, 30.0)
    assert known.listener_of("hash-1", 30.0 * DAY_SECONDS, 30.0) == "ana"
    assert known.listener_of("hash-1", 30.0 * DAY_SECONDS + 1.0, 30.0) is None


def test_nothing_is_kept_of_whom_nobody_knows_any_more() -> None:
    known = Acquaintances()
    for day in range(40):
        known.remember(f"hash-{day}", "ana", day * DAY_SECONDS, 30.0)
    assert list(known.by_caller) == [f"hash-{day}" for day in range(9, 40)]
    known.remember("hash-new", "ana", 40.0 * DAY_SECONDS, 7.0)
    assert list(known.by_caller) == [*(f"hash-{day}" for day in range(33, 40)), "hash-new"]


def test_a_crowd_makes_room_by_whom_was_seen_longest_ago() -> None:
    known = Acquaintances()
    for number in range(MAX_ACQUAINTANCES + 2):
        known.remember(f"hash-{number}", "ana", float(number), YEAR)
    assert len(known.by_caller) == MAX_ACQUAINTANCES
    assert next(iter(known.by_caller)) == "hash-2"


def test_a_withheld_number_is_nobody() -> None:
    known = Acquaintances()
    known.remember(None, "ana", 0.0, YEAR)
    assert known.by_caller == {}
