"""Every event in every situation: it is taken and all holds, or it is refused and nothing is."""

from __future__ import annotations

from collections.abc import Iterator
from typing import get_args, get_type_hints

import pytest

from router.core import events
from router.core.call import CallState
from router.core.engine import Engine
from router.core.events import AnyEvent
from router.core.listener import Activity, Duty
from router.core.offer import OfferState
from router.core.presence_events import ListenerHeard, ListenerUnheard
from router.core.promise import PromiseState
from router.core.promise_events import (
    CallBackAsked,
    CallBackEnd,
    CallBackEnded,
    CallBackTaken,
    NumberChanged,
    NumberLost,
    NumberTyped,
    PbxBooted,
    PromiseCancelled,
    PromiseGiven,
    PromiseNoted,
    PromiseNotNoted,
)
from router.core.seen import SeenCall, SeenOffer
from tests.core.drive import Desk, Said, hear, rules
from tests.core.situations import CALL, LISTENER, POLICY, SITUATIONS, desk_in


def every_event(desk: Desk) -> Iterator[AnyEvent]:
    """Give every type of event, with ids that are known, past and never heard of."""
    now, known = desk.now, list(desk.engine.state.offers)
    yield from (events.EngineStarted("again"), events.PbxLost(), events.TimeReached())
    yield from (events.PolicyLoaded(POLICY), events.PolicyLoaded(rules()))
    for listener in (LISTENER, "nobody"):
        yield events.ListenerCameOn(listener)
        yield events.ListenerPaused(listener)
        yield events.ListenerWentOff(listener)
        yield ListenerUnheard(listener)
        yield ListenerHeard(listener)
        yield events.TalkMarkedHard(listener)
        yield events.TalkDisposed(listener, "senior_call_back")
        yield events.TalkDisposed(listener, "follow_up", at=now + 900.0)
        yield events.TalkDisposed(listener, "follow_up")
    yield events.CallerForgotten("hash-1")
    yield from _of_promises(desk)
    for call in (CALL, "nobody"):
        yield events.CallArrived(call, "general", "hash-1", now)
        yield events.CallWaiting(call, "elsewhere", None, now - 200.0)
        yield events.FallbackBegan(call, "general", None, now + 5.0)
        yield events.CallerHungUp(call)
        yield events.FallbackAnswered(call)
        yield events.CallerPutThrough(call)
        yield events.CallerInShock(call)
        yield events.CallerChoseSkills(call, {"en": 1}, ("fr",))
        for listener in (LISTENER, "nobody"):
            yield events.CallerAskedFor(call, listener)
        for choice in get_args(events.UsualChoice):
            yield events.CallerChose(call, choice)
        for offer in (*known, "dcr-old-1"):
            yield events.TalkStarted(call, offer)
            yield events.ConnectFailed(call, offer)
    for offer in (*known, "dcr-old-1", "1700000000.1"):
        yield from _of_offer(offer)
        for helper in known:
            yield events.ConsultStarted(offer, helper)
    yield from _resyncs(now, (*known, "dcr-old-1"))


def _of_promises(desk: Desk) -> Iterator[AnyEvent]:
    now, known = desk.now, list(desk.engine.state.promises)
    legs = [one.leg for one in desk.engine.state.promises.values() if one.leg is not None]
    for call in (CALL, "nobody"):
        yield CallBackAsked(call)
        yield NumberTyped(call, "hash-2")
        yield NumberTyped(call, None, "emergency")
        yield PromiseNotNoted("p-boot-1", call)
        for name in (*known, "p-boot-1", "p-site-1"):
            yield PromiseNoted(name, "general", "hash-1", "key", now, now, now + 60.0, call)
    yield PromiseNoted("p-site-2", "elsewhere", "hash-2", "site", now, now + 9.0, now + 60.0)
    for name in (*known, "p-nobody-1"):
        yield PromiseGiven(name)
        yield NumberLost(name)
        yield NumberChanged(name, CALL, "hash-2")
        yield PromiseCancelled(name, "caller")
    yield PbxBooted(now)
    for leg in (*legs, "dcb-p-boot-1-1", "dcb-", CALL):
        yield CallBackTaken(leg)
        for end in get_args(CallBackEnd):
            yield CallBackEnded(leg, end)


def _of_offer(offer: str) -> Iterator[AnyEvent]:
    for kind in get_args(events.Help):
        yield events.HelpAsked(offer, kind)
    yield events.ListenerRang(offer)
    yield events.ListenerPickedUp(offer)
    yield events.OfferAccepted(offer)
    yield events.OfferDeclined(offer)
    for reason in get_args(events.FailureReason):
        yield events.OfferFailed(offer, reason)
    for how in get_args(events.LegEnd):
        yield events.ListenerLegEnded(offer, how)


def _resyncs(now: float, offers: tuple[str, ...]) -> Iterator[AnyEvent]:
    stages = get_args(get_type_hints(SeenOffer)["stage"])
    for offer in (None, *offers):
        for stage in stages:
            legs = () if offer is None else (SeenOffer(offer, LISTENER, CALL, stage),)
            yield events.PbxResynced((), legs)
            yield events.PbxResynced((), legs, ("dcb-p-boot-1-1",))
            yield events.PbxResynced((SeenCall(CALL, "general", None, now, "waiting"),), legs)
            yield events.PbxResynced((SeenCall(CALL, "general", None, now, "fallback"),), legs)
            yield events.PbxResynced((SeenCall(CALL, "general", None, now, "talking"),), legs)
            couple = SeenCall(CALL, "general", None, now, "talking", offer)
            yield events.PbxResynced((couple, couple), (*legs, *legs))


def afterwards(engine: Engine, now: float) -> list[Said]:
    """Let an engine live on for a while, and give all that it says."""
    later: list[tuple[float, AnyEvent]] = [
        (0.1, events.ListenerCameOn("bob")),
        (0.2, events.CallArrived("c8", "general", None, now)),
        (0.3, events.CallWaiting(CALL, "general", None, now)),
        (16.0, events.TimeReached()),
        (40.0, events.ListenerCameOn(LISTENER)),
        (41.0, events.CallArrived("c9", "unknown", None, now)),
        (200.0, events.TimeReached()),
        (201.0, events.PbxResynced((), ())),
        (900.0, events.TimeReached()),
    ]
    return [hear(engine, event, now + after) for after, event in later]


def test_the_situations_reach_every_state() -> None:
    states = [desk_in(name).engine.state for name in SITUATIONS]
    of_calls = {call.state for state in states for call in state.calls.values()}
    of_offers = {offer.state for state in states for offer in state.offers.values()}
    people = [one for state in states for one in state.listeners.values()]
    owed = {one.state for state in states for one in state.promises.values()}
    assert owed == set(get_args(PromiseState)) - {"kept", "cancelled"}, owed
    assert of_calls == set(get_args(CallState)) - {"ended"}
    assert of_offers == set(get_args(OfferState)) - {"ended"}
    assert {one.duty for one in people} == set(get_args(Duty))
    assert {one.activity for one in people} == set(get_args(Activity))


def test_every_type_of_event_is_tried() -> None:
    tried = {type(event) for event in every_event(desk_in("talking"))}
    assert tried == set(get_args(events.AnyEvent))


@pytest.mark.parametrize("situation", SITUATIONS)
def test_every_event_is_taken_whole_or_refused_without_a_trace(situation: str) -> None:
    desk = desk_in(situation)
    before, now = desk.engine.snapshot(), desk.now
    untouched = afterwards(Engine.restore(before), now)
    for event in every_event(desk):
        engine, twin = Engine.restore(before), Engine.restore(before)
        said = hear(engine, event, now)
        if isinstance(said, str):
            assert engine.snapshot() == before, event
            assert afterwards(engine, now) == untouched, event
        else:
            assert hear(twin, event, now) == said, event
            twin = Engine.restore(engine.snapshot())
            assert afterwards(engine, now) == afterwards(twin, now), event


@pytest.mark.parametrize("situation", SITUATIONS)
def test_every_pair_of_events_is_survived(situation: str) -> None:
    """Two events in a row lead to states that no single situation shows."""
    desk = desk_in(situation)
    before, now = desk.engine.snapshot(), desk.now
    for first in every_event(desk):
        engine = Engine.restore(before)
        hear(engine, first, now)
        between = engine.snapshot()
        for second in _of_the_call(desk):
            hear(Engine.restore(between), second, now)


def _of_the_call(desk: Desk) -> Iterator[AnyEvent]:
    for offer in list(desk.engine.state.offers)[1:]:
        yield events.ListenerLegEnded(offer, "hung_up")
    yield events.CallWaiting(CALL, "general", None, desk.now)
    yield events.FallbackBegan(CALL, "general", None, desk.now)
    yield events.CallerHungUp(CALL)
    yield events.TimeReached()
    for offer in list(desk.engine.state.offers)[:1]:
        yield events.OfferAccepted(offer)
        yield events.TalkStarted(CALL, offer)
        yield events.ListenerLegEnded(offer, "network")
