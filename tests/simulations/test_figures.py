from __future__ import annotations

from typing import Any

import msgspec
import pytest

from router.core.commands import Outcome
from simulations.figures import figures
from simulations.records import CallRecord, ListenerRecord, OfferRecord, RunRecord

KEYS = [
    "offered",
    "answered",
    "fallback_answered",
    "promise_kept",
    "promise_open",
    "promise_broken",
    "left_early",
    "refused",
    "lost",
    "lost_withheld",
    "pickup",
    "cared_for",
    "cared_for_shown",
    "pickup_callers",
    "cared_for_callers",
    "cared_for_shown_callers",
    "within_10_s",
    "within_15_s",
    "within_20_s",
    "within_30_s",
    "within_60_s",
    "wait_mean_s",
    "wait_p50_s",
    "wait_p95_s",
    "wait_p99_s",
    "wait_max_s",
    "promises_due",
    "promises_kept_in_time",
    "promises_kept_in_time_share",
    "kept_by_ringing_back",
    "kept_in_the_same_call",
    "kept_after_p50_s",
    "kept_after_p95_s",
    "late_max_s",
    "wait_for_help_mean_s",
    "same_listener_rate",
    "same_listener_where_possible",
    "help_asked",
    "escalations",
    "offers",
    "offers_declined",
    "rings_in_vain",
    "bent_fair_share",
    "bent_calls_in_a_row",
    "bent_rings_in_vain",
    "bent_talk_time",
    "bent_night_calls",
    "bent_hard_call",
    "at_last_rung",
    "silent_at_last_rung",
    "occupancy",
    "invariant_violations",
    "events",
]


def call(
    name: str, person: str, outcome: Outcome, waited: float, line: str = "health", **more: Any
) -> CallRecord:
    given: dict[str, Any] = {
        "call": name,
        "line": line,
        "person": person,
        "withheld": False,
        "skills": (("fr", 1), (line, 1)),
        "arrived": 0.0,
        "ended": 0.0,
        "outcome": outcome,
        "waited_seconds": waited,
        "talked_seconds": 0.0,
        "listener": None,
        "known_listener": None,
        "offers": 1,
        "events": 3,
    }
    return CallRecord(**{**given, **more})


def run(*calls: CallRecord, seed: int = 9, **more: Any) -> RunRecord:
    given: dict[str, Any] = {
        "scenario": "made",
        "seed": seed,
        "simulated_seconds": 3600.0,
        "wall_seconds": 0.5,
        "events": 100,
        "invariant_violations": 0,
        "calls": calls,
        "offers": (),
        "listeners": (),
    }
    return RunRecord(**{**given, **more})


CALLS = (
    call("1", "anne", "answered", 5.0, listener="a", known_listener="a", could_have_known=True),
    call("2", "anne", "answered", 12.0, listener="b", known_listener="a", could_have_known=True),
    call("3", "bruno", "lost", 100.0, at_last_rung=True),
    call("4", "bruno", "fallback_answered", 45.0, known_listener="a"),
    call("5", "chloe", "lost", 30.0, line="police", at_last_rung=True, phone_left_silent=True),
    call("6", "chloe", "left_early", 2.0, line="police"),
    call("7", "denis", "refused", 0.0),
    call("8", "anne", "answered", 20.0, line="police", listener="a"),
)
MADE = run(
    *CALLS,
    offers=(
        OfferRecord("o1", "1", "health", "a", 0.0, 1.0, "talked"),
        OfferRecord("o2", "2", "health", "a", 0.0, 1.0, "declined"),
        OfferRecord("o3", "8", "police", "b", 0.0, 1.0, "no_answer"),
    ),
    listeners=(
        ListenerRecord("a", (("fr", 1), ("health", 2)), 1000.0, 250.0, 2),
        ListenerRecord("b", (("fr", 1), ("health", 1), ("police", 3)), 1000.0, 550.0, 1),
    ),
    bendings={"health": {"fair_share": 2, "hard_call": 1}, "police": {"fair_share": 1}},
    never_reached=2,
)


def block(*records: RunRecord, line: str | None = None) -> dict[str, Any]:
    found: Any = figures(records)
    return dict(found["total"] if line is None else found["lines"][line])


def test_every_block_has_every_figure() -> None:
    found: Any = figures([MADE])
    blocks = [found["total"], *found["lines"].values(), *found["by_skill"].values()]
    assert len(blocks) == 1 + 2 + 3
    assert all(set(one) == set(KEYS) for one in blocks)
    assert msgspec.json.decode(msgspec.json.encode(found)) == found


EXACT = {
    "offered": 8,
    "answered": 3,
    "fallback_answered": 1,
    "promise_kept": 0,
    "promise_open": 0,
    "promise_broken": 0,
    "left_early": 1,
    "refused": 1,
    "lost": 2,
    "lost_withheld": 0,
    "pickup": 4 / 6,
    "cared_for": 4 / 6,
    "cared_for_shown": 4 / 6,
    "pickup_callers": 2 / 3,
    "cared_for_callers": 2 / 3,
    "cared_for_shown_callers": 2 / 3,
    "within_10_s": 1 / 6,
    "within_15_s": 2 / 6,
    "within_20_s": 3 / 6,
    "within_30_s": 3 / 6,
    "within_60_s": 4 / 6,
    "wait_mean_s": 20.5,
    "wait_p50_s": 12.0,
    "wait_p95_s": 45.0,
    "wait_p99_s": 45.0,
    "wait_max_s": 45.0,
    "promises_due": 0,
    "promises_kept_in_time": 0,
    "promises_kept_in_time_share": None,
    "kept_by_ringing_back": 0,
    "kept_in_the_same_call": 0,
    "kept_after_p50_s": None,
    "kept_after_p95_s": None,
    "late_max_s": None,
    "wait_for_help_mean_s": None,
    "same_listener_rate": 1 / 2,
    "same_listener_where_possible": 1 / 2,
    "help_asked": 0,
    "escalations": 0,
    "offers": 3,
    "offers_declined": 1,
    "rings_in_vain": 2,
    "bent_fair_share": 3,
    "bent_calls_in_a_row": 0,
    "bent_rings_in_vain": 0,
    "bent_talk_time": 0,
    "bent_night_calls": 0,
    "bent_hard_call": 1,
    "at_last_rung": 2,
    "silent_at_last_rung": 1,
    "occupancy": 0.4,
    "invariant_violations": 0,
    "events": 100,
}


def test_the_figures_of_a_run_are_exact() -> None:
    found = block(MADE)
    assert {key: found[key] for key in KEYS} == EXACT


def test_a_line_has_its_own_calls_offers_and_listeners() -> None:
    found = block(MADE, line="police")
    told = {key: found[key] for key in ("offered", "lost", "pickup", "offers", "occupancy")}
    assert told == {"offered": 3, "lost": 1, "pickup": 0.5, "offers": 1, "occupancy": 0.55}
    assert found["events"] == 9


def test_a_line_has_its_own_bendings_and_its_own_calls_at_the_last_rung() -> None:
    health, police = (block(MADE, line=name) for name in ("health", "police"))
    assert (health["bent_fair_share"], police["bent_fair_share"]) == (2, 1)
    assert (health["at_last_rung"], health["silent_at_last_rung"]) == (1, 0)
    assert (police["at_last_rung"], police["silent_at_last_rung"]) == (1, 1)


def test_the_whole_names_its_seed_and_scenario_and_what_never_reached_us() -> None:
    found = figures([MADE, msgspec.structs.replace(MADE, seed=10)])
    assert (found["seed"], found["scenario"], found["replications"]) == (9, "made", 2)
    assert (found["events"], found["never_reached"]) == (200, 4)
    assert found["calls_per_second"] == 16.0


def test_replications_are_pooled_and_a_person_of_one_is_nobody_in_another() -> None:
    first = run(call("1", "anne", "lost", 9.0))
    second = run(call("1", "anne", "answered", 3.0), call("2", "bea", "answered", 5.0))
    found = block(first, second)
    assert found["pickup"] == 2 / 3
    assert found["pickup_callers"] == 2 / 3
    assert found["wait_mean_s"] == 4.0


def test_an_interval_is_students_over_the_replications() -> None:
    waits = (10.0, 14.0, 12.0)
    found = block(*(run(call("1", "anne", "answered", wait)) for wait in waits))
    half = 4.303 * 2.0 / 3**0.5
    assert found["wait_mean_s_interval"] == pytest.approx([12.0 - half, 12.0 + half])
    assert found["pickup_interval"] == [1.0, 1.0]


def test_an_interval_stays_within_what_a_figure_can_be() -> None:
    lost = run(call("1", "anne", "lost", 9.0), call("2", "bea", "answered", 1.0))
    found = block(lost, run(call("1", "anne", "answered", 300.0)))
    assert found["pickup_interval"] == [0.0, 1.0]
    assert found["wait_mean_s_interval"][0] == 0.0


def test_one_run_has_no_interval() -> None:
    assert not [key for key in block(MADE) if key.endswith("_interval")]


def test_a_line_and_a_skill_have_the_escalations_of_their_own_calls() -> None:
    escalated = call("9", "emil", "answered", 3.0, line="police", escalations=2)
    found: Any = figures([run(*CALLS, escalated)])
    told = [found["total"], *found["lines"].values(), *found["by_skill"].values()]
    assert [one["escalations"] for one in told] == [2, 0, 2, 2, 0, 2]


def test_of_a_broken_rule_only_the_run_is_known_and_where_none_broke_every_line_knows() -> None:
    assert block(MADE, line="police")["invariant_violations"] == 0
    broken = msgspec.structs.replace(MADE, invariant_violations=1)
    assert block(MADE, broken)["invariant_violations"] == 1
    assert block(MADE, broken, line="police")["invariant_violations"] is None


def test_figures_of_no_run_are_refused_in_words() -> None:
    with pytest.raises(ValueError, match="expected at least one record"):
        figures([])


def test_nothing_is_not_a_share() -> None:
    found = block(run())
    assert found["offered"] == 0
    assert found["pickup"] is None
    assert found["wait_max_s"] is None
