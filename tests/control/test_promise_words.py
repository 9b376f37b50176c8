"""Promises as somebody reads them at a terminal."""

from __future__ import annotations

import io
from datetime import UTC, datetime, timedelta
from typing import get_args
from zoneinfo import ZoneInfo

from rich.console import Console

from router.control.promise_words import HAPPENINGS, ORIGINS, OVERDUE, STATES, story, table
from router.core.promise import PromiseInput, PromiseState
from router.core.promise_events import PromiseOrigin
from router.web.counter import Standing

PARIS = ZoneInfo("Europe/Paris")
NOW = datetime(2026, 11, 17, 9, 0, tzinfo=UTC).astimezone(PARIS)
SECOND = NOW.timestamp()


def promise(
    name: str,
    *,
    state: PromiseState = "waiting",
    due_in_minutes: float = 30,
    by_senior: bool = False,
) -> Standing:
    return Standing(
        promise=name,
        line="carers",
        state=state,
        origin="key",
        noted_at=SECOND - 600,
        not_before=SECOND - 600,
        due_by=SECOND + 60 * due_in_minutes,
        attempts=1,
        next_at=SECOND + 90 if state == "waiting" else None,
        usual="anne",
        by_senior=by_senior,
        history=(
            (SECOND - 600, "noted", "key"),
            (SECOND - 600, "due", ""),
            (SECOND - 540, "taken", ""),
            (SECOND - 510, "not_reached", "no_answer"),
        ),
    )


def test_there_are_words_for_all_that_can_be() -> None:
    assert set(STATES) == set(get_args(PromiseState))
    assert set(HAPPENINGS) == {*get_args(PromiseInput), "noted"}
    assert set(ORIGINS) == set(get_args(PromiseOrigin))


def test_a_history_is_told_in_words_at_the_sites_own_times() -> None:
    assert story(promise("p-1"), PARIS).splitlines() == [
        "p-1: waits, due by 2026-11-17 10:30:00",
        "asked for by key, while waiting; line carers",
        "to be called back by anne, if that can be",
        "next attempt 2026-11-17 10:01:30",
        "  2026-11-17 09:50:00  noted",
        "  2026-11-17 09:50:00  a listener is sought",
        "  2026-11-17 09:51:00  a listener has taken it, and the caller is rung",
        "  2026-11-17 09:51:30  nobody reached (no answer)",
    ]


def test_first_stand_those_that_a_senior_has_to_see_to_and_what_is_overdue_is_red() -> None:
    late = promise("p-late", due_in_minutes=-5)
    soon, later = promise("p-soon", due_in_minutes=5), promise("p-later")
    given_up = promise("p-given-up", state="with_seniors", due_in_minutes=20)
    shown = table([later, soon, given_up, late], NOW)
    assert list(shown.columns[0].cells) == ["p-given-up", "p-late", "p-soon", "p-later"]
    assert [row.style for row in shown.rows] == ["", OVERDUE, "", ""]


def test_the_table_says_who_is_to_call_and_when_it_is_tried_next() -> None:
    console = Console(width=100, file=io.StringIO(), record=True)
    tomorrow = NOW + timedelta(days=1)
    name = f"p-{24 * 'a'}"
    console.print(table([promise(name), promise("p-2", by_senior=True)], tomorrow))
    text = console.export_text()
    assert name in text
    assert "11-17 10:01" in text
    assert "a senior" in text
    assert "anne" in text
