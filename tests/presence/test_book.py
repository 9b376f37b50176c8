"""Whose word counts, over a restart of the daemon too."""

from __future__ import annotations

import pytest

from router.core import events
from router.presence.book import Book, last_words
from router.presence.refusals import RefusedMessage
from tests.core.drive import Desk, rules

NOW = 1_800_000_000.0


def test_what_was_said_without_a_network_counts_though_the_daemon_was_restarted_meanwhile() -> None:
    book = Book()
    book.begin({"anne": NOW - 3_600.0, "bruno": NOW - 10.0})
    assert book.apps_word("anne", NOW - 240.0, NOW)


def test_what_an_earlier_life_has_heard_is_no_news_and_what_came_before_it_is_refused() -> None:
    book = Book()
    book.begin({"anne": NOW - 240.0})
    assert not book.apps_word("anne", NOW - 240.0, NOW)
    with pytest.raises(RefusedMessage, match="outdated"):
        book.apps_word("anne", NOW - 241.0, NOW)


def test_the_engine_keeps_when_each_listener_was_last_heard() -> None:
    desk = Desk(rules(listeners={"ana": {}, "bob": {}}))
    desk.wait(60.0)
    desk.tell(events.ListenerPaused("ana"))
    said_at = desk.now
    desk.wait(600.0)
    told = last_words(desk.engine.state)
    assert told["ana"] == said_at
    assert told["bob"] < said_at
