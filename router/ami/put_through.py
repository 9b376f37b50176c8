"""Callers whom a listener, or somebody at the PBX, puts through to others: they are left to them.

A phone's own transfer key leads to our dialplan, which tells by itself what comes of it. By any
other way, an action of another manager's or a feature code of the site's, Asterisk alone tells.
"""

from __future__ import annotations

from router.ami.contract import PUT_THROUGH_CONTEXT
from router.ami.message import Message
from router.ami.mirror import Mirror
from router.core import events
from router.core.events import AnyEvent


class PutThrough:
    """Says who is being put through, and who talks with others by now."""

    def __init__(self, mirror: Mirror) -> None:
        self._mirror = mirror

    def sent(self, message: Message) -> list[AnyEvent]:
        """Say of a caller that somebody has sent them into a dialplan that is none of ours."""
        if message.get("Context") == PUT_THROUGH_CONTEXT:
            return []
        return self._rung_for(message)

    def left_ringing(self, message: Message) -> list[AnyEvent]:
        """Say of a caller that their listener's second call, which rings yet, is theirs now."""
        return self._rung_for(message) if message.get("DestType") == "App" else []

    def _rung_for(self, message: Message) -> list[AnyEvent]:
        call = message.get("TransfereeUniqueid")
        leg = self._mirror.calls.get(call)
        if leg is None or leg.in_fallback or self._mirror.is_resyncing:
            return []
        return [events.CallerPutThrough(call)] if message.get("Result") == "Success" else []

    def met(self, leg: str) -> list[AnyEvent]:
        """Say of a leg that entered a bridge whether it is a caller's who talks with others now."""
        call = self._mirror.calls.get(leg)
        if call is None or call.in_fallback or self._mirror.is_resyncing:
            return []
        if not self._mirror.is_with_others(leg):
            return []
        call.in_fallback = True
        return [events.FallbackAnswered(leg)]

    def others_met(self, bridge: str) -> list[AnyEvent]:
        """Say the same of our legs in a bridge that somebody who is none of ours has entered."""
        ours = self._mirror.others_enter(bridge)
        return [event for one in ours for event in self.met(one)]
