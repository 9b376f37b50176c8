"""What the PBX sees of the floor: who waits, who rings, who talks, and how each call ended."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass

from router.ami import contract
from router.core.offers import OFFER_PREFIX
from simulations.pbx.leg import Leg
from simulations.pbx.message import Action


@dataclass
class Call:
    """A caller on the line. Instants are monotonic seconds."""

    line: str
    since: float
    listener: str = ""
    """Who talks to them now; empty while they wait."""
    answered: bool = False


@dataclass
class Phone:
    """A listener's phone that was rung, for this call."""

    listener: str
    call: str
    picked_up: bool = False


class Floor:
    """Follows the PBX's events and the daemon's actions."""

    def __init__(self) -> None:
        self.calls: dict[str, Call] = {}
        self.phones: dict[str, Phone] = {}
        self.offered = 0
        self.answered = 0
        self.left_waiting = 0
        """Callers who hung up without having talked to anybody."""

    def hear(self, action: Action, _at: float) -> None:
        """Note whom the daemon rings for whom."""
        if action.get("ChannelId").startswith(OFFER_PREFIX):
            listener, _, call = action.variables().get(contract.PASS, "").partition("/")
            self.phones[action.get("ChannelId")] = Phone(listener, call)

    def watch(self, event: str, leg: Leg, headers: Mapping[str, str]) -> None:
        """Note what happens to a leg."""
        name = leg.uniqueid
        if event == "UserEvent":
            self._said(name, headers)
        elif event == "BridgeEnter" and headers["BridgeTechnology"] != "holding_bridge":
            self._talk(leg)
        elif event == "BridgeLeave" and headers["BridgeTechnology"] != "holding_bridge":
            self._talk_over(name)
        elif event == "Hangup":
            self._gone(name)

    def waiting(self) -> list[Call]:
        """Give the callers who hear nobody, the longest first."""
        return [call for call in self.calls.values() if not call.listener]

    def talking(self) -> list[Call]:
        """Give those who talk."""
        return [call for call in self.calls.values() if call.listener]

    def ringing(self) -> list[Phone]:
        """Give the phones that ring, or whose listener hears the words."""
        talking = {call.listener for call in self.talking()}
        return [phone for phone in self.phones.values() if phone.listener not in talking]

    def _said(self, name: str, headers: Mapping[str, str]) -> None:
        if headers["UserEvent"] == "DecrocheArrived":
            self.offered += 1
            self.calls[name] = Call(headers["Line"], time.monotonic())
        elif headers["UserEvent"] == "DecrocheCallBack" and headers["What"] == "taken":
            # They were called, and count as answered from the first.
            self.calls[name] = Call(headers["Line"], time.monotonic(), answered=True)
        elif headers.get("What") == "picked_up" and name in self.phones:
            self.phones[name].picked_up = True
        elif headers.get("What") in ("declined", "no_key"):
            self.phones.pop(name, None)

    def _talk(self, leg: Leg) -> None:
        assert leg.bridge is not None, "it has just entered it"
        legs = [one.uniqueid for one in leg.bridge.legs]
        call = next((self.calls[one] for one in legs if one in self.calls), None)
        if call is None or len(legs) == 1:
            return
        offer = next((one for one in legs if one.startswith(OFFER_PREFIX)), "")
        call.listener = self.phones[offer].listener if offer in self.phones else "fallback"
        self.answered += not call.answered
        call.answered = True

    def _talk_over(self, name: str) -> None:
        self.phones.pop(name, None)
        if name in self.calls:
            self.calls[name].listener = ""

    def _gone(self, name: str) -> None:
        self.phones.pop(name, None)
        call = self.calls.pop(name, None)
        if call is not None and not call.answered:
            self.left_waiting += 1
