"""A call's whole story, by one id."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from router.core.engine import Engine
from router.core.events import CallArrived, PbxLost
from router.core.promise_events import CallBackTaken, PromiseNoted
from router.past.asked import UnknownCallError
from router.past.journal import Journal, Waymark, lines_of
from router.story.command import show, story
from router.story.follow import Moment, follow, moments_of
from router.story.log_lines import log_lines
from tests.core.drive import rules
from tests.report.stages import simulated
from tests.story.journals import Written, after_an_outage, taken, talk_over_a_crash

DAY_SECONDS = 86_400.0
PARIS = ZoneInfo("Europe/Paris")


@cache
def crisis() -> Journal:
    _, journal = simulated("crisis_x10")
    return journal


@cache
def moments() -> list[Moment]:
    return list(moments_of(crisis()))


def told(there: list[Moment], asked: str) -> str:
    return "\n".join(text.plain for text in show(follow(there, asked), (), PARIS))


@cache
def a_promise() -> PromiseNoted:
    """Give the first one that was kept by our ringing the caller."""
    happened = [entry.event for entry in crisis().entries]
    leg = next(one.leg for one in happened if isinstance(one, CallBackTaken))
    noted = (one for one in happened if isinstance(one, PromiseNoted))
    return next(one for one in noted if leg == f"dcb-{one.promise}-1")


def test_a_call_is_told_from_its_arrival_to_its_end_with_the_time_of_the_service() -> None:
    arrived = next(one.event for one in crisis().entries if isinstance(one.event, CallArrived))
    said = told(moments(), arrived.call).splitlines()
    local = datetime.fromtimestamp(arrived.arrived, PARIS)
    assert said[0] == f"{arrived.call} (Europe/Paris)"
    assert said[2] == f"{local:%A %Y-%m-%d}"
    assert said[3].startswith(f"{local:%H:%M:%S}")
    assert f"+0.0 s  call {arrived.call} arrives on line {arrived.line}" in said[3]
    whole = "\n".join(said)
    for words in ("we ring ", "presses 1", " and the caller talk", "is over: answered; waited"):
        assert words in whole
    assert whole.index("presses 1") < whole.index("and the caller talk") < whole.index("is over")


def test_its_promise_and_the_call_by_which_that_was_kept_are_told_as_well() -> None:
    promise = a_promise()
    assert promise.call is not None
    said = told(moments(), promise.call)
    for words in (
        f"the caller of {promise.call} hangs up",
        f"promise {promise.promise} is on disk, asked for by the caller",
        f"we ring whom promise {promise.promise} is owed to (dcb-{promise.promise}-1)",
        "whom we called back has pressed the key",
        f"promise {promise.promise}: kept by ",
        f"the number of promise {promise.promise} is erased",
    ):
        assert words in said


def test_any_id_of_the_story_tells_all_of_it() -> None:
    promise = a_promise()
    assert promise.call is not None
    whole = follow(moments(), promise.call)
    offers = [name for name in whole.names if name.startswith("dcr-")]
    assert offers
    for name in (promise.promise, f"dcb-{promise.promise}-1", offers[0]):
        same = follow(moments(), name)
        assert same.moments == whole.moments
        assert same.names == whole.names


def test_the_story_of_one_call_is_nobody_elses() -> None:
    calls = [one.event.call for one in crisis().entries if isinstance(one.event, CallArrived)]
    for call in calls[:5]:
        followed = follow(moments(), call)
        # Others are in it only where one promise has brought them together.
        assert not (set(calls) & followed.names - {call}) or any(
            name.startswith("p-") for name in followed.names
        )


def test_nobody_who_called_is_named() -> None:
    promise = a_promise()
    assert promise.call is not None
    assert promise.caller.startswith("person-")
    assert "person" not in told(moments(), promise.call)


def test_a_crash_in_the_middle_is_told_and_where_the_call_was_found_after_it() -> None:
    said = told(list(moments_of(talk_over_a_crash())), "c1")
    taken = said.index("ana presses 1")
    crash = said.rindex("the daemon starts anew, and reads the journal")
    found = said.index("the link to Asterisk is up: call c1 is talking")
    assert taken < crash < found < said.index("call c1 is over: answered")


def test_a_link_that_was_lost_while_a_call_was_there_is_told_and_of_no_other_call() -> None:
    desk = Written(rules(listeners={"ana": {}}))
    desk.wait(5.0)
    desk.arrive("early")
    desk.hang_up("early")
    desk.wait(5.0)
    desk.arrive("c1")
    desk.wait(1.0)
    desk.tell(PbxLost())
    desk.wait(5.0)
    desk.resync(())
    there = list(moments_of(Journal("a journal", tuple(desk.entries))))
    said = told(there, "c1")
    assert "the link to Asterisk is lost" in said
    assert "the link to Asterisk is up: this call is not there" in said
    assert "call c1 is over: lost" in said
    assert "the link" not in told(there, "early")


def test_a_call_after_an_outage_of_the_store_is_told_as_it_was() -> None:
    desk, index, state = after_an_outage()
    entries = tuple(desk.entries)
    mark = Waymark(index, desk.entries[index].at - 1.0, state, begins=True)
    said = told(list(moments_of(Journal("a journal", entries, waymarks=(mark,)))), "c2")
    for words in (" presses 1", " and the caller talk", "is over: answered"):
        assert words in said
    assert "does not tell all" not in said
    blind = told(list(moments_of(Journal("a journal", entries))), "c2")
    assert "talk (what it followed from is not in the journal)" in blind
    assert "too late" not in blind.partition("talk (what")[0]


def test_a_file_tells_a_call_after_an_outage_as_it_was(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    desk, index, state = after_an_outage()
    mark = Waymark(index, desk.entries[index].at - 1.0, state, begins=True)
    path = tmp_path / "journal.jsonl"
    path.write_bytes(b"".join(lines_of(desk.entries, None, (mark,))))
    story("c2", journal=path)
    said = capsys.readouterr().out
    for words in ("we ring bea", "bea presses 1", "bea and the caller talk", "is over: answered"):
        assert words in said
    assert "does not tell all" not in said


def test_without_a_state_after_a_gap_no_ring_is_told_that_may_be_anothers() -> None:
    desk, _, _ = after_an_outage()
    desk.arrive("c3")
    rung = taken(desk)
    desk.hang_up("c3")
    said = told(list(moments_of(Journal("a journal", tuple(desk.entries)))), "c3")
    assert said.index("whose phones rang, and what was decided, is not known") < said.index(
        "call c3 arrives"
    )
    assert "a listener and the caller talk" in said
    assert "hangs up" in said
    for words in ("we ring", "picks up", "what came of ringing", "is over", rung):
        assert words not in said


def test_a_call_that_lasts_over_an_outage_is_told_where_the_journal_lacks_something() -> None:
    desk, index, state = after_an_outage(lasts=True)
    mark = Waymark(index, desk.entries[index].at, state, begins=True)
    there = list(moments_of(Journal("a journal", tuple(desk.entries), waymarks=(mark,))))
    said = told(there, "c0")
    assert said.index("talk") < said.index("does not tell all") < said.index("is over: answered")


def test_where_the_journal_lacks_a_minute_nobodys_calls_become_one_persons() -> None:
    _, week = simulated("ordinary_week")
    calls = [one.event for one in week.entries if isinstance(one.event, CallArrived)]
    lost = calls[50].arrived
    entries = tuple(one for one in week.entries if not lost - 5.0 <= one.at < lost + 55.0)
    engine = Engine()
    before = [one for one in week.entries if one.at < lost + DAY_SECONDS]
    for one in before:
        engine.step(one.event, one.at)
    index = len(before) - (len(week.entries) - len(entries))
    next_day = Waymark(index, before[-1].at, engine.snapshot())
    for marks in ((), (next_day,)):
        blind = list(moments_of(Journal("a journal", entries, waymarks=marks)))
        for call in calls[51:100:2]:
            names = follow(blind, call.call).names
            assert not names & {other.call for other in calls} - {call.call}


@pytest.mark.parametrize("asked", ["1700000000.17", "p-nobody-1", "dcr-1-nobody"])
def test_a_call_of_which_nothing_is_known_is_refused(asked: str) -> None:
    with pytest.raises(UnknownCallError, match=f"{asked}: not in the journal; expected a call"):
        follow(moments(), asked)


@pytest.mark.parametrize("asked", ["0639980001", "+33639980001", "1\x1b[2J", "x" * 500])
def test_what_is_no_id_is_refused_and_not_repeated(asked: str) -> None:
    with pytest.raises(UnknownCallError) as refused:
        story(asked, journal=Path("there-is-none"))
    assert asked not in str(refused.value)


def test_the_command_tells_it_from_two_files(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    promise = a_promise()
    assert promise.call is not None
    journal, log = tmp_path / "journal.jsonl", tmp_path / "log"
    journal.write_bytes(b"".join(lines_of(crisis().entries)))
    log.write_bytes(line(promise.place_at + 1.0, "promise_not_noted", call=promise.call))
    story(promise.call, journal=journal, log=log)
    said = capsys.readouterr().out
    assert said.startswith(f"{promise.call} (UTC)")
    assert "log: promise_not_noted" in said


NAMES = frozenset({"1767600000.1", "p-a-1"})


def line(at: float, message: str, **fields: object) -> bytes:
    """Write a line as the daemon does."""
    stamp = datetime.fromtimestamp(at, UTC).isoformat().replace("+00:00", "Z")
    level = fields.pop("level", "info")
    return json.dumps({**fields, "level": level, "timestamp": stamp, "message": message}).encode()


def read(*lines: bytes) -> list[str]:
    return [one.words for one in log_lines(lines, NAMES, 100.0, 200.0)]


def test_of_the_log_the_lines_about_the_call_are_told_and_what_was_amiss_meanwhile() -> None:
    assert read(
        line(50.0, "cut_off_caller_owed", call="1767600000.1", promise="p-a-1"),
        line(120.0, "cut_off_caller_owed", call="1767600000.2"),
        line(130.0, "journal_down", level="error", problem="gone"),
        line(130.0, "journal_up", level="info"),
        line(250.0, "journal_down", level="error", problem="later"),
        line(140.0, "call_ended", call="1767600000.1"),
    ) == [
        "cut_off_caller_owed call=1767600000.1 promise=p-a-1",
        "journal_down problem=gone",
    ]


def test_a_log_is_read_as_journalctl_gives_it_too() -> None:
    own = line(120.0, "promise_not_noted", call="1767600000.1", reason="store")
    as_text = json.dumps({"MESSAGE": own.decode(), "__REALTIME_TIMESTAMP": "1"}).encode()
    as_octets = json.dumps({"MESSAGE": list(own)}).encode()
    assert read(as_text, as_octets) == ["promise_not_noted call=1767600000.1 reason=store"] * 2


def test_what_is_no_line_of_the_log_is_passed_over_and_no_number_is_ever_shown() -> None:
    good = line(120.0, "promise_not_noted", call="1767600000.1", about="06 39 98 00 01")
    bad = [b"", b"{", b"[]", b"\xff\xfe", b'{"MESSAGE": null}', b'{"MESSAGE": [900]}', b"[" * 5000]
    bad += [b'{"message": "x"}', b'{"message": "x", "timestamp": "soon", "call": "p-a-1"}']
    assert read(*bad, good) == ["promise_not_noted call=1767600000.1 about=[number]"]


def test_what_would_steer_a_terminal_is_told_as_what_it_is() -> None:
    evil = line(120.0, "\x1b]0;gone\x07", call="1767600000.1", problem="\x1b[2J\r\nnä\u202e")
    assert read(evil) == [r"\x1b]0;gone\x07 call=1767600000.1 problem=\x1b[2J\r\nnä\u202e"]


def test_a_journals_own_words_do_not_steer_it_either() -> None:
    desk = Written(rules(listeners={"ana\x1b[2J": {}}))
    desk.wait(5.0)
    desk.arrive("c1")
    taken(desk)
    said = told(list(moments_of(Journal("a journal", tuple(desk.entries)))), "c1")
    assert r"ana\x1b[2J presses 1" in said
    assert "\x1b" not in said
