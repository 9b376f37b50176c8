"""The exchange: legs and bridges, and what becomes of them is told as Asterisk tells it."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping

from router.ami import contract, form
from simulations.pbx import causes
from simulations.pbx.bridge import Bridge, talk_bridge
from simulations.pbx.clock import Clock
from simulations.pbx.leg import Leg
from simulations.pbx.message import Headers, render

Watch = Callable[[str, Leg, Mapping[str, str]], None]
"""Hears of each event just after it was written: its name, its leg, its own headers."""


class Exchange:
    """All that this PBX holds now. Who is logged in hears every event."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.legs: dict[str, Leg] = {}
        self.bridges: dict[Bridge, None] = {}
        self.variables = {contract.FORM: form.OURS}
        """Asterisk's globals."""
        self.ears: list[Callable[[bytes], None]] = []
        self.watches: list[Watch] = []
        self._numbers = itertools.count()
        self._up_since = clock.epoch_seconds()

    def up_seconds(self) -> int:
        """Say for how long it has been up, in whole seconds."""
        return int(self.clock.epoch_seconds() - self._up_since)

    def new_leg(self, number: str = "", uniqueid: str = "") -> Leg:
        """Make a leg; one that came in by itself is named by the instant, as Asterisk does."""
        n = next(self._numbers)
        name = uniqueid or f"{int(self.clock.epoch_seconds())}.{n}"
        leg = Leg(self.clock, name, f"PJSIP/trunk-{n:08x}")
        leg.number = number or leg.number
        self.legs[name] = leg
        return leg

    def find(self, name: str) -> Leg | None:
        """Find a leg by its unique id or by its channel's name."""
        by_name = (leg for leg in self.legs.values() if leg.channel == name)
        return self.legs.get(name) or next(by_name, None)

    def tell(self, name: str, leg: Leg, *, before: Headers = (), after: Headers = ()) -> None:
        """Tell everybody of something that happened to a leg."""
        privilege = "user,all" if name == "UserEvent" else "call,all"
        head = [("Event", name), ("Privilege", privilege)]
        self.spread(render([*head, *before, *leg.headers(), *after]))
        for watch in self.watches:
            watch(name, leg, dict([*before, *after]))

    def spread(self, data: bytes) -> None:
        """Send bytes to everybody who is logged in."""
        for ear in self.ears:
            ear(data)

    def variable_set(self, name: str, value: str) -> None:
        """Tell that a global was set; of these, only what the daemon's account lets through."""
        head = [("Event", "VarSet"), ("Privilege", "dialplan,all")]
        nobody = [("Channel", "none"), ("Uniqueid", "none")]
        self.spread(render([*head, *nobody, ("Variable", name), ("Value", value)]))

    def user_event(self, leg: Leg, name: str, headers: Headers) -> None:
        """Tell what the dialplan says."""
        self.tell("UserEvent", leg, after=[("UserEvent", name), *headers])

    def change_state(self, leg: Leg, state: tuple[int, str]) -> None:
        """Let a leg ring, or be up."""
        leg.state = state
        self.tell("Newstate", leg)

    def enter(self, leg: Leg, bridge: Bridge) -> None:
        """Put a leg into a bridge."""
        self.leave(leg)
        self.bridges[bridge] = None
        bridge.legs[leg] = None
        leg.bridge = bridge
        self.tell("BridgeEnter", leg, before=bridge.headers())

    def leave(self, leg: Leg) -> None:
        """Take a leg out of its bridge; what is left of a talk ends with it."""
        bridge = leg.bridge
        if bridge is None:
            return
        del bridge.legs[leg]
        leg.bridge = None
        self.tell("BridgeLeave", leg, before=bridge.headers())
        if not bridge.holding:
            for other in list(bridge.legs):
                self.leave(other)
                other.go_on()
        if not bridge.legs:
            self.bridges.pop(bridge, None)

    def join(self, one: Leg, other: Leg) -> None:
        """Let two legs talk."""
        bridge = talk_bridge()
        for leg in (one, other):
            leg.borrow()
            self.enter(leg, bridge)
        # One leg keeps its own: whose id Asterisk has made itself before one that we have chosen.
        (other if "." in one.uniqueid.rpartition("-")[2] else one).is_linked = True
        one.connected, other.connected = other.number, one.number
        for leg in (one, other):
            leg.on_talk()

    def hang_up(self, leg: Leg, cause: int = causes.HUNG_UP, *, by_sip: bool = False) -> None:
        """End a leg; ended twice, it ends once."""
        if self.legs.pop(leg.uniqueid, None) is None:
            return
        for timer in leg.timers:
            timer.cancel()
        if leg.running is not None:
            leg.running.cancel()
        self.leave(leg)
        leg.at_end()
        leg.before_end()
        why = [("Cause", str(cause)), ("Cause-txt", causes.WORDS[cause])]
        code = causes.SIP_CODES.get(cause) if by_sip else None
        self.tell("Hangup", leg, after=[*why, *([("TechCause", code)] if code else [])])

    def close(self) -> None:
        """Let every leg fall silent, without a word to anybody."""
        self.ears.clear()
        self.watches.clear()
        for leg in list(self.legs.values()):
            self.hang_up(leg)
