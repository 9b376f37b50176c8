from __future__ import annotations

from typing import get_args

from msgspec.structs import replace

from router.core.commands import OfferResult
from simulations.records import OfferRecord
from simulations.report.stories import RESULTS, worst
from tests.simulations.made_records import call, run, week


def test_a_story_goes_from_the_arrival_over_each_ring_to_the_end() -> None:
    rings = [
        OfferRecord("o1", "c", "soignants", "anne", at=100.0, ended=120.0, result="no_answer"),
        OfferRecord("o2", "c", "soignants", "bruno", at=120.0, ended=126.5, result="talked"),
        OfferRecord("o3", "other", "soignants", "carla", at=101.0, ended=103.0, result="talked"),
    ]
    of_call = call("c", arrived=100.0, waited=26.5, listener="bruno", offers=2)
    (story,) = worst([run([of_call], rings)])
    assert story.title.replace("\N{NO-BREAK SPACE}", " ") == (
        "Monday 00:01:40, line soignants: picked up after 26.5 s"
    )
    told = [
        (step.after_seconds, step.words.replace("\N{NO-BREAK SPACE}", " ")) for step in story.steps
    ]
    assert told == [
        (0.0, "The caller arrived on line soignants; asked for: psy at level 1."),
        (0.0, "Rang anne, who did not pick up, after 20 s."),
        (20.0, "Rang bruno, who accepted the call."),
        (26.5, "Connected to bruno; they talked for 20 min 00 s."),
    ]


def test_a_call_for_which_nobody_was_rung_says_so() -> None:
    (story,) = worst([run([call("c", outcome="lost", offers=0, waited=95.0)])])
    words = [step.words for step in story.steps]
    assert words[1:] == [
        "No listener's phone was ever rung for this call.",
        "The caller was gone, and nobody had talked with them.",
    ]


def test_who_waits_before_anybody_is_rung_and_is_handed_to_the_fallback_is_told_so() -> None:
    ring = OfferRecord("o1", "c", "soignants", "anne", at=130.0, ended=150.0, result="no_answer")
    waited = call("c", outcome="lost", arrived=100.0, waited=95.0)
    (story,) = worst([run([replace(waited, fallback_at=(190.0,))], [ring])])
    told = [(step.after_seconds, step.words) for step in story.steps]
    assert told[1] == (0.0, "No listener's phone was rung at first.")
    assert told[3] == (90.0, "The fallback group was asked.")


def test_calls_that_left_at_once_are_nobodys_failure() -> None:
    calls = [call("a", outcome="left_early"), call("b", outcome="refused"), call("c")]
    assert [story.call.call for story in worst([run(calls)])] == ["c"]


def test_calls_of_the_same_name_in_two_runs_keep_their_own_rings() -> None:
    def of_run(seed: int, listener: str) -> OfferRecord:
        return OfferRecord(
            f"o{seed}", "c", "soignants", listener, at=0.0, ended=3.0, result="talked"
        )

    records = [
        run([call("c")], [of_run(1, "anne")], seed=1),
        run([call("c")], [of_run(2, "bruno")], seed=2),
    ]
    rung = {story.seed: story.steps[1].words for story in worst(records)}
    assert rung == {1: "Rang anne, who accepted the call.", 2: "Rang bruno, who accepted the call."}


def test_the_worst_are_ten_and_the_longest_waits_of_all_runs() -> None:
    records = [week(seed=1, calls=200), week(seed=2, calls=200)]
    longest = sorted((one.waited_seconds for made in records for one in made.calls), reverse=True)
    assert [story.call.waited_seconds for story in worst(records)] == longest[:10]


def test_each_way_a_ring_can_end_has_its_words() -> None:
    assert set(RESULTS) == set(get_args(OfferResult))
