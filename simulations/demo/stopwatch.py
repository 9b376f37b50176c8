"""From an event leaving the PBX to the action that it makes possible coming back."""

from __future__ import annotations

import time
from collections.abc import Mapping
from statistics import quantiles

from router.ami import contract
from simulations.pbx.leg import Leg
from simulations.pbx.message import Action


class Stopwatch:
    """Measures, for every call, three answers of the daemon; instants are monotonic seconds.

    Only a call's first offer counts: a later one waits for somebody, and not for the daemon.
    """

    def __init__(self) -> None:
        self.arrived_to_originate: list[float] = []
        """A call arrives, somebody is free: a phone is rung."""
        self.accepted_to_redirect: list[float] = []
        """A listener accepts while the caller hears words: the caller is sent to hold."""
        self.held_to_bridge: list[float] = []
        """Both are held: they are joined."""
        self._arrived: dict[str, float] = {}
        self._accepted: dict[str, float] = {}
        self._held: dict[str, float] = {}
        self._call_of: dict[str, str] = {}

    def watch(self, event: str, leg: Leg, headers: Mapping[str, str]) -> None:
        """Hear of an event that was just written."""
        name, now = leg.uniqueid, time.perf_counter()
        if event == "UserEvent" and headers["UserEvent"] == "DecrocheArrived":
            self._arrived[name] = now
        elif event == "UserEvent" and headers.get("What") == "accepted":
            self._accepted[self._call_of.pop(name, name)] = now
        elif event == "BridgeEnter" and headers["BridgeTechnology"] == contract.HOLDING_TECHNOLOGY:
            self._held[leg.channel] = now
        elif event == "Hangup":
            for instants in (self._arrived, self._accepted):
                instants.pop(name, None)
            self._held.pop(leg.channel, None)
            self._call_of.pop(name, None)

    def hear(self, action: Action, at: float) -> None:
        """Hear of an action, and of when its bytes had come."""
        match action.get("Action"):
            case "Originate":
                call = action.variables().get(contract.PASS, "").partition("/")[2]
                self._call_of[action.get("ChannelId")] = call
                self._note(self.arrived_to_originate, self._arrived.pop(call, None), at)
            case "Redirect" if action.get("Exten") == "join":
                since = self._accepted.pop(action.get("Channel"), None)
                self._note(self.accepted_to_redirect, since, at)
            case "Bridge":
                legs = (action.get("Channel1"), action.get("Channel2"))
                since = max(self._held.get(leg, at) for leg in legs)
                self._note(self.held_to_bridge, since, at)

    def report(self) -> dict[str, dict[str, float]]:
        """Give p50, p99 and the longest, in milliseconds, of each and of all together."""
        kinds = {
            "arrived_to_originate": self.arrived_to_originate,
            "accepted_to_redirect": self.accepted_to_redirect,
            "held_to_bridge": self.held_to_bridge,
        }
        everything = [seconds for some in kinds.values() for seconds in some]
        return {name: in_ms(some) for name, some in {"all": everything, **kinds}.items()}

    @staticmethod
    def _note(samples: list[float], since: float | None, at: float) -> None:
        if since is not None:
            samples.append(at - since)


def in_ms(samples: list[float]) -> dict[str, float]:
    """Give how many there are, and p50, p99 and the longest in milliseconds."""
    if not samples:
        return {"count": 0}
    cuts = quantiles(samples, n=100, method="inclusive") if len(samples) > 1 else samples * 99
    return {
        "count": len(samples),
        "p50_ms": round(1000 * cuts[49], 2),
        "p99_ms": round(1000 * cuts[98], 2),
        "max_ms": round(1000 * max(samples), 2),
    }
