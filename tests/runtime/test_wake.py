"""Whose phone is rung when the next call is at risk."""

from __future__ import annotations

from pathlib import Path

import pytest
from structlog.testing import capture_logs

from router.ami.act import Phones
from router.ami.pending import Fields
from router.ami.wake import WakeCalls
from router.runtime.wake import (
    LEFT_ALONE_SECONDS,
    MOST_AT_ONCE,
    MOST_RINGS,
    NIGHT_SECONDS,
    WakeBook,
    Waker,
)

NOW = 1_700_000_000.0
TEAM = ["anne", "bob", "carol", "dan", "eve"]


class Night:
    """A waker of which each new one is a daemon that has been started again."""

    def __init__(self, state_dir: Path, woken: list[str] = TEAM) -> None:
        self.rung: list[str] = []
        phones = Phones({name: f"PJSIP/{name}" for name in woken}, {"health": "0805232336"})
        self.waker = Waker(phones, WakeCalls(self._send, lambda _: None), WakeBook(state_dir))

    def wake(self, *asleep: str, after_seconds: float = 0.0) -> list[str]:
        """Give whose phones ring."""
        before = len(self.rung)
        self.waker.wake("health", asleep, NOW + after_seconds)
        return self.rung[before:]

    def _send(self, action: str, fields: Fields, if_refused: object = None) -> None:
        assert (action, fields["CallerID"], if_refused) == ("Originate", "0805232336", None)
        self.rung.append(str(fields["Channel"]).removeprefix("PJSIP/"))


@pytest.fixture
def night(tmp_path: Path) -> Night:
    return Night(tmp_path)


def test_a_few_are_rung_and_the_next_waking_rings_others(night: Night) -> None:
    assert night.wake(*TEAM) == TEAM[:MOST_AT_ONCE]
    assert night.wake(*TEAM, after_seconds=300.0) == TEAM[MOST_AT_ONCE:]
    assert night.wake(*TEAM, after_seconds=600.0) == []


def test_nobody_is_rung_twice_within_half_an_hour(night: Night) -> None:
    assert night.wake("anne") == ["anne"]
    assert night.wake("anne", after_seconds=LEFT_ALONE_SECONDS - 1.0) == []
    assert night.wake("anne", after_seconds=LEFT_ALONE_SECONDS) == ["anne"]


def test_a_risk_that_comes_and_goes_rings_nobody_more_than_thrice_a_night(night: Night) -> None:
    every_half_hour = [at * LEFT_ALONE_SECONDS for at in range(16)]
    rung = [night.wake("anne", after_seconds=after) for after in every_half_hour]
    assert rung == [["anne"]] * MOST_RINGS + [[]] * (16 - MOST_RINGS)
    assert night.wake("anne", after_seconds=NIGHT_SECONDS) == ["anne"]


def test_those_who_were_rung_longest_ago_come_first(night: Night) -> None:
    night.wake("anne")
    assert night.wake(*TEAM, after_seconds=LEFT_ALONE_SECONDS) == ["bob", "carol", "dan"]
    assert night.wake(*TEAM, after_seconds=LEFT_ALONE_SECONDS + 300.0) == ["eve", "anne"]


def test_whoever_does_not_want_it_is_not_rung(tmp_path: Path) -> None:
    assert Night(tmp_path, woken=["bob"]).wake("anne", "bob") == ["bob"]


def test_a_daemon_that_starts_again_knows_whom_it_has_rung(night: Night, tmp_path: Path) -> None:
    night.wake("anne")
    assert Night(tmp_path).wake("anne", "bob", after_seconds=10.0) == ["bob"]


def test_a_book_that_cannot_be_written_keeps_nobody_asleep(tmp_path: Path) -> None:
    night = Night(tmp_path / "not there")
    with capture_logs() as lines:
        assert night.wake("anne") == ["anne"]
    assert lines[0]["event"] == "wake_book_unwritable"
    assert night.wake("anne") == []


@pytest.mark.parametrize("content", [b"", b"[]", b'{"anne": 1.5}', b"\xff"])
def test_a_book_that_is_broken_is_told_of_and_begun_anew(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "wakes.json").write_bytes(content)
    with capture_logs() as lines:
        night = Night(tmp_path)
    assert [line["event"] for line in lines] == ["wake_book_unreadable"]
    assert night.wake("anne") == ["anne"]
