"""Made runs, for the reports to be tested on: a seeded world of a few lines, without the engine."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from typing import Any

from router.core.commands import OfferResult, Outcome
from router.core.promise_commands import PromiseResult
from simulations.figures import figures
from simulations.records import (
    CallRecord,
    KeptBy,
    ListenerRecord,
    OfferRecord,
    PromiseRecord,
    RunRecord,
)

HOUR_SECONDS = 3600.0
WEEK_SECONDS = 7 * 24 * HOUR_SECONDS
RING_SECONDS = 20.0
SUNDAY_NIGHT_SECONDS = (6 * 24 + 3) * HOUR_SECONDS
"""Sunday, 03:00."""

LINES = {"soignants": {"psy": 1}, "police": {"police": 1, "psy": 1}}


def call(
    name: str,
    *,
    arrived: float = 0.0,
    waited: float = 3.0,
    outcome: Outcome = "answered",
    line: str = "soignants",
    person: str | None = None,
    listener: str | None = "anne",
    offers: int = 1,
    withheld: bool = False,
    promise: str | None = None,
) -> CallRecord:
    """Make one call; of one that was not answered, nobody talked."""
    answered = outcome == "answered"
    talked = 1200.0 if answered else 0.0
    return CallRecord(
        call=name,
        line=line,
        person=person or name,
        withheld=withheld,
        skills=tuple(LINES.get(line, {"psy": 1}).items()),
        arrived=arrived,
        ended=arrived + waited + talked,
        outcome=outcome,
        waited_seconds=waited,
        talked_seconds=talked,
        listener=listener if answered else None,
        known_listener=None,
        offers=offers,
        promise=promise,
    )


def promise(
    name: str,
    *,
    noted: float = 0.0,
    kept: float | None = None,
    kept_by: KeptBy | None = "call_back",
    result: PromiseResult | None = None,
) -> PromiseRecord:
    """Make one promise, of a call of the same name, due an hour after it was noted."""
    return PromiseRecord(
        promise=name,
        line="soignants",
        person=name,
        origin="key",
        call=name,
        noted=noted,
        not_before=noted,
        due_by=noted + HOUR_SECONDS,
        kept=kept,
        kept_by=None if kept is None else kept_by,
        attempts=1,
        result=result or ("noted" if kept is None else "kept"),
    )


def run(
    calls: Sequence[CallRecord] = (),
    offers: Sequence[OfferRecord] = (),
    *,
    seed: int = 1,
    listeners: Sequence[str] = ("anne", "bruno"),
    violations: int = 0,
    promises: Sequence[PromiseRecord] = (),
    lasts: float | None = None,
) -> RunRecord:
    """Make a run of these calls, with what follows from them for the listeners."""
    by_listener = {
        name: [one for one in calls if one.listener == name]
        for name in [*listeners, *(one.listener for one in calls if one.listener)]
    }
    return RunRecord(
        scenario="ordinary_week",
        seed=seed,
        simulated_seconds=lasts or max((one.ended for one in calls), default=0.0),
        wall_seconds=0.5,
        events=12 * len(calls),
        invariant_violations=violations,
        calls=tuple(calls),
        offers=tuple(offers),
        promises={one.promise: one for one in promises},
        listeners=tuple(
            ListenerRecord(
                name=name,
                skills=(("psy", 1),),
                on_duty_seconds=WEEK_SECONDS,
                talking_seconds=sum(one.talked_seconds for one in taken),
                calls=len(taken),
            )
            for name, taken in by_listener.items()
        ),
    )


def figures_of(records: Sequence[RunRecord]) -> dict[str, Any]:
    """Give the figures of these runs, for a test to change."""
    return {**figures(records)}


def week(seed: int = 1, calls: int = 400, listeners: int = 24, lost: int = 0) -> RunRecord:
    """Make a week of calls, day and night, of which `lost` on Sunday from 03:00 to 05:00."""
    draw = random.Random(seed)  # noqa: S311  a made world is to be the same each time
    names = [f"listener_{number:02}" for number in range(1, listeners + 1)]
    made = [_made_call(draw, f"call-{seed}-{number}", names) for number in range(calls - lost)]
    made += [_lost_call(draw, f"lost-{seed}-{number}", names) for number in range(lost)]
    made.sort(key=lambda one: one[0].arrived)
    return run(
        [one for one, _ in made],
        [offer for _, offers in made for offer in offers],
        seed=seed,
        listeners=names,
    )


_Made = tuple[CallRecord, list[OfferRecord]]


def _made_call(draw: random.Random, name: str, names: list[str]) -> _Made:
    arrived = draw.uniform(0.0, WEEK_SECONDS)
    misses = draw.choices((0, 1, 2, 3), (90, 7, 2, 1))[0]
    rung = draw.sample(names, misses + 1)
    offers, at = _missed(draw, name, arrived, rung[:-1])
    connected = at + draw.lognormvariate(1.6, 0.5)
    offers.append(
        OfferRecord(f"{name}-{len(offers)}", name, "soignants", rung[-1], at, connected, "talked")
    )
    made = call(
        name,
        arrived=arrived,
        waited=connected - arrived,
        line=draw.choices(tuple(LINES), (3, 1))[0],
        person=f"person-{draw.randrange(300)}",
        listener=rung[-1],
        offers=len(offers),
    )
    return made, offers


def _lost_call(draw: random.Random, name: str, names: list[str]) -> _Made:
    arrived = SUNDAY_NIGHT_SECONDS + draw.uniform(0.0, 2 * HOUR_SECONDS)
    offers, at = _missed(draw, name, arrived, draw.sample(names, min(4, len(names))))
    return call(
        name, arrived=arrived, waited=at - arrived, outcome="lost", offers=len(offers)
    ), offers


def _missed(
    draw: random.Random, name: str, arrived: float, rung: Sequence[str]
) -> tuple[list[OfferRecord], float]:
    at = arrived
    offers: list[OfferRecord] = []
    results: list[tuple[OfferResult, Callable[[], float]]] = [
        ("no_answer", lambda: RING_SECONDS),
        ("declined", lambda: draw.uniform(2.0, 12.0)),
        ("unreachable", lambda: draw.uniform(0.5, 2.0)),
        ("no_key", lambda: RING_SECONDS + 9.0),
    ]
    for listener in rung:
        result, lasts = draw.choice(results)
        ended = at + lasts()
        offers.append(
            OfferRecord(f"{name}-{len(offers)}", name, "soignants", listener, at, ended, result)
        )
        at = ended
    return offers, at
