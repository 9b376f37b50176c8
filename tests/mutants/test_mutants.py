from __future__ import annotations

from pathlib import Path

import pytest
from msgspec.structs import replace

from tests.mutants import __main__ as command
from tests.mutants.mutants import ROOT, Mutant, Stale, listed

NEVER_ASKED = listed()[0]


@pytest.mark.parametrize("mutant", listed(), ids=lambda one: one.name)
def test_each_mutant_changes_a_line_that_is_there_into_another_that_python_reads(
    mutant: Mutant,
) -> None:
    changed = mutant.changed(ROOT)
    before = (ROOT / mutant.file).read_text(encoding="utf-8").splitlines()
    differ = [
        (one.strip(), other.strip())
        for one, other in zip(before, changed.splitlines(), strict=True)
        if one != other
    ]
    assert differ == [(mutant.before, mutant.after)]
    compile(changed, mutant.file, "exec")


def test_no_two_mutants_have_a_name_or_a_change_in_common() -> None:
    mutants = listed()
    assert len({one.name for one in mutants}) == len(mutants) >= 12
    assert len({(one.file, one.before, one.after) for one in mutants}) == len(mutants)


@pytest.mark.parametrize("lines", [[], ["send()", "send()"], ["sends()"]])
def test_a_line_that_is_no_more_or_not_alone_is_not_changed_but_said(
    tmp_path: Path, lines: list[str]
) -> None:
    (tmp_path / "engine.py").write_text("\n".join(lines), encoding="utf-8")
    mutant = Mutant("nobody is sent", "engine.py", "send()", "pass", "all are sent")
    with pytest.raises(
        Stale, match=r"nobody is sent: engine\.py has the line `send\(\)` [02] times"
    ):
        mutant.changed(tmp_path)


def test_a_list_that_no_longer_fits_the_tree_ends_the_command_before_anything_is_tried(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    gone = replace(NEVER_ASKED, before="floor.order(SendToNobody(call.name))")
    monkeypatch.setattr(command, "listed", lambda: [gone])
    monkeypatch.setattr(command, "hunt", lambda *_: pytest.fail("it was tried"))
    assert command.main([]) == 2
    assert "has the line `floor.order(SendToNobody(call.name))` 0 times" in capsys.readouterr().err
