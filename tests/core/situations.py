"""Every state that a call, an offer or a listener can be in, each reached by events alone."""

from __future__ import annotations

from collections.abc import Callable

from router.core import events
from router.core.policy import Rung
from tests.core.drive import Desk, line, rules

CALL = "c1"
LISTENER = "ana"
POLICY = rules(
    line(ladder=(Rung(0.0, {"fr": 1}, ring_at_once=2), Rung(15.0, {}))),
    listeners={LISTENER: {"fr": 2}, "bob": {}},
)

Situation = Callable[[Desk], object]


def _arrive(desk: Desk) -> None:
    desk.arrive(CALL, caller="hash-1")


def _talk(desk: Desk) -> None:
    _arrive(desk)
    desk.talk(LISTENER)


def _leave(desk: Desk) -> None:
    _arrive(desk)
    desk.hang_up(CALL)


def _fallback(desk: Desk) -> None:
    desk.tell(events.FallbackBegan(CALL, "general", "hash-1", desk.now))


def _back_from_talk(desk: Desk) -> None:
    _talk(desk)
    desk.tell(events.CallWaiting(CALL, "general", "hash-1", desk.now))


def _cut_off(desk: Desk) -> None:
    _talk(desk)
    desk.leg_ends(LISTENER, "network")


SITUATIONS: dict[str, Situation] = {
    "nobody calls": lambda _: None,
    "off duty": lambda desk: desk.tell(events.ListenerWentOff(LISTENER)),
    "paused": lambda desk: desk.tell(events.ListenerPaused(LISTENER)),
    "searching": lambda desk: (desk.tell(events.ListenerPaused(LISTENER)), _arrive(desk)),
    "ringing": _arrive,
    "two ring": lambda desk: (_arrive(desk), desk.wait(15.0)),
    "picked up": lambda desk: (_arrive(desk), desk.pick_up(LISTENER)),
    "accepted": lambda desk: (_arrive(desk), desk.accept(LISTENER)),
    "talking": _talk,
    "listener left": lambda desk: (_talk(desk), desk.leg_ends(LISTENER)),
    "back from talk": _back_from_talk,
    "cut off": _cut_off,
    "caller left": _leave,
    "caller left the talk": lambda desk: (_talk(desk), desk.hang_up(CALL)),
    "missed": lambda desk: (_arrive(desk), desk.leg_ends(LISTENER, "busy")),
    "fallback": _fallback,
    "fallback talks": lambda desk: (_fallback(desk), desk.tell(events.FallbackAnswered(CALL))),
    "link lost in a ring": lambda desk: (_arrive(desk), desk.tell(events.PbxLost())),
    "link lost in a talk": lambda desk: (_talk(desk), desk.tell(events.PbxLost())),
    "no longer a listener": lambda desk: (_arrive(desk), desk.tell(events.PolicyLoaded(rules()))),
}


def desk_in(situation: str) -> Desk:
    """Give a desk in one of the situations."""
    desk = Desk(POLICY, on=(LISTENER, "bob"))
    SITUATIONS[situation](desk)
    desk.wait(0.5)
    return desk
