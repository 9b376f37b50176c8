"""Every state that a call, an offer or a listener can be in, each reached by events alone."""

from __future__ import annotations

from collections.abc import Callable

from msgspec.structs import replace

from router.core import events
from router.core.policy import Rung
from tests.core.drive import Desk, line, rules

CALL = "c1"
LISTENER = "ana"
SENIORS = (Rung(0.0, {"lead": 1}),)
POLICY = rules(
    replace(
        line(ladder=(Rung(0.0, {"fr": 1}), Rung(15.0, {}, ring_at_once=2))),
        senior_ladder=SENIORS,
    ),
    listeners={LISTENER: {"fr": 2}, "bob": {"lead": 1}},
)

Step = Callable[[Desk], object]


def _arrive(desk: Desk) -> object:
    return desk.arrive(CALL, caller="hash-1")


def _pick_up(desk: Desk) -> object:
    return desk.pick_up(LISTENER)


def _accept(desk: Desk) -> object:
    return desk.accept(LISTENER)


def _talk(desk: Desk) -> object:
    return desk.talk(LISTENER)


def _leg_ends(how: events.LegEnd) -> Step:
    return lambda desk: desk.leg_ends(LISTENER, how)


def _hang_up(desk: Desk) -> object:
    return desk.hang_up(CALL)


def _announce(desk: Desk) -> object:
    return desk.tell(events.CallWaiting(CALL, "general", "hash-1", desk.now))


def _fallback(desk: Desk) -> object:
    return desk.tell(events.FallbackBegan(CALL, "general", "hash-1", desk.now))


def _ask_for_help(desk: Desk) -> object:
    return desk.tell(events.HelpAsked(desk.offer_of(LISTENER)))


def _helper_accepts(desk: Desk) -> object:
    return desk.accept("bob")


def _consult(desk: Desk) -> object:
    return desk.tell(events.ConsultStarted(desk.offer_of(LISTENER), desk.offer_of("bob")))


def _all_together(desk: Desk) -> object:
    return desk.tell(events.TalkStarted(CALL, desk.offer_of(LISTENER)))


def _tell(event: events.AnyEvent) -> Step:
    return lambda desk: desk.tell(event)


SITUATIONS: dict[str, list[Step]] = {
    "nobody calls": [],
    "off duty": [_tell(events.ListenerWentOff(LISTENER))],
    "paused": [_tell(events.ListenerPaused(LISTENER))],
    "searching": [_tell(events.ListenerPaused(LISTENER)), _arrive],
    "ringing": [_arrive],
    "two ring": [_arrive, lambda desk: desk.wait(15.0)],
    "picked up": [_arrive, _pick_up],
    "accepted": [_arrive, _accept],
    "talking": [_arrive, _talk],
    "help sought": [_arrive, _talk, _ask_for_help],
    "helper on the way": [_arrive, _talk, _ask_for_help, _helper_accepts],
    "consulting": [_arrive, _talk, _ask_for_help, _helper_accepts, _consult],
    "caller on the way": [
        _arrive,
        _talk,
        _ask_for_help,
        _helper_accepts,
        _consult,
        _ask_for_help,
    ],
    "three together": [
        _arrive,
        _talk,
        _ask_for_help,
        _helper_accepts,
        _consult,
        _ask_for_help,
        _all_together,
    ],
    "listener left": [_arrive, _talk, _leg_ends("hung_up")],
    "back from talk": [_arrive, _talk, _announce],
    "cut off": [_arrive, _talk, _leg_ends("network")],
    "caller left": [_arrive, _hang_up],
    "caller left the talk": [_arrive, _talk, _hang_up],
    "missed": [_arrive, _leg_ends("busy")],
    "fallback": [_fallback],
    "fallback talks": [_fallback, _tell(events.FallbackAnswered(CALL))],
    "link lost in a ring": [_arrive, _tell(events.PbxLost())],
    "link lost in a talk": [_arrive, _talk, _tell(events.PbxLost())],
    "no longer a listener": [_arrive, _tell(events.PolicyLoaded(rules()))],
}


def desk_in(situation: str) -> Desk:
    """Give a desk in one of the situations."""
    desk = Desk(POLICY, on=(LISTENER, "bob"))
    for step in SITUATIONS[situation]:
        step(desk)
    desk.wait(0.5)
    return desk
