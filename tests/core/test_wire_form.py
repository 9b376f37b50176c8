"""The journal's wire form: pinned, so that tomorrow's version reads what today's has written."""

from __future__ import annotations

from pathlib import Path
from typing import get_args

import msgspec
import pytest

from router.core import events
from router.core.entry import Entry, decode, encode
from router.core.events import AnyEvent
from router.core.policy import Rung
from router.core.presence_events import ListenerHeard, ListenerUnheard
from router.core.promise_events import (
    CallBackAsked,
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
from tests.core.drive import line, rules

GOLDEN = Path(__file__).with_name("wire_form.jsonl")
BEFORE = Path(__file__).with_name("wire_form_before.jsonl")
"""As earlier versions wrote, where that has changed: what is new takes its default."""

AT = 1_700_000_000.25
CALL, OFFER, CALLER = "1700000000.17", "dcr-a1b2c3d4-1", "keyed-hash"

EXAMPLES: list[AnyEvent] = [
    events.EngineStarted("a1b2c3d4"),
    events.PolicyLoaded(
        rules(
            line(ladder=(Rung(0.0, {"health": 2, "fr": 1}), Rung(20.0, {}, ring_at_once=2))),
            listeners={"ana": {"health": 2, "fr": 1}},
        )
    ),
    events.ListenerCameOn("ana"),
    events.ListenerPaused("ana"),
    events.ListenerWentOff("ana"),
    ListenerUnheard("ana"),
    ListenerHeard("ana"),
    events.CallArrived(CALL, "general", CALLER, AT),
    events.CallWaiting(CALL, "general", None, AT),
    events.CallerInShock(CALL),
    events.CallerAskedFor(CALL, "ana"),
    events.CallerChoseSkills(CALL, {"en": 1}, ("fr",)),
    events.CallerChose(CALL, "wait"),
    events.CallerHungUp(CALL),
    events.FallbackBegan(CALL, "general", CALLER, AT),
    events.FallbackAnswered(CALL),
    events.CallerPutThrough(CALL),
    events.ListenerRang(OFFER),
    events.ListenerPickedUp(OFFER),
    events.OfferAccepted(OFFER),
    events.OfferDeclined(OFFER),
    events.OfferFailed(OFFER, "no_key"),
    events.ListenerLegEnded(OFFER, "network"),
    events.TalkStarted(CALL, OFFER),
    events.ConnectFailed(CALL, OFFER),
    events.TalkMarkedHard("ana"),
    events.TalkDisposed("ana", "orientation", "maison-bleue"),
    events.CallerForgotten(CALLER),
    events.HelpAsked(OFFER, "shock"),
    events.ConsultStarted(OFFER, "dcr-a1b2c3d4-2"),
    CallBackAsked(CALL),
    PromiseNoted("p-1", "general", CALLER, "key", AT, AT, AT + 1800.0, CALL, "ana"),
    PromiseNotNoted("p-1", CALL),
    NumberTyped(CALL, None, "emergency"),
    NumberChanged("p-1", CALL, CALLER),
    PromiseCancelled("p-1", "senior"),
    PromiseGiven("p-1"),
    CallBackTaken("dcb-p-1-1"),
    CallBackEnded("dcb-p-1-1", "no_key"),
    PbxBooted(AT),
    NumberLost("p-1"),
    events.PbxLost(),
    events.PbxResynced(
        (SeenCall(CALL, "general", CALLER, AT, "talking", OFFER),),
        (SeenOffer(OFFER, "ana", CALL, "talking"),),
    ),
    events.TimeReached(),
]


def test_the_golden_file_has_every_type_of_event_once() -> None:
    assert [type(event) for event in EXAMPLES] == list(get_args(AnyEvent))
    assert len(GOLDEN.read_bytes().splitlines()) == len(EXAMPLES)


@pytest.mark.parametrize(
    ("event", "written"),
    list(zip(EXAMPLES, GOLDEN.read_bytes().splitlines(), strict=True)),
    ids=lambda one: type(one).__name__,
)
def test_an_event_is_written_and_read_as_ever(event: AnyEvent, written: bytes) -> None:
    assert encode(Entry(AT, event)) == written
    assert decode(written) == Entry(AT, event)


@pytest.mark.parametrize("written", BEFORE.read_bytes().splitlines())
def test_what_an_earlier_version_wrote_is_read(written: bytes) -> None:
    event = decode(written).event
    assert event in EXAMPLES


@pytest.mark.parametrize(
    "bad",
    [
        b"",
        b"\xff",
        b"[]",
        b"{}",
        b'{"at":1.0,"event":{"type":"NeverHeardOf"}}',
        b'{"at":1.0,"event":{"type":"CallerHungUp"}}',
        b'{"at":1.0,"event":{"type":"CallerHungUp","call":7}}',
        b'{"at":"now","event":{"type":"TimeReached"}}',
        b'{"at":1.0,"event":{"type":"OfferFailed","offer":"dcr-1","reason":"mood"}}',
    ],
)
def test_what_is_no_entry_is_refused(bad: bytes) -> None:
    with pytest.raises(msgspec.DecodeError):
        decode(bad)
