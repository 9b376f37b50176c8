"""What Asterisk holds of ours now, as far as its messages tell: legs, and the bridges they are in.

Only unique ids, never a caller's number.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from router.ami.contract import FALLBACK_CONTEXT
from router.core.offers import OFFER_PREFIX


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
    """Asterisk has made a channel for it, so that its end will be told by a Hangup."""
    picked_up: bool = False
    accepted: bool = False


@dataclass
class Bridge:
    """A bridge and the unique ids in it."""

    holding: bool
    legs: dict[str, None] = field(default_factory=dict)


class Mirror:
    """Asterisk's state as its events tell it, from a link coming up to its being lost."""

    def __init__(self) -> None:
        self.calls: dict[str, CallerLeg] = {}
        self.offers: dict[str, ListenerLeg] = {}
        self._bridges: dict[str, Bridge] = {}
        self._bridge_of: dict[str, str] = {}
        self._gone: dict[str, None] = {}
        self._moved: dict[str, None] = {}
        self._unconfirmed: dict[str, None] = {}

    def add_call(self, name: str, leg: CallerLeg) -> None:
        """Note a caller's leg, or what is newly known of it."""
        self.calls[name] = leg

    def offer(self, name: str) -> ListenerLeg:
        """Give a listener's leg, noting it if it was not known."""
        return self.offers.setdefault(name, ListenerLeg())

    def enter_bridge(self, leg: str, bridge: str, *, holding: bool) -> None:
        """Note that a leg is in a bridge."""
        self.leave_bridge(leg)
        self._put_in(leg, bridge, holding=holding)

    def leave_bridge(self, leg: str) -> None:
        """Note that a leg is in no bridge."""
        self._take_out(leg)
        self._moved[leg] = None

    def hang_up(self, leg: str) -> None:
        """Note that a leg is gone."""
        self.leave_bridge(leg)
        self.calls.pop(leg, None)
        self.offers.pop(leg, None)
        self._gone[leg] = None

    def forget_all(self) -> None:
        """Hold nothing any more: the link is lost, and the next one tells all of it anew."""
        self.calls.clear()
        self.offers.clear()
        self._bridges.clear()
        self._bridge_of.clear()

    def begin_check(self) -> None:
        """Begin to compare with a listing that Asterisk is now asked for.

        A leg that was only just ordered may not be in it, and is not doubted.
        """
        self._gone.clear()
        self._moved.clear()
        made = (name for name, leg in self.offers.items() if leg.exists)
        self._unconfirmed = dict.fromkeys([*self.calls, *made])

    def confirm(self, leg: str) -> bool:
        """Note that the listing names a leg; say whether it still stands.

        What events have told since the check began is newer than the listing.
        """
        self._unconfirmed.pop(leg, None)
        return leg not in self._gone

    def confirm_bridge(self, leg: str, bridge: str, *, holding: bool) -> None:
        """Note in which bridge the listing says that a leg is (empty: in none).

        Where events have told of its moves since the check began, they are newer.
        """
        if leg in self._moved or bridge == self._bridge_of.get(leg, ""):
            return
        self._take_out(leg)
        if bridge:
            self._put_in(leg, bridge, holding=holding)

    def end_check(self) -> list[str]:
        """Drop the legs that the listing does not name, and give them: their end was missed."""
        missed = [leg for leg in self._unconfirmed if leg in self.calls or leg in self.offers]
        for leg in missed:
            self.hang_up(leg)
        return missed

    def held(self, leg: str) -> bool:
        """Say whether a leg is in a holding bridge, from where it can be bridged."""
        bridge = self._bridges.get(self._bridge_of.get(leg, ""))
        return bridge is not None and bridge.holding

    def talking(self, leg: str) -> bool:
        """Say whether a leg is in a bridge that is no holding one."""
        bridge = self._bridges.get(self._bridge_of.get(leg, ""))
        return bridge is not None and not bridge.holding

    def couple_of(self, leg: str) -> tuple[str, str] | None:
        """Give the call and the offer that talk in the bridge that this leg is in."""
        bridge = self._bridges.get(self._bridge_of.get(leg, ""))
        if bridge is None or bridge.holding:
            return None
        call = next((name for name in bridge.legs if name in self.calls), None)
        offer = next((name for name in bridge.legs if name in self.offers), None)
        return (call, offer) if call is not None and offer is not None else None

    def _put_in(self, leg: str, bridge: str, *, holding: bool) -> None:
        self._bridges.setdefault(bridge, Bridge(holding)).legs[leg] = None
        self._bridge_of[leg] = bridge

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


def is_fallback(context: str) -> bool:
    """Say whether a dialplan context is one of the fallback's."""
    return context.startswith(FALLBACK_CONTEXT)
