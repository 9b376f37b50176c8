"""What Asterisk holds of ours now, as far as its messages tell: legs, and the bridges they are in.

Only unique ids, never a caller's number.
"""

from __future__ import annotations

from collections.abc import Container, Iterable
from dataclasses import dataclass, field

from router.ami.contract import OTHERS_RUNG_CONTEXTS, ROOM_BRIDGES
from router.core.offers import OFFER_PREFIX
from router.core.promise import LEG_PREFIX


@dataclass
class CallerLeg:
    """A caller's leg. `arrived` is epoch seconds; `caller` a keyed hash."""

    line: str
    caller: str | None
    arrived: float
    in_fallback: bool = False


@dataclass
class ListenerLeg:
    """A listener's leg. `listener` and `call` are known from our own command or from its pass."""

    listener: str = ""
    call: str = ""
    exists: bool = False
    """Asterisk has made a channel for it, so that its Hangup says why it ended."""
    picked_up: bool = False
    accepted: bool = False
    in_room: bool = False
    """Sent to the room of its call: from there it goes on only when told to."""
    awaits_word: bool = False
    """After a talk: its listener has keyed a call-back and waits to hear whether it is noted."""
    agreed_at: float | None = None
    """The epoch second at which that is to be, where one was keyed."""


@dataclass
class DialledLeg:
    """A caller's leg that we dial, as long as nobody has said there that it is them."""

    exists: bool = False
    """As with a listener's leg."""
    picked_up: bool = False
    dropped: bool = False
    """It is wanted no more: what becomes of it is nobody's concern."""
    told_to_go: bool = False


@dataclass
class Bridge:
    """A bridge and the unique ids in it."""

    name: str
    """What the dialplan called it; empty for one of two who talk."""
    holding: bool
    legs: dict[str, None] = field(default_factory=dict)
    has_others: bool = False
    """Somebody who is none of ours is, or was, in it."""


class Mirror:
    """Asterisk's state as its events tell it, from a link coming up to its being lost."""

    def __init__(self) -> None:
        self.calls: dict[str, CallerLeg] = {}
        self.offers: dict[str, ListenerLeg] = {}
        self.dialled: dict[str, DialledLeg] = {}
        self._bridges: dict[str, Bridge] = {}
        self._bridge_of: dict[str, str] = {}
        self._channels: dict[str, str] = {}
        self._resyncing = True
        self._gone: dict[str, None] = {}
        self._moved: dict[str, None] = {}
        self._suspects: set[str] = set()

    def add_call(self, name: str, leg: CallerLeg) -> None:
        """Note a caller's leg, or what is newly known of it."""
        self.dialled.pop(name, None)
        self.calls[name] = leg

    def offer(self, name: str) -> ListenerLeg:
        """Give a listener's leg, noting it if it was not known."""
        return self.offers.setdefault(name, ListenerLeg())

    def enter_bridge(
        self, leg: str, bridge: str, *, holding: bool, name: str = "", crowd: int = 0
    ) -> None:
        """Note that a leg is in a bridge, with `crowd` legs in it, whosever they are."""
        self.leave_bridge(leg)
        where = self._put_in(leg, Bridge(name, holding), bridge)
        # A listing may have seen the bridge before it was what it is.
        where.name, where.holding = name, holding
        where.has_others = where.has_others or crowd > len(where.legs)

    def name_channel(self, leg: str, channel: str) -> None:
        """Note the name of a leg's channel."""
        if channel:
            self._channels[leg] = channel

    def channel_of(self, leg: str) -> str:
        """Give that name, or the unique id where it is not known.

        For Bridge, which takes an id for the beginning of one: `dcr-a-1` may be `dcr-a-12` to it,
        and either half of a Local channel the other. No channel's name begins another's.
        """
        return self._channels.get(leg, leg)

    def leave_bridge(self, leg: str) -> None:
        """Note that a leg is in no bridge."""
        self._take_out(leg)
        if self._resyncing:
            self._moved[leg] = None

    def send_elsewhere(self, leg: str) -> None:
        """Note that a leg was ordered to another place: an event tells once it is there."""
        self._take_out(leg)

    def hang_up(self, leg: str) -> None:
        """Note that a leg is gone."""
        self.leave_bridge(leg)
        self.calls.pop(leg, None)
        self.offers.pop(leg, None)
        self.dialled.pop(leg, None)
        self._channels.pop(leg, None)
        if self._resyncing:
            self._gone[leg] = None

    def forget_all(self) -> None:
        """Hold nothing any more: the link is lost, and the next one tells all of it anew."""
        for known in (self.calls, self.offers, self.dialled, self._bridges, self._bridge_of):
            known.clear()
        self._channels.clear()
        self._suspects.clear()
        self._gone.clear()
        self._moved.clear()
        self._resyncing = True

    def confirm(self, leg: str) -> bool:
        """Say whether a leg of the listing still stands: what events have told is newer."""
        return leg not in self._gone

    def confirm_bridge(
        self, leg: str, bridge: str, *, holding: bool, name: str = "", has_others: bool = False
    ) -> None:
        """Note in which bridge the listing says that a leg is (empty: in none)."""
        if leg in self._moved or bridge == self._bridge_of.get(leg, ""):
            return
        self._take_out(leg)
        if bridge:
            where = self._put_in(leg, Bridge(name, holding), bridge)
            where.has_others = where.has_others or has_others

    @property
    def is_resyncing(self) -> bool:
        """Say whether it is not known yet what there was as the link came up."""
        return self._resyncing

    def end_resync(self) -> None:
        """Take what is held now as the truth; from here on events alone tell."""
        self._resyncing = False

    def legs(self) -> list[str]:
        """Give every leg that is held now."""
        return [*self.calls, *self.offers, *self.dialled]

    def missed(self, asked: Iterable[str], named: Container[str]) -> list[str]:
        """Drop the legs whose end was missed, and give them.

        `asked` are the legs held as Asterisk was asked for its channels, `named` those it has.
        One missing once may have been ordered, or have ended, at that very moment: only who is
        missing twice in a row is dropped.
        """
        unnamed = {leg for leg in asked if leg not in named}
        missing = [leg for leg in self.legs() if leg in unnamed]
        ended = [leg for leg in missing if leg in self._suspects]
        self._suspects = set(missing).difference(ended)
        for leg in ended:
            self.hang_up(leg)
        return ended

    @property
    def suspicious(self) -> bool:
        """Say whether a leg was missing from the last listing, so that one more is wanted."""
        return bool(self._suspects)

    def held_in(self, leg: str, bridge: str) -> bool:
        """Say whether a leg is in the holding bridge of this name, from where it can be joined."""
        where = self._bridges.get(self._bridge_of.get(leg, ""))
        return where is not None and where.holding and where.name == bridge

    def is_in(self, leg: str, bridge: str) -> bool:
        """Say whether a leg is in the bridge of this name."""
        where = self._bridges.get(self._bridge_of.get(leg, ""))
        return where is not None and where.name == bridge

    def talking(self, leg: str) -> bool:
        """Say whether a leg is in a bridge that is no holding one."""
        bridge = self._bridges.get(self._bridge_of.get(leg, ""))
        return bridge is not None and not bridge.holding

    def others_enter(self, bridge: str) -> list[str]:
        """Note that somebody who is none of ours is in a bridge; give who of ours is."""
        where = self._bridges.get(bridge)
        if where is None:
            return []
        where.has_others = True
        return list(where.legs)

    def is_with_others(self, leg: str) -> bool:
        """Say whether a caller talks with somebody, and with none of our listeners."""
        bridge = self._bridges.get(self._bridge_of.get(leg, ""))
        if bridge is None or bridge.holding or bridge.name.startswith(ROOM_BRIDGES):
            return False
        return bridge.has_others and bridge.legs.keys().isdisjoint(self.offers)

    def couple_of(self, leg: str) -> tuple[str, str] | None:
        """Give the call and the offer that talk in the bridge that this leg is in."""
        bridge = self._bridges.get(self._bridge_of.get(leg, ""))
        if bridge is None or bridge.holding:
            return None
        call = next((name for name in bridge.legs if name in self.calls), None)
        offer = next((name for name in bridge.legs if name in self.offers), None)
        return (call, offer) if call is not None and offer is not None else None

    def pair_of(self, leg: str) -> tuple[str, str] | None:
        """Give the two offers of one call that are in this leg's bridge, without the caller.

        First the one that was placed first: the listener's, and then that of who came to help.
        """
        bridge = self._bridges.get(self._bridge_of.get(leg, ""))
        if bridge is None or bridge.holding or not bridge.legs.keys() <= self.offers.keys():
            return None
        match [name for name in self.offers if name in bridge.legs]:
            case [asking, helping] if self.offers[asking].call == self.offers[helping].call:
                return asking, helping
        return None

    def _put_in(self, leg: str, told: Bridge, bridge: str) -> Bridge:
        where = self._bridges.setdefault(bridge, told)
        where.legs[leg] = None
        self._bridge_of[leg] = bridge
        return where

    def _take_out(self, leg: str) -> None:
        name = self._bridge_of.pop(leg, None)
        if name is None:
            return
        bridge = self._bridges[name]
        del bridge.legs[leg]
        if not bridge.legs:
            del self._bridges[name]


def is_offer(leg: str) -> bool:
    """Say whether this is the unique id of a listener's leg (not the far half of a Local one)."""
    return leg.startswith(OFFER_PREFIX) and ";" not in leg


def is_call_back(leg: str) -> bool:
    """Say whether this is the unique id of a leg by which we call somebody back."""
    return leg.startswith(LEG_PREFIX) and ";" not in leg


def is_fallback(context: str) -> bool:
    """Say whether in this context of the dialplan others are rung for a caller."""
    return context.startswith(OTHERS_RUNG_CONTEXTS)
