"""A talk of which nobody saw the begin: it counts as picked up, and no wait is made up for it."""

from __future__ import annotations

from msgspec.structs import replace

from router.core.events import EngineStarted, PbxLost
from router.past.journal import Journal, Waymark
from router.report.facts import CallFact
from router.report.gather import gather
from tests.core.drive import rules, seen_call, seen_offer
from tests.report.stages import call, facts_of, figures, week_report
from tests.story.journals import Written, talk_over_a_crash


def with_some_unseen(unseen: int) -> list[CallFact]:
    seen = [call(number, waited=10.0 + number) for number in range(10)]
    late = (call(100 + number, waited=500.0) for number in range(unseen))
    return seen + [replace(one, waited_seconds=None, talked_seconds=1.0) for one in late]


def test_a_talk_that_was_found_after_a_crash_was_answered_after_a_wait_that_nobody_knows() -> None:
    (told,) = gather(talk_over_a_crash()).calls
    assert (told.outcome, told.listener, told.waited_seconds) == ("answered", "ana", None)
    assert told.talked_seconds == 60.0


def test_so_it_is_where_the_store_was_away_as_it_was_found() -> None:
    desk = Written(rules(listeners={"ana": {}}))
    desk.arrive("c1")
    offer = desk.offer_of("ana")
    known = len(desk.entries)
    desk.tell(PbxLost(), EngineStarted("another"))
    desk.wait(3.0)
    desk.resync((seen_call(place="talking", offer=offer),), (seen_offer(offer, "talking"),))
    mark = Waymark(known, desk.now, desk.engine.snapshot(), begins=True)
    del desk.entries[known:]
    desk.wait(60.0)
    desk.hang_up("c1")
    (told,) = gather(Journal("a journal", tuple(desk.entries), waymarks=(mark,))).calls
    assert (told.outcome, told.waited_seconds) == ("answered", None)


def test_it_counts_as_picked_up_and_changes_no_figure_of_waits() -> None:
    known = figures(week_report(facts_of(with_some_unseen(0))))
    found = figures(week_report(facts_of(with_some_unseen(6))))
    assert (known["calls_wait_unknown"], found["calls_wait_unknown"]) == (0, 6)
    assert (found["calls_answered"], found["pickup_share"]) == (16, 1.0)
    of_waits = [name for name in known if name.startswith(("wait_", "within_"))]
    assert len(of_waits) == 9
    assert {name: found[name] for name in of_waits} == {name: known[name] for name in of_waits}
    assert known["within_15_seconds_share"] == 0.6
    assert found["talk_median_seconds"] == known["talk_median_seconds"] == 60.0
    assert found["talk_total_seconds"] == 606.0


def test_where_the_waits_of_less_than_five_people_are_known_none_is_told() -> None:
    few = with_some_unseen(6)[8:]
    found = figures(week_report(facts_of(few)))
    assert (found["calls"], found["calls_wait_unknown"]) == (8, 6)
    for name in ("wait_median_seconds", "wait_max_seconds", "talk_median_seconds"):
        assert found[name] is None
    assert found["talk_total_seconds"] == 126.0
