"""Every state that a call, an offer or a listener can be in, each reached by events alone."""

from __future__ import annotations

from collections.abc import Callable

from msgspec.structs import replace

from router.core import events
from router.core.policy import CallBack, Rung
from router.core.promise_commands import DialCaller, NotePromise
from router.core.promise_events import (
    CallBackAsked,
    CallBackEnded,
    CallBackTaken,
    PromiseNoted,
)
from tests.core.drive import START, Desk, line, of, rules

CALL = "c1"
LISTENER = "ana"
SENIORS = (Rung(0.0, {"lead": 1}),)
POLICY = rules(
    replace(
        line(ladder=(Rung(0.0, {"fr": 1}), Rung(15.0, {}, ring_at_once=2))),
        senior_ladder=SENIORS,
        call_back=CallBack(again_seconds=(), on_hang_up=True, hours_seconds=(0.0, 86_399.0)),
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


def _ask_for_call_back(desk: Desk) -> object:
    return desk.tell(events.ListenerPaused(LISTENER), CallBackAsked(CALL))


def _note(desk: Desk) -> object:
    note = of(NotePromise, desk.said)[-1]
    return desk.tell(
        PromiseNoted(
            note.promise,
            note.line,
            note.caller,
            note.origin,
            note.place_at,
            note.not_before,
            note.due_by,
            note.call,
            note.usual,
        )
    )


def _come_on(desk: Desk) -> object:
    desk.leg_ends(LISTENER)
    return [desk.wait(1.0), desk.tell(events.ListenerCameOn(LISTENER))]


def _leave_after_a_while(desk: Desk) -> object:
    return [desk.wait(10.0), desk.tell(events.CallerHungUp(CALL))]


def _is_reached(desk: Desk) -> object:
    return desk.tell(CallBackTaken(of(DialCaller, desk.said)[-1].leg))


def _talks_again(desk: Desk) -> object:
    leg = of(DialCaller, desk.said)[-1].leg
    return desk.tell(events.TalkStarted(leg, desk.offer_of(LISTENER)))


def _is_not_reached(desk: Desk) -> object:
    return desk.tell(CallBackEnded(of(DialCaller, desk.said)[-1].leg, "no_answer"))


def _tell(event: events.AnyEvent) -> Step:
    return lambda desk: desk.tell(event)


_OWED: list[Step] = [_arrive, _ask_for_call_back, _note, _hang_up]

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
    "asked to be called back": _OWED[:2],
    "promised and on the line": _OWED[:3],
    "owed a call": _OWED,
    "owed a call that is due": [*_OWED, lambda desk: desk.wait(1.0)],
    "rung for a promise": [*_OWED, _come_on],
    "caller is dialled": [*_OWED, _come_on, _accept],
    "caller is reached": [*_OWED, _come_on, _accept, _is_reached],
    "talks with whom it was owed": [*_OWED, _come_on, _accept, _is_reached, _talks_again],
    "owed a call at eight": [
        lambda desk: desk.tell(
            PromiseNoted(
                "p-site-9", "general", "hash-9", "site", START, START + 3600.0, START + 7200.0
            )
        )
    ],
    "a senior's": [*_OWED, _come_on, _accept, _is_not_reached],
    "left and to be noted": [_tell(events.ListenerPaused(LISTENER)), _arrive, _leave_after_a_while],
    "listener left": [_arrive, _talk, _leg_ends("hung_up")],
    "back from talk": [_arrive, _talk, _announce],
    "cut off": [_arrive, _talk, _leg_ends("network")],
    "caller left": [_arrive, _hang_up],
    "caller left the talk": [_arrive, _talk, _hang_up],
    "missed": [_arrive, _leg_ends("busy")],
    "fallback": [_fallback],
    "fallback talks": [_fallback, _tell(events.FallbackAnswered(CALL))],
    "put through": [_arrive, _talk, _tell(events.CallerPutThrough(CALL))],
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
