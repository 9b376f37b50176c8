"""A call-back that is owed, while the link, the daemon or Asterisk is away."""

from __future__ import annotations

from router.core import events
from router.core.commands import ConnectCall
from router.core.promise_commands import (
    CloseNumber,
    DialCaller,
    DropCallBack,
    ReportPromise,
)
from router.core.promise_events import (
    CallBackTaken,
    PbxBooted,
    PromiseNoted,
)
from router.core.seen import SeenCall, SeenOffer
from tests.core.drive import dismissed, of, rung
from tests.core.promised import CALLER, desk, dialled


def test_a_restart_finds_the_callers_phone_ringing_and_leaves_it_to_it() -> None:
    here, leg = dialled()
    ana = SeenOffer(here.offer_of("ana"), "ana", "p", "accepted")
    talks = tuple(
        (SeenCall(call, "general", None, here.now, "talking", here.offer_of(name)))
        for call, name in (("t2", "bob"),)
    )
    bob = SeenOffer(here.offer_of("bob"), "bob", "t2", "talking")
    said = here.tell(events.PbxResynced(talks, (ana, bob), (leg,)))
    assert of(DialCaller, said) == []
    assert of(DropCallBack, said) == []
    assert of(ConnectCall, here.tell(CallBackTaken(leg))) != []


def test_a_restart_that_does_not_find_it_goes_on_with_the_listener_who_waits() -> None:
    here, leg = dialled()
    ana = SeenOffer(here.offer_of("ana"), "ana", "p", "accepted")
    said = here.tell(events.PbxResynced((), (ana,), ()))
    assert [one.leg for one in of(DialCaller, said)] == [leg]
    assert of(ReportPromise, said) == []


def test_a_restart_that_finds_neither_tries_again_later() -> None:
    here, _ = dialled()
    said = here.tell(events.PbxResynced((), (), ()))
    assert [one.result for one in of(ReportPromise, said)] == ["not_reached"]
    assert of(DialCaller, said) == []


def test_who_said_that_it_is_them_during_an_outage_is_brought_to_the_listener_who_waits() -> None:
    here, leg = dialled()
    offer = here.offer_of("ana")
    waits = SeenCall(leg, "general", None, here.now, "waiting")
    ana = SeenOffer(offer, "ana", "p", "accepted")
    said = here.tell(events.PbxResynced((waits,), (ana,), ()))
    assert ConnectCall(leg, offer) in said
    assert offer not in dict(dismissed(said))
    told = here.tell(events.TalkStarted(leg, offer))
    assert [one.result for one in of(ReportPromise, told)] == ["kept"]
    here.hang_up(leg)
    assert here.engine.state.promises == {}


def test_with_no_journal_a_talk_on_its_own_leg_still_keeps_it() -> None:
    here = desk()
    leg, offer = "dcb-p-old-1-1", here.offer_of("ana")
    talk = SeenCall(leg, "general", None, here.now, "talking", "dcr-old-1")
    there = SeenOffer("dcr-old-1", "cleo", leg, "talking")
    ana, bob = (
        SeenOffer(here.offer_of(name), name, call, "talking")
        for name, call in (("ana", "t1"), ("bob", "t2"))
    )
    others = tuple(
        SeenCall(call, "general", None, here.now, "talking", one.offer)
        for call, one in (("t1", ana), ("t2", bob))
    )
    here.tell(events.PbxResynced((talk, *others), (there, ana, bob)))
    assert offer == ana.offer
    known = PromiseNoted("p-old-1", "general", CALLER, "key", here.now, here.now, here.now + 60.0)
    assert [one.result for one in of(ReportPromise, here.tell(known))] == ["noted", "kept"]
    assert of(CloseNumber, here.hang_up(leg)) == [CloseNumber("p-old-1")]


def test_who_went_on_to_the_fallback_during_an_outage_is_not_pulled_out_of_that_talk() -> None:
    here, leg = dialled()
    offer = here.offer_of("ana")
    talks = SeenCall(leg, "general", None, here.now, "talking")
    ana = SeenOffer(offer, "ana", "p", "accepted")
    said = here.tell(events.PbxResynced((talks,), (ana,), ()))
    assert of(ConnectCall, said) == []
    assert [one.result for one in of(ReportPromise, said)] == ["kept"]
    assert offer in dict(dismissed(said))


def test_a_talk_that_asterisks_death_cuts_is_owed_again() -> None:
    here, leg = dialled()
    here.tell(CallBackTaken(leg))
    here.tell(events.TalkStarted(leg, here.offer_of("ana")))
    here.wait(60.0)
    here.tell(events.PbxLost())
    said = [*here.tell(PbxBooted(here.now - 5.0)), *here.tell(events.PbxResynced((), ()))]
    assert [one.result for one in of(ReportPromise, said)] == ["cut_off"]
    assert of(CloseNumber, said) == []
    assert len(rung([*said, *here.wait(60.0)])) >= 1


def test_a_talk_that_ended_while_the_link_was_down_is_not() -> None:
    here, leg = dialled()
    here.tell(CallBackTaken(leg))
    here.tell(events.TalkStarted(leg, here.offer_of("ana")))
    here.tell(events.PbxLost())
    booted = PbxBooted(here.now - 86_400.0)
    said = [*here.tell(booted), *here.tell(events.PbxResynced((), ()))]
    assert [type(one) for one in said].count(CloseNumber) == 1


def test_who_has_talked_while_nobody_was_there_to_see_it_is_not_rung_again() -> None:
    here, leg = dialled()
    here.tell(CallBackTaken(leg))
    here.tell(events.PbxLost())
    said = here.tell(events.PbxResynced((), (), (), (leg,)))
    assert [(one.result, one.listener) for one in of(ReportPromise, said)] == [("kept", "ana")]
    assert [one.promise for one in of(CloseNumber, said)] == ["p-boot-1"]
    assert here.engine.state.promises == {}


def test_so_are_those_of_whom_nobody_even_heard_that_it_is_them() -> None:
    here, leg = dialled()
    here.tell(events.PbxLost())
    here.tell(events.PbxResynced((), (), (), (leg,)))
    assert here.engine.state.promises == {}


def test_a_mark_of_a_talk_that_is_known_or_long_forgotten_changes_nothing() -> None:
    here = desk()
    before = here.engine.snapshot()
    here.tell(events.PbxLost())
    seen = tuple(
        SeenCall(call, "general", f"hash-{call}", here.now, "talking", here.offer_of(name))
        for call, name in (("t1", "ana"), ("t2", "bob"))
    )
    legs = tuple(SeenOffer(here.offer_of(one), one, "t", "talking") for one in ("ana", "bob"))
    said = here.tell(events.PbxResynced(seen, legs, (), ("t1", "dcb-p-gone-1", "gone")))
    assert of(ReportPromise, said) == []
    assert here.engine.snapshot() == before
