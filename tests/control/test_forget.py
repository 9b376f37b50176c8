"""`decroche forget` as somebody at a terminal uses it."""

from __future__ import annotations

import getpass
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from router.control import forget as command
from router.control.forget import forget
from router.errors import ControlError
from tests.config.trees import Tree

Asked = list[tuple[Path, str, bytes]]


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> Asked:
    """Give what the daemon is asked; it says yes to all."""
    asked: Asked = []
    monkeypatch.setattr(command, "ask", lambda *what: asked.append(what))
    return asked


@pytest.fixture
def types(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Be somebody at a terminal, who types these when asked."""

    def type_these(*numbers: str) -> None:
        typed = iter(numbers)
        monkeypatch.setattr(getpass, "getpass", lambda _: next(typed))
        monkeypatch.setattr(sys.stdin, "isatty", lambda: True)

    return type_these


def test_a_number_typed_twice_is_what_the_daemon_is_asked_to_forget(
    tmp_path: Path,
    asked: Asked,
    types: Callable[..., None],
    capsys: pytest.CaptureFixture[str],
) -> None:
    types("06 39 98 00 42", "06 39 98 00 42")
    forget(config=Tree(tmp_path).path)
    assert asked == [(Path("/var/lib/decroche"), "forget", b"06 39 98 00 42")]
    assert capsys.readouterr().out == "done\n"


def test_a_slip_of_the_finger_forgets_nobody_and_shows_no_number(
    tmp_path: Path, asked: Asked, types: Callable[..., None]
) -> None:
    types("06 39 98 00 42", "06 39 98 00 43")
    with pytest.raises(ControlError, match="nothing was done") as refused:
        forget(config=Tree(tmp_path).path)
    assert "39" not in str(refused.value)
    assert asked == []
