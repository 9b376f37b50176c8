from __future__ import annotations

import asyncio
from typing import cast

import pytest
from structlog.testing import capture_logs

from router.ami.errors import LinkDown
from router.ami.link import AmiLink
from router.ami.message import Message
from router.ami.mirror import CallerLeg, Mirror
from router.ami.pending import Fields
from router.ami.resync import Listed, list_legs, resynced
from router.core.events import SeenCall, SeenOffer
from router.store.vault import CallerHash
from tests.ami.fake_link import FakeLink
from tests.ami.words import (
    ACCEPTED_BRIDGE,
    CALL,
    HOLD_BRIDGE,
    NUMBER,
    OFFER,
    TALK_BRIDGE,
    Headers,
    message,
    response,
)

hash_caller = CallerHash(b"a secret of at least 32 bytes, for tests").hash

WAITING = SeenCall(CALL, "health", "a hash", 1700000000.25, "waiting")


def listing(
    leg: str,
    context: str,
    application: str,
    shown_pass: str,
    *,
    up: bool = True,
    bridge: str = "",
    caller: str | None = None,
) -> Listed:
    """List a leg."""
    held = bridge in (HOLD_BRIDGE, ACCEPTED_BRIDGE)
    return Listed(leg, context, application, up, bridge, held, caller, shown_pass)


def caller(leg: str = CALL, *, context: str = "decroche-hold", bridge: str = "") -> Listed:
    """List a caller's leg: by its bridge held, talking, or hearing words."""
    return listing(leg, context, "", "health/1700000000.250", bridge=bridge, caller="a hash")


def listener(*, up: bool = True, application: str = "", bridge: str = "") -> Listed:
    """List a listener's leg."""
    return listing(OFFER, "decroche-offer", application, f"anne/{CALL}", up=up, bridge=bridge)


Told = tuple[tuple[SeenCall, ...], tuple[SeenOffer, ...]]


def asked(*listed: Listed, mirror: Mirror | None = None) -> Told:
    """Complete a mirror, empty unless given, and give the calls and offers that are told."""
    mirror = mirror or Mirror()
    mirror.begin_check()
    told = resynced(mirror, listed)
    return told.calls, told.offers


@pytest.mark.parametrize("bridge", ["", HOLD_BRIDGE])
def test_a_caller_who_waits_is_adopted_with_the_original_arrival(bridge: str) -> None:
    assert asked(caller(bridge=bridge)) == ((WAITING,), ())


@pytest.mark.parametrize(
    ("listed", "stage"),
    [
        (listener(up=False), "ringing"),
        (listener(), "picked_up"),
        (listener(application="Read"), "picked_up"),
        (listener(application="BridgeWait", bridge=ACCEPTED_BRIDGE), "accepted"),
    ],
)
def test_how_far_a_listeners_leg_has_come_is_told(listed: Listed, stage: str) -> None:
    calls, offers = asked(listed)
    assert calls == ()
    assert [(one.offer, one.listener, one.call, one.stage) for one in offers] == [
        (OFFER, "anne", CALL, stage)
    ]


@pytest.mark.parametrize("turned", [False, True])
def test_a_talk_is_found_with_both_its_legs(turned: bool) -> None:  # noqa: FBT001  a row
    legs = [caller(bridge=TALK_BRIDGE), listener(application="BridgeWait", bridge=TALK_BRIDGE)]
    calls, offers = asked(*(reversed(legs) if turned else legs))
    assert calls == (SeenCall(CALL, "health", "a hash", 1700000000.25, "talking", OFFER),)
    assert offers == (SeenOffer(OFFER, "anne", CALL, "talking"),)


@pytest.mark.parametrize(("bridge", "place"), [("", "fallback"), (TALK_BRIDGE, "talking")])
def test_a_caller_of_the_fallback_is_there_or_talks_there(bridge: str, place: str) -> None:
    calls, _ = asked(caller(context="decroche-fallback", bridge=bridge))
    assert [(one.place, one.offer) for one in calls] == [(place, None)]


@pytest.mark.parametrize(
    "shown", ["", "health", "health/", "/1.0", "Health/1.0", "health/nan", "health/1.0/2", "/"]
)
def test_a_leg_without_a_pass_is_no_caller(shown: str) -> None:
    mirror = Mirror()
    listed = listing(CALL, "decroche-menu", "Read", shown)
    assert asked(listed, mirror=mirror) == ((), ())
    assert mirror.calls == {}


@pytest.mark.parametrize("shown", ["", "anne", "Anne/1.1", "anne/é", "/"])
def test_a_listeners_leg_with_no_good_pass_is_told_so_that_it_can_be_ended(shown: str) -> None:
    listed = listing(OFFER, "decroche-offer", "Read", shown)
    assert asked(listed) == ((), (SeenOffer(OFFER, "", "", "picked_up"),))


def test_what_was_ordered_is_known_better_than_a_bad_pass_tells_it() -> None:
    mirror = Mirror()
    leg = mirror.offer(OFFER)
    leg.listener, leg.call, leg.accepted = "anne", CALL, True
    listed = listing(OFFER, "decroche-offer", "Read", "")
    assert asked(listed, mirror=mirror) == ((), (SeenOffer(OFFER, "anne", CALL, "accepted"),))


@pytest.fixture
def mirror() -> Mirror:
    """Give a mirror that knows both legs, asked for comparison."""
    mirror = Mirror()
    mirror.add_call(CALL, CallerLeg("health", "a hash", 1700000000.25))
    leg = mirror.offer(OFFER)
    leg.listener, leg.call, leg.exists = "anne", CALL, True
    mirror.begin_check()
    return mirror


def test_a_caller_who_hung_up_meanwhile_is_not_brought_back(mirror: Mirror) -> None:
    mirror.hang_up(CALL)
    told = resynced(mirror, [caller(bridge=HOLD_BRIDGE), listener(up=False)])
    assert told.calls == ()
    assert not mirror.held(CALL)


def test_a_leg_that_was_bridged_meanwhile_is_where_the_events_say(mirror: Mirror) -> None:
    for leg in (CALL, OFFER):
        mirror.enter_bridge(leg, TALK_BRIDGE, holding=False)
    told = resynced(mirror, [caller(bridge=HOLD_BRIDGE), listener(bridge=ACCEPTED_BRIDGE)])
    assert [one.place for one in told.calls] == ["talking"]
    assert [one.stage for one in told.offers] == ["talking"]


def test_a_talk_that_ended_meanwhile_is_over(mirror: Mirror) -> None:
    for leg in (CALL, OFFER):
        mirror.leave_bridge(leg)
    told = resynced(mirror, [caller(bridge=TALK_BRIDGE), listener(bridge=TALK_BRIDGE)])
    assert [one.place for one in told.calls] == ["waiting"]


def test_a_caller_who_arrived_meanwhile_stays(mirror: Mirror) -> None:
    mirror.add_call("1700000000.2", CallerLeg("health", None, 1700000001.0))
    told = resynced(mirror, [caller(), listener()])
    assert [one.call for one in told.calls] == [CALL, "1700000000.2"]


def test_what_events_told_of_a_caller_is_not_overwritten(mirror: Mirror) -> None:
    mirror.add_call(CALL, CallerLeg("health", "newer", 1700000000.25, in_fallback=True))
    (call,) = resynced(mirror, [caller(), listener()]).calls
    assert (call.caller, call.place) == ("newer", "fallback")


def test_a_listing_from_before_the_listener_picked_up_takes_nothing_back(mirror: Mirror) -> None:
    mirror.offers[OFFER].picked_up = True
    (offer,) = resynced(mirror, [caller(), listener(up=False)]).offers
    assert offer.stage == "picked_up"


def test_a_leg_that_was_adopted_is_dropped_once_it_is_there_no_more() -> None:
    mirror = Mirror()
    assert asked(listener(), mirror=mirror)[1] != ()
    assert asked(mirror=mirror) == ((), ())


def test_legs_that_are_there_no_more_are_dropped_and_each_is_logged(mirror: Mirror) -> None:
    with capture_logs() as logs:
        told = resynced(mirror, [])
    assert (told.calls, told.offers) == ((), ())
    assert [(line["event"], line["leg"]) for line in logs] == [
        ("leg_end_missed", CALL),
        ("leg_end_missed", OFFER),
    ]


def test_a_leg_that_was_ordered_and_not_made_yet_is_told_as_ringing() -> None:
    mirror = Mirror()
    leg = mirror.offer(OFFER)
    leg.listener, leg.call = "anne", CALL
    assert asked(mirror=mirror) == ((), (SeenOffer(OFFER, "anne", CALL, "ringing"),))


def test_a_move_that_no_event_told_of_is_made_up_for(mirror: Mirror) -> None:
    mirror.enter_bridge(CALL, HOLD_BRIDGE, holding=True)
    mirror.begin_check()
    told = resynced(mirror, [caller(bridge=TALK_BRIDGE), listener(bridge=TALK_BRIDGE)])
    assert [one.place for one in told.calls] == ["talking"]


def test_asterisk_is_asked_for_bridges_channels_and_the_pass_of_each_of_ours() -> None:
    link = FakeLink()
    link.lists = {
        "BridgeList": [
            bridge(HOLD_BRIDGE, "holding_bridge"),
            bridge(TALK_BRIDGE, "simple_bridge"),
        ],
        "CoreShowChannels": [
            channel(CALL, BridgeId=HOLD_BRIDGE, Application="BridgeWait"),
            channel(OFFER, Context="from-elsewhere", ChannelStateDesc="Ringing", CallerIDNum=""),
            channel("1700000000.3", Context="decroche-fallback", BridgeId=TALK_BRIDGE),
            channel("1700000000.4", Context="trunk"),
            channel(f"{OFFER};2", Context="decroche-fallback-member"),
            channel("é", Context="decroche-hold"),
            channel("x" * 65536, Context="decroche-hold"),
            channel("", Context="decroche-hold"),
        ],
    }
    link.answer_to = _pass_for
    listed = asyncio.run(list_legs(cast("AmiLink", link), hash_caller))
    someone = hash_caller(NUMBER)
    assert listed == [
        listing(
            CALL,
            "decroche-hold",
            "BridgeWait",
            "health/1.0",
            bridge=HOLD_BRIDGE,
            caller=someone,
        ),
        listing(OFFER, "from-elsewhere", "Playback", f"anne/{CALL}", up=False),
        listing(
            "1700000000.3", "decroche-fallback", "Playback", "", bridge=TALK_BRIDGE, caller=someone
        ),
    ]
    assert [(sent.action, sent.fields) for sent in link.sent] == [
        ("Getvar", {"Channel": leg, "Variable": "DECROCHE_PASS"})
        for leg in (CALL, OFFER, "1700000000.3")
    ]
    assert NUMBER[1:] not in repr(listed)


def test_a_link_that_goes_down_meanwhile_is_told() -> None:
    link = FakeLink()
    link.is_down = True
    with pytest.raises(LinkDown):
        asyncio.run(list_legs(cast("AmiLink", link), hash_caller))


def bridge(name: str, technology: str) -> Message:
    return message("BridgeListItem", {"BridgeUniqueid": name, "BridgeTechnology": technology})


def channel(leg: str, **changed: str) -> Message:
    headers: Headers = {
        "Uniqueid": leg,
        "Context": "decroche-hold",
        "Application": "Playback",
        "ChannelStateDesc": "Up",
        "CallerIDNum": NUMBER,
        "BridgeId": "",
    }
    return message("CoreShowChannel", {**headers, **changed})


def _pass_for(fields: Fields) -> Message:
    passes = {CALL: "health/1.0", OFFER: f"anne/{CALL}"}
    shown = passes.get(str(fields["Channel"]))
    return response("Error") if shown is None else response("Success", Value=shown)
