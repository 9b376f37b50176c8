"""The fallback group: rung by the dialplan alone, until one of them has pressed 1.

Of the legs that Asterisk makes for a member only the one that talks to the caller is here; the
daemon asks about none of them.
"""

from __future__ import annotations

from simulations.pbx.exchange import Exchange
from simulations.pbx.leg import RINGING, UP, Leg
from simulations.pbx.people import Ring
from simulations.pbx.site import Site
from simulations.pbx.talked import DIAL_STATUS

ROUND_SECONDS = 30.0
RING_SECONDS = 15.0


class FallbackGroup:
    """Rings its members for a caller."""

    def __init__(self, exchange: Exchange, site: Site) -> None:
        self._exchange = exchange
        self._phones = site.phones
        self._names = site.fallback
        self._seal = site.seal

    async def talk(self, caller: Leg) -> bool:
        """Let the caller talk with the first who presses 1; say whether anybody has."""
        willing = self._first_to_press()
        if willing is None:
            await caller.rest(ROUND_SECONDS)
            return False
        member = self._ring()
        seconds, ring = willing
        member.in_time(seconds, lambda: self._pick_up(member, caller, ring))
        try:
            await caller.rest(ROUND_SECONDS)
        finally:
            self._exchange.hang_up(member)
        return member.state == UP

    def _first_to_press(self) -> tuple[float, Ring] | None:
        rings = [self._phones[name]() for name in self._names if name in self._phones]
        willing = [
            (ring.picks_up_after_seconds + ring.key_after_seconds, ring)
            for ring in rings
            if ring.key == "1"
            and ring.picks_up_after_seconds is not None
            and ring.picks_up_after_seconds < RING_SECONDS
        ]
        return min(willing, key=lambda one: one[0], default=None)

    def _ring(self) -> Leg:
        member = self._exchange.new_leg("1")
        member.at("decroche-fallback-member", "round", 1)
        self._exchange.change_state(member, RINGING)
        return member

    def _pick_up(self, member: Leg, caller: Leg, ring: Ring) -> None:
        self._exchange.change_state(member, UP)
        member.at("decroche-fallback-answered", "s", 1)
        token = self._seal.token(caller.uniqueid)
        said = [("Token", token), ("Call", caller.uniqueid)]
        self._exchange.user_event(member, "DecrocheFallbackAnswered", said)
        member.at("decroche-fallback-member", "", 1)
        caller.variables[DIAL_STATUS] = "ANSWER"
        self._exchange.join(member, caller)
        if ring.talk_seconds is not None:
            member.in_time(ring.talk_seconds, lambda: self._exchange.hang_up(member, ring.end))
