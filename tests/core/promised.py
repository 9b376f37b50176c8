"""A desk that calls back, for the tests of promises."""

from __future__ import annotations

from msgspec.structs import replace

from router.core import events
from router.core.commands import AnyCommand
from router.core.policy import CallBack, Rung
from router.core.promise_commands import DialCaller, NotePromise
from router.core.promise_events import CallBackAsked, PromiseNoted
from tests.core.drive import Desk, line, of, rules

CALLER = "hash-1"
PEOPLE = {"ana": {"fr": 1}, "bob": {"fr": 1}}
USUAL = CallBack(
    within_seconds=1800.0,
    again_seconds=(300.0, 900.0, 1800.0),
    busy_again_seconds=120.0,
    hours_seconds=(0.0, 86_399.0),
)


def desk(*, seniors: bool = False, **changed: object) -> Desk:
    """Give a desk whose listeners are both in a talk, and whose line calls back.

    With `seniors` bob is one, and is rung where a senior is to call back.
    """
    call_back = replace(USUAL, **changed)
    people = {**PEOPLE, "bob": {"fr": 1, "senior": 1}} if seniors else PEOPLE
    asked = (Rung(0.0, {"senior": 1}),) if seniors else ()
    one = replace(line(skills={"fr": 1}), call_back=call_back, senior_ladder=asked)
    here = Desk(rules(one, listeners=people))
    for call, name in (("t1", "ana"), ("t2", "bob")):
        here.arrive(call, caller=f"hash-{call}")
        here.talk(name)
    return here


def asked(here: Desk, call: str = "c1", caller: str | None = CALLER) -> list[AnyCommand]:
    """Have a caller wait for a while and then ask for a call-back."""
    here.arrive(call, caller=caller)
    here.wait(10.0)
    return [*here.tell(CallBackAsked(call))]


def noted(here: Desk, call: str | None = None) -> list[AnyCommand]:
    """Have the store confirm the last promise that was to be noted."""
    note = of(NotePromise, here.said)[-1]
    return [
        *here.tell(
            PromiseNoted(
                note.promise,
                note.line,
                note.caller,
                note.origin,
                note.place_at,
                note.not_before,
                note.due_by,
                call or note.call,
                note.usual,
                note.by_senior,
            )
        )
    ]


def owed(**changed: object) -> Desk:
    """Give a desk that owes a call-back to a caller who has hung up after being told."""
    here = desk(**changed)  # type: ignore[arg-type]  # the settings that differ
    asked(here)
    noted(here)
    here.hang_up("c1")
    here.wait(0.1)
    return here


def free(here: Desk, name: str = "ana", call: str = "t1") -> list[AnyCommand]:
    """Have a listener's talk end, and the listener be ready."""
    said = [*here.hang_up(call), *here.leg_ends(name)]
    return [*said, *here.tell(events.ListenerCameOn(name))]


def dialled(**changed: object) -> tuple[Desk, str]:
    """Give a desk where ana has taken the promise and the caller's phone rings on this leg."""
    here = owed(**changed)
    free(here)
    (dial,) = of(DialCaller, here.accept("ana"))
    return here, dial.leg
