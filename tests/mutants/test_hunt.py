from __future__ import annotations

import pytest
from msgspec.structs import replace

from tests.mutants import __main__ as command
from tests.mutants.hunt import DidNotRun, Find, hunt, swarm
from tests.mutants.mutants import Mutant, listed

pytestmark = pytest.mark.slow

SHORT = (swarm(12),)

LISTED = listed()
BY_NAME = {one.name: one for one in LISTED}
QUICK = (
    "the fallback group is never asked",
    "listeners are rung two levels below the skill asked",
    "who came last is served first",
)


@pytest.mark.parametrize("name", QUICK)
def test_a_short_swarm_finds_it(name: str) -> None:
    assert hunt(BY_NAME[name], SHORT).by == "swarm"


def test_a_short_swarm_finds_nothing_in_the_tree_as_it_is() -> None:
    assert hunt(None, SHORT).by is None


def test_an_engine_that_cannot_even_be_loaded_is_no_find() -> None:
    broken = replace(BY_NAME[QUICK[0]], after="raise (")
    with pytest.raises(DidNotRun, match="SyntaxError"):
        hunt(broken, SHORT)


@pytest.mark.parametrize(
    ("by", "by_unchanged", "code"),
    [("swarm", None, 0), (None, None, 1), ("swarm", "swarm", 1)],
    ids=["found", "not found", "found in what is not changed"],
)
def test_the_command_says_what_has_found_each_and_whether_all_is_as_it_should_be(
    by: str | None,
    by_unchanged: str | None,
    code: int,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    def found(mutant: Mutant | None, _: object) -> Find:
        return Find(by if mutant else by_unchanged, 1.5)

    monkeypatch.setattr(command, "hunt", found)
    assert command.main(["served first"]) == code
    rows = capsys.readouterr().out.splitlines()
    told = [row for row in rows if "who came last is served first" in row]
    assert len(told) == 1
    assert (by or "NOTHING") in told[0]
    assert not any("fallback" in row for row in rows)


def test_what_did_not_run_is_told_in_its_row_and_the_others_are_tried_all_the_same(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def found(mutant: Mutant | None, _: object) -> Find:
        if mutant is BY_NAME[QUICK[2]]:
            raise DidNotRun("swarm did not end [within] 300 s", 300.0)
        return Find("swarm" if mutant else None, 1.5)

    monkeypatch.setattr(command, "listed", lambda: LISTED)
    monkeypatch.setattr(command, "hunt", found)
    assert command.main(["served first"]) == 1
    said = capsys.readouterr().out
    assert "not known: swarm did not end [within] 300 s" in " ".join(said.split())
    assert "of those who ask the same" in said
