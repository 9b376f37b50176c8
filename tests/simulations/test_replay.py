from __future__ import annotations

import pytest
from msgspec.structs import replace

from router.core.engine import Engine
from router.core.entry import Entry
from router.core.events import (
    CallArrived,
    CallerHungUp,
    CallWaiting,
    PbxResynced,
    TalkStarted,
)
from router.core.matching import Bench
from router.core.policy import Policy
from router.past.journal import Journal
from simulations.replay.compare import changes, differing
from simulations.replay.fates import fates
from simulations.replay.rerun import Rerun, RerunFailed
from simulations.replay.restep import Ended
from simulations.replay.show import words_of
from simulations.replay.study import study
from tests.simulations.replay_stages import NOBODY_CALLED_BACK, SMALL, journal_of, past_of, rules_of

MANY = (
    'bursts=[{line="one", hour=10, calls=4}, {line="one", hour=11, calls=120, over_seconds=36000}]'
)
AS_KNOWN_IN_THE_MIDDLE = "care.bends=['rings_in_vain', 'calls_in_a_row']"
"""What the talks count for that were going on then is not known: so nothing here goes by them."""
CUTS = "faults.ami_cut=[{hour=10.002, lasts_seconds=4, times=3, every_seconds=20}]"


def rerun(journal: Journal, policy: Policy | None) -> dict[str, Ended]:
    other = Rerun(past_of(journal), policy, seed=1)
    other.run()
    return other.ended


@pytest.mark.parametrize(
    ("scenario", "days"),
    [
        ("small_hours", 6),
        ("ordinary_week", 3),
        ("restart_storm", 1),
        ("trunk_outage", 1),
        ("mass_offline", 1),
    ],
)
def test_under_the_rules_of_then_every_call_ends_as_it_did(scenario: str, days: float) -> None:
    journal = journal_of(scenario, f"days={days}", NOBODY_CALLED_BACK)
    then, now = fates(past_of(journal)), rerun(journal, None)
    assert len(then) > 50
    assert then.keys() == now.keys()
    for name, ended in now.items():
        assert (ended.outcome, ended.listener) == (then[name].outcome, then[name].listener)
        assert ended.waited_seconds == pytest.approx(then[name].waited_seconds, abs=1e-6)


def test_told_to_the_same_engine_a_journal_ends_exactly_as_it_did() -> None:
    findings = study(journal_of("small_hours", "days=2"), None, seed=1)
    assert findings.self_check.is_exact
    assert findings.changes == []
    assert len(findings.then) == findings.self_check.calls > 20


def test_calls_that_ended_with_a_promise_end_so_when_told_again() -> None:
    findings = study(journal_of("crisis_x10", "days=1.45"), None, seed=1)
    assert findings.self_check.is_exact
    assert sum(one.outcome == "promised" for one in findings.then.values()) > 20


def test_without_wrap_up_who_waited_is_served_sooner_and_who_was_lost_is_saved() -> None:
    """Each call waits for a ring of 8 s, a talk of 60 s and 1 s of last words before it."""
    journal = journal_of(SMALL)
    rules = rules_of(journal)
    policy = replace(rules, care=replace(rules.care, wrap_up_seconds=0.0))
    waits = sorted(ended.waited_seconds for ended in rerun(journal, policy).values())
    assert waits == pytest.approx([8.0, 69.0 + 8.0, 2 * 69.0 + 8.0, 3 * 69.0 + 8.0], abs=1e-6)


def test_who_gave_up_gives_up_after_as_long_whatever_the_rules() -> None:
    journal = journal_of(SMALL)
    rules = rules_of(journal)
    nobody = replace(rules, listeners={})
    ended = rerun(journal, nobody)
    then = fates(past_of(journal))
    lost = next(name for name, one in then.items() if one.outcome == "lost")
    assert ended[lost].waited_seconds == then[lost].waited_seconds == 250.0
    assert {one.outcome for one in ended.values()} == {"lost"}


def test_the_most_hurt_come_first_each_with_its_reason() -> None:
    journal = journal_of("ordinary_week", "days=3")
    past, rules = past_of(journal), rules_of(journal)
    few = {name: one for name, one in rules.listeners.items() if not name.startswith(("a-", "b-"))}
    policy = replace(rules, listeners=few)
    other = Rerun(past, policy, seed=1)
    other.run()
    found = changes(past, fates(past), other, policy, set())
    assert {one.call for one in found} == set(differing(fates(past), other.ended))
    lost = [one.then.picked_up and not one.now.picked_up for one in found]
    assert lost == sorted(lost, reverse=True)
    assert any(one.why.endswith("is in no rules") for one in found)
    assert all(one.why for one in found)


def test_an_engine_that_asks_others_first_is_found_out_and_replayed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    one_phone = "lines.health.ladder=[{after_seconds=0, ring_at_once=1}]"
    journal = journal_of("small_hours", "days=14", one_phone)
    monkeypatch.setattr(Bench, "best_for", _the_last_to_be_free)
    findings = study(journal, None, seed=1)
    assert not findings.self_check.is_exact
    assert findings.changes
    assert "does not decide as the one that wrote" in words_of(findings.self_check)


def _the_last_to_be_free(bench: Bench, _: object) -> object:
    available = (one for row in bench._row_of.values() for one in row.seated.values())
    return max(available, key=lambda one: one.idle_order, default=None)


def test_a_call_that_was_told_of_in_the_wrong_order_is_listed() -> None:
    """A word of the hold loop comes after the caller has hung up, and is believed."""
    whole = journal_of(SMALL, MANY)
    lost = next(name for name, one in fates(past_of(whole)).items() if one.outcome == "lost")
    end = whole.entries[-1].at
    arrived = past_of(whole).calls[lost].arrived
    late = Entry(end + 1.0, CallWaiting(lost, "one", None, arrived))
    gone = Entry(end + 9.0, CallerHungUp(lost))
    findings = study(replace(whole, entries=(*whole.entries, late, gone)), None, seed=1)
    (change,) = findings.changes
    assert (change.call, change.then.waited_seconds) == (lost, 250.0)
    assert change.now.waited_seconds == pytest.approx(end + 9.0 - arrived)
    assert not findings.self_check.is_exact
    assert "told of them late, in another order" in words_of(findings.self_check)


def test_an_invariant_that_breaks_in_the_replay_ends_it_with_what_led_to_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    journal = journal_of("small_hours", "days=1")
    past = past_of(journal)
    monkeypatch.setattr(
        Engine, "violations", lambda it: ["two at once"] if len(it.state.calls) > 1 else []
    )
    with pytest.raises(RerunFailed, match="two at once") as failed:
        Rerun(past, None, seed=1).run()
    assert isinstance(failed.value.entries[-1].event, CallArrived)


def test_a_link_that_was_cut_is_cut_again() -> None:
    journal = journal_of(SMALL, CUTS)
    assert differing(fates(past_of(journal)), rerun(journal, None)) == []
    assert any(event is None for _, event in past_of(journal).daemon)


def test_who_has_talked_while_no_daemon_was_there_is_not_taken_for_lost() -> None:
    whole = journal_of(SMALL, MANY)
    lost = next(name for name, one in fates(past_of(whole)).items() if one.outcome == "lost")
    entries = tuple(
        Entry(one.at, PbxResynced((), (), talked=(lost,)))
        if one.event == CallerHungUp(lost)
        else one
        for one in whole.entries
    )
    assert fates(past_of(replace(whole, entries=entries)))[lost].outcome == "fallback_answered"


def test_calls_that_are_not_over_as_the_journal_ends_are_not_compared() -> None:
    whole = journal_of(SMALL)
    talked = next(i for i, e in enumerate(whole.entries) if isinstance(e.event, TalkStarted))
    cut = replace(whole, entries=whole.entries[: talked + 1])
    findings = study(cut, None, seed=1)
    assert len(findings.then) == 1
    assert any("3 calls were not over as it ends: not compared" in note for note in findings.notes)


def test_calls_that_were_there_before_the_journal_begins_are_left_out() -> None:
    whole = journal_of(SMALL)
    first = max(i for i, e in enumerate(whole.entries) if isinstance(e.event, CallArrived)) + 3
    engine = Engine()
    for entry in whole.entries[:first]:
        engine.step(entry.event, entry.at)
    rest = Journal("the rest", whole.entries[first:], engine.snapshot(), first_line=2)
    findings = study(rest, None, seed=1)
    assert any("4 calls were there before" in note for note in findings.notes)
    assert findings.self_check.is_exact


# Neither begins amid a ring: whoever is rung for a call that is left out comes back a little later.
@pytest.mark.parametrize(("scenario", "share"), [("ordinary_week", 0.7), ("restart_storm", 0.55)])
def test_a_journal_that_begins_in_the_middle_goes_on_from_its_state(
    scenario: str, share: float
) -> None:
    whole = journal_of(scenario, AS_KNOWN_IN_THE_MIDDLE, NOBODY_CALLED_BACK)
    first = int(len(whole.entries) * share)
    engine = Engine()
    for entry in whole.entries[:first]:
        engine.step(entry.event, entry.at)
    rest = Journal("the rest", whole.entries[first:], engine.snapshot(), first_line=2)
    then = fates(past_of(rest))
    assert len(then) > 40
    assert differing(then, rerun(rest, None)) == []


def test_a_clock_that_was_set_back_is_followed_as_the_engine_follows_it() -> None:
    whole = journal_of(SMALL)
    last = max(i for i, e in enumerate(whole.entries) if isinstance(e.event, CallArrived)) + 1
    back = tuple(
        Entry(one.at - 3600.0 * (index >= last), one.event)
        for index, one in enumerate(whole.entries)
    )
    journal = replace(whole, entries=back)
    findings = study(journal, None, seed=1)
    assert findings.self_check.is_exact
    assert len(findings.then) == 4
    assert differing(findings.then, rerun(journal, None)) == []
