"""What a waiting caller hears and is asked: the words of the rungs, and the choice."""

from __future__ import annotations

from router.core import events
from router.core.commands import OfferChoice, ReportRung, SayWhileWaiting
from router.core.policy import Line, Rung, Skills
from tests.core.drive import Desk, of, rules

ONE: dict[str, Skills] = {"ana": {"fr": 1}}
ALICE, BERT = "hash-1", "hash-2"


def desk(*ladder: Rung) -> Desk:
    """Give a desk with one listener, who talks with somebody."""
    here = Desk(rules(Line("general", ladder=ladder), listeners=ONE))
    here.arrive("c0")
    here.talk("ana")
    return here


def test_each_rung_may_bring_words_of_its_own() -> None:
    here = desk(Rung(0.0, {}, words="soon"), Rung(20.0, {}), Rung(40.0, {}, words="long"))
    assert of(SayWhileWaiting, here.arrive("c1")) == [SayWhileWaiting("c1", "soon")]
    assert of(SayWhileWaiting, here.wait(39.0)) == []
    assert of(SayWhileWaiting, here.wait(2.0)) == [SayWhileWaiting("c1", "long")]


def test_whoever_passes_rungs_hears_the_words_of_the_last() -> None:
    ladder = (Rung(0.0, {}, words="soon"), Rung(20.0, {}, words="long"), Rung(40.0, {}))
    here = desk(*ladder)
    waiting = events.CallWaiting("c1", "general", None, here.now - 60.0)
    assert of(SayWhileWaiting, here.tell(waiting))[-1] == SayWhileWaiting("c1", "long")


def test_whoever_stands_behind_many_comes_to_the_rung_that_is_for_them_at_once() -> None:
    here = desk(Rung(0.0, {}), Rung(60.0, {}, behind=2))
    assert of(ReportRung, [*here.arrive("c1"), *here.arrive("c2")]) == []
    assert [one.call for one in of(ReportRung, here.arrive("c3"))] == ["c3"]


def test_callers_who_talk_stand_before_nobody() -> None:
    here = desk(Rung(0.0, {}), Rung(60.0, {}, behind=1))
    assert of(ReportRung, here.arrive("c1")) == []
    assert [one.call for one in of(ReportRung, here.arrive("c2"))] == ["c2"]


def desk_where_alice_knows_ana() -> Desk:
    """Give a desk where ana, whom alice has talked with, talks with bert."""
    here = Desk(rules(Line("general", ladder=(Rung(0.0, {}),)), listeners={**ONE, "bob": {}}))
    for call, caller in (("c1", ALICE), ("c2", BERT)):
        here.tell(events.ListenerPaused("bob"))
        here.arrive(call, caller=caller)
        here.talk("ana")
        here.tell(events.ListenerCameOn("bob"))
        if caller == ALICE:
            here.hang_up(call)
            here.leg_ends("ana")
            here.tell(events.ListenerCameOn("ana"))
    return here


def test_whoever_knows_a_listener_who_is_busy_is_asked_what_they_want() -> None:
    here = desk_where_alice_knows_ana()
    assert OfferChoice("c3") in here.arrive("c3", caller=ALICE)
    assert of(OfferChoice, here.arrive("c4", caller=BERT)) == [OfferChoice("c4")]


def test_nobody_is_asked_about_a_listener_who_is_not_there() -> None:
    here = desk_where_alice_knows_ana()
    here.tell(events.ListenerWentOff("ana"))
    assert of(OfferChoice, here.arrive("c3", caller=ALICE)) == []


def test_a_caller_who_is_forgotten_is_known_to_nobody() -> None:
    here = desk_where_alice_knows_ana()
    here.tell(events.CallerForgotten(ALICE), events.CallerForgotten("never seen"))
    assert of(OfferChoice, here.arrive("c3", caller=ALICE)) == []
    assert here.engine.state.calls["c3"].usual is None
