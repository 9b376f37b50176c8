"""`decroche promises ...` as somebody at a terminal uses it."""

from __future__ import annotations

import io
import sys
from pathlib import Path

import msgspec
import pytest

from router.control import ask_promises as command
from router.errors import ControlError
from router.web.counter import Asked, Standing
from tests.config.trees import Tree
from tests.control.test_promise_words import promise

NUMBER = "06 39 98 00 42"


class Daemon:
    """A daemon that says what it is told to say, and keeps what it was asked."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, bytes]] = []
        self.says: Standing | list[Standing] = promise("p-1")

    def ask(self, _: Path, what: str, body: bytes) -> bytes:
        self.asked.append((what, body))
        return msgspec.json.encode(self.says)


@pytest.fixture
def daemon(monkeypatch: pytest.MonkeyPatch) -> Daemon:
    daemon = Daemon()
    monkeypatch.setattr(command, "ask", daemon.ask)
    monkeypatch.setattr(sys, "stdin", io.StringIO(f"{NUMBER}\n"))
    return daemon


@pytest.fixture
def config(tmp_path: Path) -> Path:
    return Tree(tmp_path).path


def test_a_call_back_is_asked_for_with_the_number_from_the_standard_input(
    daemon: Daemon, config: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    command.add(line="carers", listener="042", senior=True, config=config)
    assert [what for what, _ in daemon.asked] == ["promises-add"]
    asked = msgspec.json.decode(daemon.asked[0][1], type=Asked)
    assert asked == Asked(NUMBER, "carers", "ops", "042", by_senior=True)
    assert capsys.readouterr().out == "p-1: waits, due by 2026-11-17 10:30:00\n"


def test_a_window_is_in_the_sites_own_time_where_it_does_not_say_otherwise(
    daemon: Daemon, config: Path
) -> None:
    command.add(
        line="carers", begins="2026-11-17T09:00", ends="2026-11-17T09:00:00+00:00", config=config
    )
    asked = msgspec.json.decode(daemon.asked[0][1], type=Asked)
    assert (asked.begins, asked.ends) == (1_794_902_400.0, 1_794_906_000.0)


def test_a_time_that_is_none_is_refused_before_anything_is_asked(
    daemon: Daemon, config: Path
) -> None:
    with pytest.raises(ControlError, match="--until: expected a local time"):
        command.add(line="carers", ends="tomorrow", config=config)
    assert daemon.asked == []


def test_what_is_open_is_listed_as_a_table_or_as_json(
    daemon: Daemon, config: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    daemon.says = [promise("p-1"), promise("p-2")]
    command.list_all(config=config)
    assert "p-2" in capsys.readouterr().out
    command.list_all(as_json=True, config=config)
    assert msgspec.json.decode(capsys.readouterr().out, type=list[Standing]) == daemon.says


def test_one_is_shown_with_its_history_or_as_json(
    daemon: Daemon, config: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    command.show("p-1", config=config)
    assert "nobody reached (no answer)" in capsys.readouterr().out
    command.show("p-1", as_json=True, config=config)
    assert msgspec.json.decode(capsys.readouterr().out, type=Standing) == daemon.says
    assert daemon.asked == [("promises-show", b"p-1")] * 2


def test_what_is_done_with_one_is_said_as_it_stands_then(
    daemon: Daemon, config: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    daemon.says = promise("p-1", state="cancelled")
    command.cancel("p-1", config=config)
    assert capsys.readouterr().out == "p-1: cancelled\n"
    command.retry("p-2", config=config)
    command.give("p-3", config=config)
    assert daemon.asked == [
        ("promises-cancel", b"p-1"),
        ("promises-retry", b"p-2"),
        ("promises-give", b"p-3"),
    ]
