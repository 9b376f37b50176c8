"""The listeners' side of a journal: what each of them made of each ring."""

from __future__ import annotations

from router.core.commands import DismissListener, RingListener
from router.core.events import (
    ConnectFailed,
    LegEnd,
    ListenerLegEnded,
    ListenerPickedUp,
    OfferAccepted,
    OfferFailed,
)
from router.core.seen import SeenOffer
from simulations.replay.past import OfferEvent, PastRing


class RingsSoFar:
    """Every ring that has been made up to now."""

    def __init__(self) -> None:
        self.by_offer: dict[str, PastRing] = {}
        self._open: dict[str, PastRing] = {}

    def open_offers(self) -> list[str]:
        """Name the offers whose legs are there now."""
        return list(self._open)

    def cut_off(self) -> None:
        """Forget the legs that are there now: what became of them is in no line."""
        self._open.clear()

    def accepted_for(self, call: str) -> PastRing | None:
        """Give the ring of the listener who has accepted this call, and does not talk yet."""
        return next(
            (
                ring
                for ring in self._open.values()
                if ring.call == call
                and ring.connected is None
                and ring.released is None
                and any(isinstance(act, OfferAccepted) for _, act in ring.acts)
            ),
            None,
        )

    def placed(self, order: RingListener | SeenOffer, at: float) -> None:
        """Note that a listener is rung."""
        ring = PastRing(order.offer, order.listener, order.call, at, acts=[])
        self.by_offer[order.offer] = self._open[order.offer] = ring

    def dismissed(self, order: DismissListener, at: float) -> None:
        """Note that the engine has a leg ended."""
        ring = self._open.get(order.offer)
        if ring is not None and ring.released is None:
            ring.released = at
            ring.up_when_released = _is_up(ring)
            ring.rang_out = order.why == "timeout"

    def acted(self, act: OfferEvent, at: float) -> None:
        """Note what a listener did; with a talk or a dismissal behind it, it is no own will."""
        ring = self._open.get(act.offer)
        if ring is None:
            return
        if ring.released is None and ring.connected is None:
            ring.acts.append((at, act))
        if isinstance(act, ListenerLegEnded) or _places_no_leg(act):
            ring.ended = at
            del self._open[act.offer]

    def connected(self, offer: str, at: float) -> PastRing | None:
        """Note that a listener talks, and give the ring that led to it."""
        ring = self._open.get(offer)
        if ring is not None and ring.connected is None:
            ring.connected = at
        return ring

    def not_connected(self, event: ConnectFailed, at: float) -> None:
        """Note that a listener who had accepted could not be connected."""
        ring = self._open.get(event.offer)
        if ring is not None:
            ring.not_connected = at

    def seen(self, leg: SeenOffer, at: float) -> None:
        """Note what a resync shows of a leg, as far as it is news."""
        if leg.offer not in self.by_offer:
            self.placed(leg, at)
        ring = self.by_offer[leg.offer]
        if leg.stage != "ringing" and not _is_up(ring):
            self.acted(ListenerPickedUp(leg.offer), at)
        accepted = any(isinstance(act, OfferAccepted) for _, act in ring.acts)
        if leg.stage in ("accepted", "talking") and not accepted:
            self.acted(OfferAccepted(leg.offer), at)

    def vanished(self, offer: str, at: float) -> PastRing:
        """Note that a resync does not show a leg any more, and give its ring."""
        ring = self._open[offer]
        self.acted(ListenerLegEnded(offer, _HOW_UNKNOWN), at)
        return ring


_HOW_UNKNOWN: LegEnd = "network"


def _is_up(ring: PastRing) -> bool:
    return any(isinstance(act, ListenerPickedUp | OfferAccepted) for _, act in ring.acts)


def _places_no_leg(act: OfferEvent) -> bool:
    return isinstance(act, OfferFailed) and act.reason != "no_key"
