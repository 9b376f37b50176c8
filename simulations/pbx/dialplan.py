"""The way of a leg through `dialplans/`: each extension gives the one that it goes to next.

What is here is what those files say, step by step, with their priorities.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from router.ami import contract
from simulations.pbx.call_back import CallBack
from simulations.pbx.exchange import Exchange
from simulations.pbx.fallback import FallbackGroup
from simulations.pbx.leg import Leg, Place, Step
from simulations.pbx.menu import Menu
from simulations.pbx.site import Site
from simulations.pbx.steps import Steps
from simulations.pbx.waiting import HOLD, Waiting
from simulations.pbx.words import SECONDS, play

NO_KEY_SECONDS = 12.0
WRAP_UP_KEY_SECONDS = 4.0
CALLING_SECONDS = 75.0
WRAP_UP: Place = ("decroche-wrapup", "s")


class Dialplan:
    """Leads legs through the extensions."""

    def __init__(self, exchange: Exchange, site: Site) -> None:
        self._exchange = exchange
        self._steps = Steps(exchange, site)
        self._group = FallbackGroup(exchange, site)
        offer, fallback = contract.OFFER_CONTEXT, contract.FALLBACK_CONTEXT
        self._extensions: dict[Place, Step] = {
            **Waiting(self._steps).extensions,
            **CallBack(self._steps).extensions,
            (offer, "s"): self._offer,
            (offer, "accept"): self._accept,
            (offer, "decline"): self._decline_by_app,
            (offer, contract.CALLING): self._calling,
            (offer, "taken"): _say("taken"),
            (offer, "not_reached"): _say("not-reached"),
            (offer, "over"): _over,
            WRAP_UP: self._wrap_up,
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

    async def _offer(self, leg: Leg) -> Place | None:
        leg.priority = 3
        self._steps.say_of_offer(leg, "picked_up")
        leg.priority = 7
        leg.run("Read", "DECROCHE_KEY,decroche/offer-keys,1,,1,2")
        key = await leg.rest(NO_KEY_SECONDS)
        if key != "1":
            await self._decline(leg, key)
            return None
        return await self._accept(leg)

    async def _accept(self, leg: Leg) -> Place:
        if leg.variables.get(contract.CALL_BACK) == "1":
            return (contract.OFFER_CONTEXT, contract.CALLING)
        leg.at(contract.OFFER_CONTEXT, "s", 22)
        self._steps.say_of_offer(leg, "accepted")
        leg.priority = 23
        await self._steps.wait_in_bridge(leg, contract.ACCEPTED_BRIDGE, "e(s)S(10)")
        return (contract.OFFER_CONTEXT, "over" if leg.variables.get(contract.TALK) else "taken")

    async def _calling(self, leg: Leg) -> Place:
        self._steps.say_of_offer(leg, "accepted")
        leg.priority = 2
        await play(leg, "call-back-due", "calling-back")
        leg.priority = 4
        how = f"m(default)S({CALLING_SECONDS:g})"
        await self._steps.wait_in_bridge(leg, contract.ACCEPTED_BRIDGE, how, CALLING_SECONDS)
        talked = leg.variables.get(contract.TALK)
        return (contract.OFFER_CONTEXT, "over" if talked else "not_reached")

    async def _decline_by_app(self, leg: Leg) -> None:
        leg.at(contract.OFFER_CONTEXT, "s", 15)
        await self._decline(leg, "2")

    async def _decline(self, leg: Leg, key: str) -> None:
        if not key:
            leg.at(contract.OFFER_CONTEXT, "T", 1)
            self._steps.say_of_offer(leg, "no_key")
            leg.priority = 2
            return
        leg.priority = 15
        self._steps.say_of_offer(leg, "declined")
        leg.priority = 16
        await play(leg, "declined")
        leg.priority = 17

    async def _wrap_up(self, leg: Leg) -> None:
        leg.priority = 2
        leg.run("Read", "DECROCHE_KEY,decroche/over&decroche/wrapup,1,,1,4")
        # Nobody here keys what a talk led to: they hang up when they have been thanked.
        leg.in_time(SECONDS["over"], lambda: self._exchange.hang_up(leg))
        await leg.rest(SECONDS["over"] + SECONDS["wrapup"] + WRAP_UP_KEY_SECONDS)

    def _fallback(self, why: str) -> Callable[[Leg], Awaitable[Place]]:
        async def begin(leg: Leg) -> Place:
            leg.at(contract.FALLBACK_CONTEXT, "begin", 1)
            self._steps.say_of_call(leg, "DecrocheFallback", [("Why", why)])
            self._steps.talked.begin(leg)
            return (contract.FALLBACK_CONTEXT, "round")

        return begin

    async def _round(self, leg: Leg) -> Place:
        leg.run("Dial", "Local/1@decroche-fallback-member/n")
        if await self._group.talk(leg):
            self._steps.talked.end(leg)
            leg.variables[contract.TALK] = ""
            leg.priority = 9
            self._steps.say_of_call(leg, "DecrocheWaiting")
            leg.priority = 10
            await play(leg, "cut-off")
            return HOLD
        leg.priority = 3
        await play(leg, "reassurance")
        leg.priority = 4
        await leg.rest(1)
        return HOLD if self._steps.daemon_alive() else (contract.FALLBACK_CONTEXT, "round")


def _say(words: str) -> Step:
    async def say(leg: Leg) -> None:
        leg.priority = 2
        await play(leg, words)
        leg.priority = 3

    return say


async def _over(_: Leg) -> Place:
    return WRAP_UP
