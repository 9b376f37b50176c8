from __future__ import annotations

from pathlib import Path

import pytest

from tests.testbed import require_testbed
from tests.testbed.__main__ import down, status, up
from tests.testbed.tree import tree_folder


def test_a_testbed_brought_up_by_hand_stays_until_it_is_brought_down(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    require_testbed()
    tree = tree_folder()
    (tmp_path / "decroche").mkdir()
    (tmp_path / "decroche/asterisk").symlink_to(tree)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert status() == 1
    try:
        assert up() == 0
        first = capsys.readouterr().out
        assert "AMI 127.0.0.1:" in first
        assert up() == 0
        assert capsys.readouterr().out in first
    finally:
        assert down() == 0
    assert status() == 1
    assert "no testbed stands" in capsys.readouterr().out
