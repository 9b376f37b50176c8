"""Steps that more than one part of the dialplan takes."""

from __future__ import annotations

from router.ami import contract
from simulations.pbx.bridge import Bridge, holding_bridge
from simulations.pbx.exchange import Exchange
from simulations.pbx.leg import Leg
from simulations.pbx.message import Headers
from simulations.pbx.site import Site
from simulations.pbx.talked import Talked

STALE_SECONDS = 6.0
JOINED_SECONDS = 10.0
"""At most, from being ready to be joined to it."""


class Steps:
    """What the dialplan says to the daemon, its look at it, and where legs wait to be joined."""

    def __init__(self, exchange: Exchange, site: Site) -> None:
        self.exchange = exchange
        self.talked = Talked(exchange)
        self._seal = site.seal
        self._holding: dict[str, Bridge] = {}

    def daemon_alive(self) -> bool:
        """Look at the heartbeat."""
        beat = int(self.exchange.variables.get(contract.BEAT, "") or 0)
        return abs(int(self.exchange.clock.epoch_seconds()) - beat) <= STALE_SECONDS

    def say_of_call(self, leg: Leg, name: str, more: Headers = ()) -> None:
        """Tell the daemon of a caller, with line and arrival."""
        whole = [("Line", leg.variables[contract.LINE]), ("Arrived", leg.variables["ARRIVED"])]
        self.say_keyed(leg, name, [*whole, *more])

    def say_keyed(self, leg: Leg, name: str, keyed: Headers) -> None:
        """Tell the daemon what a caller has keyed."""
        who = [("Token", self._seal.token(leg.uniqueid)), ("Call", leg.uniqueid)]
        self.exchange.user_event(leg, name, [*who, *keyed])

    def say_of_dialled(self, leg: Leg, what: str, more: Headers = ()) -> None:
        """Tell the daemon what somebody does whom we call back."""
        token = self._seal.token(leg.uniqueid)
        said = [("Token", token), ("Leg", leg.uniqueid), ("What", what), *more]
        self.exchange.user_event(leg, "DecrocheCallBack", said)

    def arrive(self, leg: Leg) -> None:
        """Let a caller begin to wait: from here on their leg has its pass."""
        arrived = f"{self.exchange.clock.epoch_seconds():.3f}"
        leg.variables["ARRIVED"] = arrived
        leg.variables[contract.PASS] = f"{leg.variables[contract.LINE]}/{arrived}"

    def say_of_offer(self, leg: Leg, what: str) -> None:
        """Tell the daemon what a listener does."""
        token = self._seal.token(leg.uniqueid)
        said = [("Token", token), ("Offer", leg.uniqueid), ("What", what)]
        self.exchange.user_event(leg, "DecrocheOffer", said)

    async def wait_in_bridge(
        self, leg: Leg, name: str, options: str, seconds: float = JOINED_SECONDS
    ) -> None:
        """Wait to be joined with somebody, and for as long as the talk lasts."""
        self.talked.begin(leg)
        leg.run("BridgeWait", f"{name},participant,{options}")
        bridge = self._holding.setdefault(name, holding_bridge(name))
        self.exchange.enter(leg, bridge)
        await leg.rest(seconds)
        self.exchange.leave(leg)
        self.talked.end(leg)
