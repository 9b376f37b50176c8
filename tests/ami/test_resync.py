from __future__ import annotations

import asyncio
from typing import cast

import pytest
from msgspec.structs import replace
from structlog.testing import capture_logs

from router.ami.errors import LinkDown
from router.ami.link import AmiLink
from router.ami.message import Message
from router.ami.mirror import CallerLeg, Mirror
from router.ami.pending import Fields
from router.ami.resync import Listed, list_legs, list_names, missed_ends, resynced
from router.core.events import CallerHungUp, ListenerLegEnded
from router.core.seen import SeenCall, SeenOffer
from router.store.vault import CallerHash
from tests.ami.fake_link import FakeLink
from tests.ami.words import (
    ACCEPTED_BRIDGE,
    CALL,
    HOLD_BRIDGE,
    HOLDING,
    NAMES,
    NUMBER,
    OFFER,
    ROOM_BRIDGE,
    TALK_BRIDGE,
    Headers,
    channel,
    message,
    put_in,
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
    name = NAMES.get(bridge, "<unknown>") if bridge else ""
    held = bridge in HOLDING
    return Listed(leg, context, application, up, bridge, name, held, caller, shown_pass)


def caller(leg: str = CALL, *, context: str = "decroche-hold", bridge: str = "") -> Listed:
    """List a caller's leg: by its bridge held, talking, or hearing words."""
    return listing(leg, context, "", "health/1700000000.250", bridge=bridge, caller="a hash")


def crowded(listed: Listed, crowd: int) -> Listed:
    """List a leg in a bridge that has so many legs."""
    return replace(listed, crowd=crowd)


def listener(*, up: bool = True, application: str = "", bridge: str = "") -> Listed:
    """List a listener's leg."""
    return listing(OFFER, "decroche-offer", application, f"anne/{CALL}", up=up, bridge=bridge)


Told = tuple[tuple[SeenCall, ...], tuple[SeenOffer, ...]]


def asked(*listed: Listed, mirror: Mirror | None = None) -> Told:
    """Complete a mirror, empty unless given, and give the calls and offers that are told."""
    told = resynced(mirror or Mirror(), listed)
    return told.calls, told.offers


@pytest.mark.parametrize("bridge", ["", HOLD_BRIDGE])
def test_a_caller_who_waits_is_adopted_with_the_original_arrival(bridge: str) -> None:
    assert asked(caller(bridge=bridge)) == ((WAITING,), ())


@pytest.mark.parametrize(("crowd", "place"), [(0, "waiting"), (1, "waiting"), (2, "talking")])
def test_a_caller_in_a_talk_with_others_is_found_there_and_not_waiting(
    crowd: int, place: str
) -> None:
    (found,), _ = asked(crowded(caller(bridge=TALK_BRIDGE), crowd))
    assert (found.place, found.offer) == (place, None)


def test_a_caller_about_to_be_joined_by_a_listener_is_in_no_talk_with_others() -> None:
    both = [crowded(one, 2) for one in (caller(bridge=TALK_BRIDGE), listener(bridge=TALK_BRIDGE))]
    (found,), _ = asked(*both)
    assert found.offer == OFFER


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


HELPER = "dcr-0a1b2c3d-2"


def in_room(leg: str, name: str) -> Listed:
    """List the leg of a listener who is in the room of the call."""
    told = f"{name}/{CALL}"
    return listing(leg, "decroche-senior", "ConfBridge", told, bridge=ROOM_BRIDGE)


def test_listener_and_helper_in_a_consult_talk_while_their_caller_waits() -> None:
    aside = caller(context="decroche-senior")
    mirror = Mirror()
    calls, offers = asked(in_room(OFFER, "anne"), aside, in_room(HELPER, "bruno"), mirror=mirror)
    assert calls == (WAITING,)
    assert offers == (
        SeenOffer(OFFER, "anne", CALL, "talking"),
        SeenOffer(HELPER, "bruno", CALL, "talking"),
    )
    assert mirror.pair_of(OFFER) == (OFFER, HELPER)
    assert [leg.in_room for leg in mirror.offers.values()] == [True, True]


def test_three_together_are_a_talk_with_the_listener_and_the_helper_talks_too() -> None:
    together = caller(context="decroche-senior", bridge=ROOM_BRIDGE)
    calls, offers = asked(in_room(OFFER, "anne"), in_room(HELPER, "bruno"), together)
    assert [(one.place, one.offer) for one in calls] == [("talking", OFFER)]
    assert [(one.offer, one.stage) for one in offers] == [(OFFER, "talking"), (HELPER, "talking")]


@pytest.mark.parametrize(
    "context", ["decroche-fallback", "decroche-put-through-to", "decroche-emergency-call"]
)
@pytest.mark.parametrize(("bridge", "place"), [("", "fallback"), (TALK_BRIDGE, "talking")])
def test_a_caller_for_whom_others_are_rung_is_there_or_talks_there(
    context: str, bridge: str, place: str
) -> None:
    calls, _ = asked(caller(context=context, bridge=bridge))
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
    """Give a mirror of a new link, on which events have told of both legs already."""
    mirror = Mirror()
    mirror.add_call(CALL, CallerLeg("health", "a hash", 1700000000.25))
    leg = mirror.offer(OFFER)
    leg.listener, leg.call, leg.exists = "anne", CALL, True
    return mirror


def test_a_caller_who_hung_up_meanwhile_is_not_brought_back(mirror: Mirror) -> None:
    mirror.hang_up(CALL)
    told = resynced(mirror, [caller(bridge=HOLD_BRIDGE), listener(up=False)])
    assert told.calls == ()
    assert not mirror.held_in(CALL, "decroche-hold")


def test_a_leg_that_was_bridged_meanwhile_is_where_the_events_say(mirror: Mirror) -> None:
    for leg in (CALL, OFFER):
        put_in(mirror, leg, TALK_BRIDGE)
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


def test_a_call_that_is_not_listed_and_of_which_events_tell_stays(mirror: Mirror) -> None:
    told = resynced(mirror, [])
    assert [one.call for one in told.calls] == [CALL]


def test_what_hangs_up_after_the_resync_is_not_held_against_the_next_listing(
    mirror: Mirror,
) -> None:
    resynced(mirror, [caller(), listener()])
    mirror.hang_up(CALL)
    assert resynced(mirror, [caller(), listener()]).calls == (WAITING,)


def test_a_leg_that_is_held_can_be_joined_after_the_resync() -> None:
    mirror = Mirror()
    asked(caller(bridge=HOLD_BRIDGE), listener(bridge=ACCEPTED_BRIDGE), mirror=mirror)
    assert mirror.held_in(CALL, "decroche-hold")
    assert mirror.held_in(OFFER, "decroche-accepted")


def test_legs_that_are_gone_without_a_word_are_told_once_and_each_is_logged(
    mirror: Mirror,
) -> None:
    mirror.end_resync()
    legs = mirror.legs()
    assert missed_ends(mirror, legs, frozenset()) == []
    with capture_logs() as logs:
        told = missed_ends(mirror, legs, frozenset())
    assert told == [CallerHungUp(CALL), ListenerLegEnded(OFFER, "network")]
    assert [(line["event"], line["leg"]) for line in logs] == [
        ("leg_end_missed", CALL),
        ("leg_end_missed", OFFER),
    ]
    assert missed_ends(mirror, legs, frozenset()) == []


def test_asterisk_is_asked_for_channels_then_bridges_and_the_pass_of_each_of_ours() -> None:
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
    assert link.listed == ["CoreShowChannels", "BridgeList"], (
        "asked before, the list would lack a bridge that a channel has entered since"
    )
    assert [(sent.action, sent.fields) for sent in link.sent] == [
        ("Getvar", {"Channel": leg, "Variable": "DECROCHE_PASS"})
        for leg in (CALL, OFFER, "1700000000.3")
    ]
    assert NUMBER[1:] not in repr(listed)


def test_a_channel_in_a_bridge_that_is_over_by_now_is_in_none() -> None:
    link = FakeLink()
    link.lists = {"BridgeList": [], "CoreShowChannels": [channel(CALL, BridgeId=HOLD_BRIDGE)]}
    link.answer_to = _pass_for
    (listed,) = asyncio.run(list_legs(cast("AmiLink", link), hash_caller))
    assert (listed.bridge, listed.bridge_name, listed.held) == ("", "", False)


def test_the_oldest_leg_is_listed_first_so_that_a_helper_comes_after_the_listener() -> None:
    link = FakeLink()
    ages = {HELPER: "00:00:09", OFFER: "00:21:40", CALL: "01:00:02"}
    legs = [channel(leg, Duration=age) for leg, age in ages.items()]
    link.lists = {"BridgeList": [], "CoreShowChannels": legs}
    link.answer_to = _pass_for
    listed = asyncio.run(list_legs(cast("AmiLink", link), hash_caller))
    assert [one.leg for one in listed] == [CALL, OFFER, HELPER]


def test_a_look_at_what_is_gone_asks_for_the_channels_alone() -> None:
    link = FakeLink()
    link.lists = {"CoreShowChannels": [channel(CALL), channel("1700000000.4", Context="trunk")]}
    named = asyncio.run(list_names(cast("AmiLink", link)))
    assert named == {CALL, "1700000000.4"}
    assert (link.listed, link.sent) == (["CoreShowChannels"], [])


def test_a_link_that_goes_down_meanwhile_is_told() -> None:
    link = FakeLink()
    link.is_down = True
    for listing_of in (
        list_legs(cast("AmiLink", link), hash_caller),
        list_names(cast("AmiLink", link)),
    ):
        with pytest.raises(LinkDown):
            asyncio.run(listing_of)


def bridge(name: str, technology: str) -> Message:
    headers: Headers = {
        "BridgeUniqueid": name,
        "BridgeName": HOLDING.get(name, "<unknown>"),
        "BridgeTechnology": technology,
    }
    return message("BridgeListItem", headers)


def _pass_for(fields: Fields) -> Message:
    passes = {CALL: "health/1.0", OFFER: f"anne/{CALL}"}
    shown = passes.get(str(fields["Channel"]))
    return response("Error") if shown is None else response("Success", Value=shown)
