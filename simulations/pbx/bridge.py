"""Bridges: the two holding ones, and one for each talk."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field

from simulations.pbx.leg import NOBODY, Leg
from simulations.pbx.message import Headers


@dataclass(eq=False)
class Bridge:
    """A bridge and who is in it."""

    technology: str
    kind: str = "basic"
    creator: str = NOBODY
    name: str = NOBODY
    uniqueid: str = field(default_factory=lambda: str(uuid.uuid4()))
    legs: dict[Leg, None] = field(default_factory=dict)

    @property
    def holding(self) -> bool:
        """Whether one only waits in it."""
        return self.technology == "holding_bridge"

    def headers(self) -> Headers:
        """Give what events and listings say of a bridge."""
        return [
            ("BridgeUniqueid", self.uniqueid),
            ("BridgeType", self.kind),
            ("BridgeTechnology", self.technology),
            ("BridgeCreator", self.creator),
            ("BridgeName", self.name),
            ("BridgeNumChannels", str(len(self.legs))),
            ("BridgeVideoSourceMode", "none"),
        ]


def holding_bridge(name: str) -> Bridge:
    """Make a bridge of BridgeWait's."""
    return Bridge("holding_bridge", kind="base", creator="BridgeWait", name=name)


def talk_bridge() -> Bridge:
    """Make a bridge for two."""
    return Bridge("simple_bridge")
