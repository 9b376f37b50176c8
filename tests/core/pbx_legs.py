"""The legs of the little Asterisk: callers, listeners' and those of callers whom we ring."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeGuard

from router.core.seen import SeenCall

Place = Literal["waiting", "aside", "fallback", "fallback_talking", "talking"]
Stage = Literal["ringing", "picked_up", "accepted", "talking"]


@dataclass
class Caller:
    name: str
    line: str
    caller: str | None
    arrived: float
    place: Place = "waiting"
    partner: str | None = None


@dataclass
class Leg:
    name: str
    listener: str
    call: str
    stage: Stage = "ringing"
    in_room: bool = False
    """Where listener and helper, and then the caller too, are together."""
    sent_away_at: float | None = None


@dataclass
class Dialled:
    """A caller's leg that we ring: not theirs before they have pressed the key."""

    name: str
    line: str
    caller: str
    hears_words: bool = False


def waits(caller: Caller | None) -> TypeGuard[Caller]:
    return caller is not None and caller.place in ("waiting", "aside")


def is_ready(leg: Leg | None) -> TypeGuard[Leg]:
    return leg is not None and leg.stage == "accepted" and leg.sent_away_at is None


def seen_caller(one: Caller) -> SeenCall:
    return SeenCall(one.name, one.line, one.caller, one.arrived, _SEEN[one.place], one.partner)


_SEEN: dict[Place, Literal["waiting", "fallback", "talking"]] = {
    "waiting": "waiting",
    "aside": "waiting",
    "fallback": "fallback",
    "fallback_talking": "talking",
    "talking": "talking",
}
