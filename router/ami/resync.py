"""What Asterisk holds now, asked for on each new link; and now and then, whether a leg is gone."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Container, Sequence
from typing import Literal

import structlog
from msgspec import Struct

from router.ami import contract
from router.ami.link import AmiLink
from router.ami.message import Message
from router.ami.mirror import CallerLeg, DialledLeg, Mirror, is_call_back, is_fallback, is_offer
from router.ami.parse import BadMessage, as_count, as_epoch_seconds, as_id, as_name
from router.ami.translate import CallerHasher
from router.ami.wake import is_wake
from router.core.events import CallerHungUp, ListenerLegEnded, PbxResynced
from router.core.promise_events import CallBackEnded
from router.core.seen import SeenCall, SeenOffer

log = structlog.get_logger(__name__)


class Listed(Struct, frozen=True):
    """One leg of ours in Asterisk's listing, with the pass that its dialplan gave it."""

    leg: str
    context: str
    application: str
    up: bool
    bridge: str
    bridge_name: str
    held: bool
    caller: str | None
    shown_pass: str
    exten: str = ""
    channel: str = ""
    crowd: int = 0
    """How many legs are in its bridge, whosever they are."""


async def list_legs(link: AmiLink, hash_caller: CallerHasher) -> list[Listed]:
    """Ask Asterisk for every leg that is in a context of ours.

    Raises
    ------
    AmiError
        if the link goes down meanwhile or Asterisk refuses.

    """
    # The bridges after the channels: a bridge that a channel is in is then in the list, or gone.
    channels, bridges = await asyncio.gather(
        link.list("CoreShowChannels", {}), link.list("BridgeList", {})
    )
    by_id = {one.get("BridgeUniqueid"): one for one in bridges}
    # The oldest first: of two listeners with a call, the later one came to help.
    ours = sorted(filter(_is_ours, channels), key=_age, reverse=True)
    passes = await asyncio.gather(*(_pass_of(link, one.get("Uniqueid")) for one in ours))
    return [
        _listed(one, by_id.get(one.get("BridgeId")), hash_caller(_number_of(one)), shown)
        for one, shown in zip(ours, passes, strict=True)
    ]


async def list_names(link: AmiLink) -> frozenset[str]:
    """Ask Asterisk for the unique id of every channel that it has.

    Raises
    ------
    AmiError
        if the link goes down meanwhile or Asterisk refuses.

    """
    channels = await link.list("CoreShowChannels", {})
    return frozenset(one.get("Uniqueid") for one in channels)


def missed_ends(
    mirror: Mirror, asked: Sequence[str], named: Container[str]
) -> list[ListenerLegEnded | CallerHungUp | CallBackEnded]:
    """Give the end of each leg that Asterisk no longer has and whose Hangup never came."""
    dialled = dict(mirror.dialled)
    ended = mirror.missed(asked, named)
    for leg in ended:
        log.warning("leg_end_missed", leg=leg)
    return [
        _end_of(leg, dialled.get(leg))
        for leg in ended
        if leg not in dialled or not dialled[leg].dropped
    ]


def _end_of(
    leg: str, dialled: DialledLeg | None
) -> ListenerLegEnded | CallerHungUp | CallBackEnded:
    if dialled is not None:
        return CallBackEnded(leg, "unreachable")
    return ListenerLegEnded(leg, "network") if is_offer(leg) else CallerHungUp(leg)


def resynced(mirror: Mirror, listed: Sequence[Listed], marked: Sequence[str] = ()) -> PbxResynced:
    """Complete the mirror by a listing, and give all that Asterisk holds of ours.

    `marked` are calls of talks that nobody has seen; with those whose talk has ended meanwhile.
    """
    ours = Counter(one.bridge for one in listed)
    for one in listed:
        if mirror.confirm(one.leg) and not is_wake(one.leg):
            _complete(mirror, one, has_others=one.crowd > ours[one.bridge])
    mirror.end_resync()
    return PbxResynced(
        calls=tuple(_seen_call(mirror, name, leg) for name, leg in mirror.calls.items()),
        offers=tuple(_seen_offer(mirror, name) for name in mirror.offers),
        dialled=tuple(mirror.dialled),
        talked=tuple(dict.fromkeys([*marked, *_just_ended(mirror, listed)])),
    )


def _just_ended(mirror: Mirror, listed: Sequence[Listed]) -> list[str]:
    """Give the callers who were in a talk as they were listed, and are in none by now."""
    return [
        one.leg
        for one in listed
        if one.shown_pass
        and one.bridge
        and not (one.held or is_offer(one.leg) or mirror.talking(one.leg))
    ]


def _listed(
    channel: Message, bridge: Message | None, caller: str | None, shown_pass: str
) -> Listed:
    return Listed(
        leg=channel.get("Uniqueid"),
        context=channel.get("Context"),
        application=channel.get("Application"),
        up=channel.get("ChannelStateDesc") == "Up",
        bridge=channel.get("BridgeId") if bridge is not None else "",
        bridge_name=bridge.get("BridgeName") if bridge is not None else "",
        held=bridge is not None and bridge.get("BridgeTechnology") == contract.HOLDING_TECHNOLOGY,
        caller=caller,
        shown_pass=shown_pass,
        exten=channel.get("Exten"),
        channel=channel.get("Channel"),
        crowd=as_count(bridge.get("BridgeNumChannels")) if bridge is not None else 0,
    )


def _number_of(channel: Message) -> str:
    """Give the number of who is on a channel: whom we have called back shows our own."""
    return "" if is_call_back(channel.get("Uniqueid")) else channel.get("CallerIDNum")


def _is_ours(channel: Message) -> bool:
    leg, context = channel.get("Uniqueid"), channel.get("Context")
    try:
        as_id(leg)
    except BadMessage:
        return False
    named = is_offer(leg) or is_wake(leg) or is_call_back(leg)
    return named or context.startswith(contract.OUR_CONTEXTS)


def _age(channel: Message) -> str:
    """Give how long a channel has been there, as hours:minutes:seconds: to be compared."""
    return channel.get("Duration")


async def _pass_of(link: AmiLink, leg: str) -> str:
    answer = await link.send("Getvar", {"Channel": leg, "Variable": contract.PASS})
    return "" if answer.refused else answer.get("Value")


def _complete(mirror: Mirror, one: Listed, *, has_others: bool) -> None:
    first, _, second = one.shown_pass.partition("/")
    try:
        if is_offer(one.leg):
            leg = mirror.offer(one.leg)
            leg.exists = True
            leg.picked_up = leg.picked_up or one.up
            leg.in_room = leg.in_room or one.application == contract.ROOM_APPLICATION
            leg.accepted = leg.accepted or leg.in_room or _has_accepted(one)
            if one.shown_pass:
                leg.listener, leg.call = as_name(first), as_id(second)
        elif one.leg in mirror.calls:
            # What it has said of itself meanwhile is newer.
            pass
        elif is_call_back(one.leg) and not one.shown_pass:
            dialled = mirror.dialled.setdefault(one.leg, DialledLeg())
            dialled.exists, dialled.picked_up = True, one.up
        else:
            arrived, in_fallback = as_epoch_seconds(second), is_fallback(one.context)
            mirror.add_call(one.leg, CallerLeg(as_name(first), one.caller, arrived, in_fallback))
    except BadMessage:
        # No pass: a menu, a leg of the fallback group, or a call that is just coming in and will
        # announce itself.
        return
    mirror.name_channel(one.leg, one.channel)
    mirror.confirm_bridge(
        one.leg, one.bridge, holding=one.held, name=one.bridge_name, has_others=has_others
    )


def _has_accepted(listener: Listed) -> bool:
    return listener.application == "BridgeWait" or listener.exten == contract.CALLING


def _seen_call(mirror: Mirror, name: str, leg: CallerLeg) -> SeenCall:
    couple = mirror.couple_of(name)
    if couple is not None:
        return SeenCall(name, leg.line, leg.caller, leg.arrived, "talking", couple[1])
    place = _place(mirror, name, leg)
    return SeenCall(name, leg.line, leg.caller, leg.arrived, place)


def _place(mirror: Mirror, name: str, leg: CallerLeg) -> Literal["waiting", "fallback", "talking"]:
    if not leg.in_fallback:
        return "talking" if mirror.is_with_others(name) else "waiting"
    return "talking" if mirror.talking(name) else "fallback"


def _seen_offer(mirror: Mirror, name: str) -> SeenOffer:
    leg = mirror.offers[name]
    couple = mirror.couple_of(name)
    if couple is not None:
        return SeenOffer(name, leg.listener, couple[0], "talking")
    if leg.in_room and mirror.talking(name):
        return SeenOffer(name, leg.listener, leg.call, "talking")
    if leg.accepted:
        return SeenOffer(name, leg.listener, leg.call, "accepted")
    return SeenOffer(name, leg.listener, leg.call, "picked_up" if leg.picked_up else "ringing")
