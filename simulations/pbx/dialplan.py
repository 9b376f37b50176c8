"""The way of a leg through `dialplans/`: each extension gives the one that it goes to next.

What is here is what those files say, step by step, with their priorities.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from router.ami import contract
from simulations.pbx.bridge import Bridge, holding_bridge
from simulations.pbx.exchange import Exchange
from simulations.pbx.fallback import FallbackGroup
from simulations.pbx.leg import UP, Leg, Place, Step
from simulations.pbx.menu import Menu
from simulations.pbx.message import Headers
from simulations.pbx.site import Site
from simulations.pbx.words import play

TURN_SECONDS = 5.0
STALE_SECONDS = 6.0
NO_KEY_SECONDS = 12.0
JOINED_SECONDS = 10.0
"""At most, from being ready to be joined to it."""
REASSURED_EVERY_TURNS = 4

HOLD: Place = (contract.HOLD_CONTEXT, "s")
LINE_CONTEXT = "decroche-line"


class Dialplan:
    """Leads legs through the extensions."""

    def __init__(self, exchange: Exchange, site: Site) -> None:
        self._exchange = exchange
        self._seal = site.seal
        self._group = FallbackGroup(exchange, site)
        self._holding: dict[str, Bridge] = {}
        hold, offer, fallback = HOLD[0], contract.OFFER_CONTEXT, contract.FALLBACK_CONTEXT
        self._extensions: dict[Place, Step] = {
            (LINE_CONTEXT, "s"): self._line,
            HOLD: self._hold,
            (hold, "join"): self._join,
            (offer, "s"): self._offer,
            (offer, "taken"): self._farewell("taken"),
            (offer, "over"): self._farewell("over"),
            (fallback, "stale"): self._fallback("stale"),
            (fallback, "unacknowledged"): self._fallback("unacknowledged"),
            (fallback, "asked"): self._fallback("asked"),
            (fallback, "round"): self._round,
            **Menu(exchange, site.seal).extensions,
        }

    def knows(self, place: Place) -> bool:
        """Say whether there is such an extension."""
        return place in self._extensions

    def begin(self, leg: Leg, place: Place) -> None:
        """Lead a leg from here on, wherever it is now."""
        if leg.running is not None:
            leg.running.cancel()
        leg.at(*place, 1)
        self._exchange.leave(leg)
        leg.running = asyncio.create_task(self._lead(leg, place))

    async def _lead(self, leg: Leg, begin: Place) -> None:
        place: Place | None = begin
        while place is not None:
            leg.at(*place, 1)
            place = await self._extensions[place](leg)
        leg.running = None
        self._exchange.hang_up(leg)

    async def _line(self, leg: Leg) -> Place:
        leg.priority = 3
        self._exchange.change_state(leg, UP)
        arrived = f"{self._exchange.clock.epoch_seconds():.3f}"
        leg.variables["ARRIVED"] = arrived
        leg.variables[contract.PASS] = f"{leg.variables[contract.LINE]}/{arrived}"
        leg.priority = 9
        self._say_of_call(leg, "DecrocheArrived")
        if not self._daemon_alive():
            leg.priority = 12
            await play(leg, "welcome-short")
            return (contract.FALLBACK_CONTEXT, "stale")
        leg.priority = 14
        await play(leg, "welcome", "confidential")
        return HOLD

    async def _hold(self, leg: Leg) -> Place:
        if not self._daemon_alive():
            return (contract.FALLBACK_CONTEXT, "stale")
        while True:
            leg.priority = 3
            self._say_of_call(leg, "DecrocheWaiting")
            leg.priority = 4
            await self._bridge_wait(leg, "decroche-hold", "m(default)S(5)", TURN_SECONDS)
            if (elsewhere := await self._after_hold(leg)) is not None:
                return elsewhere

    async def _join(self, leg: Leg) -> Place:
        await self._bridge_wait(leg, contract.JOIN_BRIDGE, "m(default)S(10)", JOINED_SECONDS)
        leg.at(*HOLD, 5)
        return await self._after_hold(leg) or HOLD

    async def _after_hold(self, leg: Leg) -> Place | None:
        """Look, from `after` to the end of a turn; None is one more turn."""
        if leg.variables.get(contract.TALK):
            leg.variables[contract.TALK] = ""
            leg.priority = 7
            self._say_of_call(leg, "DecrocheWaiting")
            leg.priority = 8
            await play(leg, "cut-off")
        if not self._daemon_alive():
            return (contract.FALLBACK_CONTEXT, "stale")
        if leg.variables.get(contract.ACK) != "1":
            return (contract.FALLBACK_CONTEXT, "unacknowledged")
        turn = int(leg.variables.get("TURN", "0")) + 1
        leg.variables["TURN"] = str(turn)
        if turn % REASSURED_EVERY_TURNS:
            return None
        leg.priority = 14
        await play(leg, "reassurance")
        return HOLD

    async def _offer(self, leg: Leg) -> Place | None:
        leg.priority = 3
        self._say_of_offer(leg, "picked_up")
        leg.priority = 5
        leg.run("Read", "DECROCHE_KEY,decroche/offer-keys,1,,1,2")
        key = await leg.rest(NO_KEY_SECONDS)
        if key != "1":
            await self._decline(leg, key)
            return None
        leg.priority = 12
        self._say_of_offer(leg, "accepted")
        leg.priority = 13
        await self._bridge_wait(leg, contract.ACCEPTED_BRIDGE, "e(s)S(10)", JOINED_SECONDS)
        return (contract.OFFER_CONTEXT, "over" if leg.variables.get(contract.TALK) else "taken")

    async def _decline(self, leg: Leg, key: str) -> None:
        if not key:
            leg.at(contract.OFFER_CONTEXT, "T", 1)
            self._say_of_offer(leg, "no_key")
            leg.priority = 2
            return
        leg.priority = 9
        self._say_of_offer(leg, "declined")
        leg.priority = 10
        await play(leg, "declined")
        leg.priority = 11

    def _farewell(self, words: str) -> Callable[[Leg], Awaitable[None]]:
        async def farewell(leg: Leg) -> None:
            leg.priority = 2
            await play(leg, words)
            leg.priority = 3

        return farewell

    def _fallback(self, why: str) -> Callable[[Leg], Awaitable[Place]]:
        async def begin(leg: Leg) -> Place:
            leg.at(contract.FALLBACK_CONTEXT, "begin", 1)
            self._say_of_call(leg, "DecrocheFallback", [("Why", why)])
            return (contract.FALLBACK_CONTEXT, "round")

        return begin

    async def _round(self, leg: Leg) -> Place:
        leg.run("Dial", "Local/1@decroche-fallback-member/n")
        if await self._group.talk(leg):
            leg.priority = 7
            self._say_of_call(leg, "DecrocheWaiting")
            leg.priority = 8
            await play(leg, "cut-off")
            return HOLD
        leg.priority = 3
        await play(leg, "reassurance")
        leg.priority = 4
        await leg.rest(1)
        return HOLD if self._daemon_alive() else (contract.FALLBACK_CONTEXT, "round")

    async def _bridge_wait(self, leg: Leg, name: str, options: str, seconds: float) -> None:
        leg.run("BridgeWait", f"{name},participant,{options}")
        bridge = self._holding.setdefault(name, holding_bridge(name))
        self._exchange.enter(leg, bridge)
        await leg.rest(seconds)
        self._exchange.leave(leg)

    def _daemon_alive(self) -> bool:
        beat = int(self._exchange.variables.get(contract.BEAT, "") or 0)
        return abs(int(self._exchange.clock.epoch_seconds()) - beat) <= STALE_SECONDS

    def _say_of_call(self, leg: Leg, name: str, more: Headers = ()) -> None:
        said = [
            ("Token", self._seal.token(leg.uniqueid)),
            ("Call", leg.uniqueid),
            ("Line", leg.variables[contract.LINE]),
            ("Arrived", leg.variables["ARRIVED"]),
        ]
        self._exchange.user_event(leg, name, [*said, *more])

    def _say_of_offer(self, leg: Leg, what: str) -> None:
        token = self._seal.token(leg.uniqueid)
        said = [("Token", token), ("Offer", leg.uniqueid), ("What", what)]
        self._exchange.user_event(leg, "DecrocheOffer", said)
