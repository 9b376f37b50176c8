"""The marks of talks that no daemon has seen, as `talked.conf` leaves them."""

from __future__ import annotations

from router.ami import contract
from router.ami.mirror import is_offer
from simulations.pbx.exchange import Exchange
from simulations.pbx.leg import Leg

DIAL_STATUS = "DIALSTATUS"
KEPT_CHARACTERS = 900
"""Of the marks that there were before."""


class Talked:
    """Leaves them."""

    def __init__(self, exchange: Exchange) -> None:
        self._exchange = exchange

    def begin(self, leg: Leg) -> None:
        """Note that a leg is about to be where it may come to a talk."""
        leg.is_linked = False
        leg.variables[DIAL_STATUS] = leg.variables[contract.TALK] = ""
        leg.at_end = lambda: self.end(leg)

    def end(self, leg: Leg) -> None:
        """Leave a mark if it has, and no daemon has said that it has seen that."""
        leg.at_end = lambda: None
        mark = _mark_of(leg)
        has_talked = leg.is_linked or leg.variables.get(DIAL_STATUS) == "ANSWER"
        if has_talked and mark is not None and not leg.variables.get(contract.TALK):
            leg.variables[contract.TALK] = "1"
            before = self._exchange.variables.get(contract.TALKED, "")
            self._exchange.variables[contract.TALKED] = f"{before[-KEPT_CHARACTERS:]}&{mark}"


def _mark_of(leg: Leg) -> str | None:
    if is_offer(leg.uniqueid):
        return leg.variables.get(contract.PASS, "").partition("/")[2]
    return leg.uniqueid if leg.variables.get(contract.ACK) == "1" else None
