"""The lines, the people and the rules that the chaos comes over."""

from __future__ import annotations

from msgspec.structs import replace

from router.core.call import CallState
from router.core.policy import EVERYBODY, CallBack, Care, Line, Policy, Rung
from tests.core.drive import line, rules
from tests.core.pbx_legs import Place

LADDER = (Rung(0.0, {"fr": 1}, ring_at_once=2), Rung(12.3, {"fr": 1}), Rung(30.0, {}, 3))
WIDE = (
    Rung(0.0, {"fr": 2}, ring_at_once=None),
    Rung(9.0, {"fr": 1}, ring_at_once=None, when=("nobody_free", "target_out_of_reach")),
    Rung(45.0, {}, ring_at_once=EVERYBODY),
)
CALL_BACK = CallBack(within_seconds=300.0, again_seconds=(30.0, 90.0), urgent_seconds=120.0)
BY_ITSELF = CallBack(on_hang_up=True, hours_seconds=(0.0, 43_200.0))
SENIORS = (Rung(0.0, {"fr": 2}), Rung(10.0, {"fr": 1}, ring_at_once=None))
SHOCK = (Rung(0.0, {"police": 1}, ring_at_once=None), Rung(20.0, {}, ring_at_once=EVERYBODY))
LINES = (
    Line(
        "general",
        ladder=LADDER,
        call_back=CALL_BACK,
        senior_ladder=(Rung(0.0, {}, ring_at_once=2),),
    ),
    line("police", {"police": 1}),
    Line(
        "night",
        ladder=WIDE,
        shock_ladder=SHOCK,
        senior_ladder=SENIORS,
        consult_seconds=30.0,
        call_back=BY_ITSELF,
    ),
)
PEOPLE = {
    "ana": {"fr": 1},
    "bob": {"fr": 2, "police": 1},
    "cleo": {"fr": 1},
    "dan": {"police": 2},
    "eve": {"fr": 3},
}
POLICIES: dict[str, Policy] = {
    "usual": rules(*LINES, listeners=PEOPLE),
    "other skills": rules(*LINES, listeners={**PEOPLE, "bob": {"fr": 1}, "ana": {"police": 1}}),
    "fewer": rules(*LINES[:2], listeners={name: PEOPLE[name] for name in ("bob", "eve")}),
    "few of one number": replace(
        rules(*(replace(one, nobody_on_duty_seconds=4.0) for one in LINES), listeners=PEOPLE),
        calls_per_number=1,
    ),
    "short rests": rules(
        *LINES, listeners=PEOPLE, care=Care(wrap_up_seconds=0.0, missed_rest_seconds=(1.0, 3.0))
    ),
    "much care": rules(
        *LINES,
        listeners=PEOPLE,
        care=Care(
            rings_in_vain_an_hour=1,
            calls_in_a_row=1,
            break_seconds=60.0,
            night_calls_a_shift=1,
            night_seconds=(0.0, 43_200.0),
            talk_seconds_a_shift=120.0,
            calls_above_share=0.0,
            hard_call_rest_seconds=120.0,
        ),
    ),
}
BELIEFS: dict[Place, set[CallState]] = {
    "waiting": {"searching", "connecting", "after_talk", "consulting"},
    "aside": {"searching", "connecting", "after_talk", "consulting"},
    "fallback": {"fallback"},
    "fallback_talking": {"fallback_talking"},
    # With a listener who is none of ours any more, it is as if the fallback talked.
    "talking": {"talking", "fallback_talking", "consulting"},
}
"""What the engine may believe of a caller once it has seen where they are."""
