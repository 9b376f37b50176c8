"""A replay of a journal that does not tell all: the store was away, or no daemon looked."""

from __future__ import annotations

from pathlib import Path

import pytest

from router.core.events import PbxLost, PbxResynced
from router.past.journal import Journal, lines_of, read
from simulations.replay.command import replay
from simulations.replay.compare import differing
from simulations.replay.fates import fates
from simulations.replay.rerun import Rerun
from simulations.replay.study import Findings, study
from tests.core.drive import rules
from tests.report.holes import AWAY_SECONDS, arrival, waymarks, without
from tests.report.stages import simulated
from tests.simulations.replay_stages import NOBODY_CALLED_BACK, past_of
from tests.story.journals import Written

DAY = 86_400.0


@pytest.fixture(scope="module")
def whole() -> Journal:
    return simulated("ordinary_week", NOBODY_CALLED_BACK)[1]


def with_a_hole(whole: Journal) -> Journal:
    """Give a journal that lacks the minute in which a call begins, with the state after it."""
    began = arrival(whole, 1.4 * DAY) - 5.0
    return without(whole, began, waymarks(whole.entries, began + AWAY_SECONDS))


def test_after_a_gap_it_goes_on_with_the_state_that_was_kept(whole: Journal) -> None:
    true, found = study(whole, None, 1), study(with_a_hole(whole), None, 1)
    assert found.self_check.is_exact
    assert not found.changes
    assert len(true.then) - 5 < len(found.then) < len(true.then)
    for name in found.then:
        assert found.then[name] == true.then[name]


def test_where_the_gap_was_and_whose_calls_it_cost_is_said(whole: Journal) -> None:
    journal = with_a_hole(whole)
    (mark,) = journal.waymarks
    note = said_of_gaps(study(journal, None, 1))
    assert f"before line {mark.index + 2} the journal does not tell all" in note
    assert "told anew with the state that was kept, and 1 calls that were there then" in note


def test_under_its_own_rules_people_do_after_a_gap_as_they_did(whole: Journal) -> None:
    past = past_of(with_a_hole(whole))
    then = fates(past)
    own = Rerun(past, None, 1)
    own.run()
    late = {name for name in then if past.calls[name].arrived > 2 * DAY}
    assert len(late) > 80
    assert not late & set(differing(then, own.ended))


def test_without_a_state_after_it_the_check_says_that_it_is_not_to_be_trusted(
    whole: Journal,
) -> None:
    began = arrival(whole, 1.4 * DAY) - 5.0
    assert not study(without(whole, began), None, 1).self_check.is_same_engine


def test_a_state_that_says_the_same_in_other_words_costs_nothing(whole: Journal) -> None:
    marks = waymarks(whole.entries, *(day * DAY for day in range(1, 7)))
    journal = Journal("a journal", whole.entries, waymarks=tuple(marks))
    found = study(journal, None, 1)
    assert found.then == study(whole, None, 1).then
    assert not [note for note in found.notes if "does not tell all" in note]


def test_a_file_has_the_states_on_the_way_and_is_replayed_with_them(
    whole: Journal, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    journal = with_a_hole(whole)
    path = tmp_path / "journal.jsonl"
    path.write_bytes(b"".join(lines_of(journal.entries, None, journal.waymarks)))
    found = read(path)
    assert (found.entries, found.waymarks) == (journal.entries, journal.waymarks)
    lines = path.read_bytes().splitlines()
    (mark,) = found.waymarks
    for index in (mark.index - 1, mark.index):
        alone = tmp_path / "alone.jsonl"
        alone.write_bytes(lines[found.line_of(index) - 1] + b"\n")
        assert read(alone).entries == (journal.entries[index],)
    replay(str(path))
    said = " ".join(capsys.readouterr().out.split())
    assert "calls end exactly as they did" in said
    assert f"before line {mark.index + 2} the journal does not tell all" in said


def said_of_gaps(found: Findings) -> str:
    (note,) = [one for one in found.notes if "does not tell all" in one]
    return note


def talk_unseen(*, accepted: bool) -> Journal:
    """Give the journal of a talk that began and ended while the link was down."""
    desk = Written(rules(listeners={"ana": {}}))
    desk.arrive("c1")
    desk.wait(2.0)
    if accepted:
        desk.accept("ana")
    desk.tell(PbxLost())
    desk.wait(40.0)
    desk.tell(PbxResynced((), (), talked=("c1",)))
    desk.wait(5.0)
    return Journal("a journal", tuple(desk.entries))


@pytest.mark.parametrize(
    ("accepted", "ended"),
    [(True, ("answered", "ana")), (False, ("fallback_answered", None))],
)
def test_a_talk_that_nobody_saw_is_with_whoever_had_accepted_and_so_it_is_in_a_replay(
    *, accepted: bool, ended: tuple[str, str | None]
) -> None:
    journal = talk_unseen(accepted=accepted)
    past = past_of(journal)
    then = fates(past)
    own = Rerun(past, None, 1)
    own.run()
    for found in (then["c1"], own.ended["c1"]):
        assert (found.outcome, found.listener) == ended
    assert study(journal, None, 1).self_check.is_exact
