"""What Asterisk holds now, asked for on each new link; and now and then, whether a leg is gone."""

from __future__ import annotations

import asyncio
from collections.abc import Container, Sequence
from typing import Literal

import structlog
from msgspec import Struct

from router.ami import contract
from router.ami.link import AmiLink
from router.ami.message import Message
from router.ami.mirror import CallerLeg, Mirror, is_fallback, is_offer
from router.ami.parse import BadMessage, as_epoch_seconds, as_id, as_name
from router.ami.translate import CallerHasher
from router.ami.wake import is_wake
from router.core.events import (
    CallerHungUp,
    ListenerLegEnded,
    PbxResynced,
    SeenCall,
    SeenOffer,
)

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
        _listed(one, by_id.get(one.get("BridgeId")), hash_caller(one.get("CallerIDNum")), shown)
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
) -> list[ListenerLegEnded | CallerHungUp]:
    """Give the end of each leg that Asterisk no longer has and whose Hangup never came."""
    ended = mirror.missed(asked, named)
    for leg in ended:
        log.warning("leg_end_missed", leg=leg)
    return [
        ListenerLegEnded(leg, "network") if is_offer(leg) else CallerHungUp(leg) for leg in ended
    ]


def resynced(mirror: Mirror, listed: Sequence[Listed]) -> PbxResynced:
    """Complete the mirror by a listing, and give all that Asterisk holds of ours."""
    for one in listed:
        if mirror.confirm(one.leg) and not is_wake(one.leg):
            _complete(mirror, one)
    mirror.end_resync()
    return PbxResynced(
        calls=tuple(_seen_call(mirror, name, leg) for name, leg in mirror.calls.items()),
        offers=tuple(_seen_offer(mirror, name) for name in mirror.offers),
    )


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
    )


def _is_ours(channel: Message) -> bool:
    leg, context = channel.get("Uniqueid"), channel.get("Context")
    try:
        as_id(leg)
    except BadMessage:
        return False
    return is_offer(leg) or is_wake(leg) or context.startswith(contract.OUR_CONTEXTS)


def _age(channel: Message) -> str:
    """Give how long a channel has been there, as hours:minutes:seconds: to be compared."""
    return channel.get("Duration")


async def _pass_of(link: AmiLink, leg: str) -> str:
    answer = await link.send("Getvar", {"Channel": leg, "Variable": contract.PASS})
    return "" if answer.refused else answer.get("Value")


def _complete(mirror: Mirror, one: Listed) -> None:
    first, _, second = one.shown_pass.partition("/")
    try:
        if is_offer(one.leg):
            leg = mirror.offer(one.leg)
            leg.exists = True
            leg.picked_up = leg.picked_up or one.up
            leg.in_room = leg.in_room or one.application == contract.ROOM_APPLICATION
            leg.accepted = leg.accepted or leg.in_room or one.application == "BridgeWait"
            if one.shown_pass:
                leg.listener, leg.call = as_name(first), as_id(second)
        elif one.leg not in mirror.calls:
            arrived, in_fallback = as_epoch_seconds(second), is_fallback(one.context)
            mirror.add_call(one.leg, CallerLeg(as_name(first), one.caller, arrived, in_fallback))
    except BadMessage:
        # No pass: a menu, a leg of the fallback group, or a call that is just coming in and will
        # announce itself.
        return
    mirror.confirm_bridge(one.leg, one.bridge, holding=one.held, name=one.bridge_name)


def _seen_call(mirror: Mirror, name: str, leg: CallerLeg) -> SeenCall:
    couple = mirror.couple_of(name)
    if couple is not None:
        return SeenCall(name, leg.line, leg.caller, leg.arrived, "talking", couple[1])
    place = _place(mirror, name, leg)
    return SeenCall(name, leg.line, leg.caller, leg.arrived, place)


def _place(mirror: Mirror, name: str, leg: CallerLeg) -> Literal["waiting", "fallback", "talking"]:
    if not leg.in_fallback:
        return "waiting"
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
