"""Prints how long the engine takes to decide whom to ring, with few listeners and with many.

A decision is one step that must place an offer, on lines that ring as many phones as their target
takes, while a thousand callers wait for a skill of which nobody is free. It is a new caller on a
line with everybody free, or a listener who becomes free for the thousand. What counts is the time
of the processor: what else the machine does disturbs nothing. Ends with 1 if a target is missed.
"""

from __future__ import annotations

import gc
import sys
from collections.abc import Iterator, Sequence
from itertools import islice
from math import ceil, inf
from time import thread_time

from msgspec import Struct
from rich.console import Console
from rich.table import Table

from router.core.commands import RingListener
from router.core.engine import Engine
from router.core.events import (
    AnyEvent,
    CallArrived,
    CallerHungUp,
    EngineStarted,
    ListenerCameOn,
    ListenerLegEnded,
    PbxResynced,
    PolicyLoaded,
)
from router.core.policy import Line, Listener, Policy, Rung

CROWDS = (100, 1_000, 10_000)
WAITING = 1_000
DECISIONS = 2_000
"""Of each kind."""
WARM_UP = 200
"""Decisions before those that count."""

P99_MS_AT_MOST = 1.0
GROWTH_AT_MOST = 3.0
"""Of the median, from the smallest crowd to the largest."""

RARE, COMMON = "rare", "common"
"""Two lines, each with its skill; one listener alone has the rare one."""

STEP_SECONDS = 1e-4
"""Between two events: too little for anything to become due."""


Decision = tuple[list[RingListener], float]
"""Whom a step rang, and the seconds that it took."""


class Decided(Struct, frozen=True):
    """How long decisions of one kind took with so many listeners."""

    kind: str
    listeners: int
    p50_ms: float
    p99_ms: float
    phones: float
    """Rung by one decision, in the mean."""


def main() -> None:
    """Measure each crowd, print it, and end with 1 if a target is missed."""
    found = [measure(listeners) for listeners in CROWDS]
    growth = max(
        last.p50_ms / first.p50_ms for first, last in zip(found[0], found[-1], strict=True)
    )
    slowest = max(one.p99_ms for one in found[-1])
    Console().print(
        _table([one for kind in zip(*found, strict=True) for one in kind]),
        f"99 of 100 at most {P99_MS_AT_MOST:g} ms with {CROWDS[-1]:,}: {slowest:.3f} ms\n"
        f"growth of the median at most {GROWTH_AT_MOST:g} x: {growth:.2f} x",
    )
    sys.exit(slowest > P99_MS_AT_MOST or growth > GROWTH_AT_MOST)


def measure(listeners: int) -> list[Decided]:
    """Let an engine with so many listeners decide, and give how long that took, by kind."""
    crowd = Crowd(listeners)
    gc.collect()
    gc.freeze()
    try:
        rounds = list(islice(crowd.rounds(), WARM_UP, WARM_UP + DECISIONS))
    finally:
        gc.unfreeze()
    kinds = "a caller arrives", "a listener is free"
    return [
        _decided(kind, listeners, of_kind)
        for kind, of_kind in zip(kinds, zip(*rounds, strict=True), strict=True)
    ]


def _decided(kind: str, listeners: int, decisions: Sequence[Decision]) -> Decided:
    ordered = sorted(seconds for _, seconds in decisions)
    return Decided(
        kind=kind,
        listeners=listeners,
        p50_ms=ordered[len(ordered) // 2] * 1e3,
        p99_ms=ordered[ceil(0.99 * len(ordered)) - 1] * 1e3,
        phones=sum(len(rings) for rings, _ in decisions) / len(decisions),
    )


class Crowd:
    """An engine with many listeners on duty, and a thousand callers in line for one of them."""

    def __init__(self, listeners: int) -> None:
        self._engine = Engine()
        self._now = 0.0
        self._calls = 0
        names = [f"l{number}" for number in range(listeners)]
        self._step(EngineStarted("bench"))
        self._step(PolicyLoaded(_policy(names)))
        self._step(PbxResynced((), ()))
        for _ in range(WAITING + 1):
            self._arrive(RARE)
        for name in names[1:]:
            self._step(ListenerCameOn(name))
        self._rare, _ = self._step(ListenerCameOn(names[0]))

    def rounds(self) -> Iterator[tuple[Decision, Decision]]:
        """Give two decisions at a time, without end, each from the same state of things."""
        while True:
            for_caller = self._arrive(COMMON)
            rings, _ = for_caller
            self._leave(rings)
            for ring in rings:
                self._step(ListenerLegEnded(ring.offer, "hung_up"))
            self._leave(self._rare)
            self._arrive(RARE)
            for_listener = self._step(ListenerLegEnded(self._rare[0].offer, "hung_up"))
            self._rare, _ = for_listener
            yield for_caller, for_listener

    def _arrive(self, line: str) -> Decision:
        self._calls += 1
        return self._step(CallArrived(f"c{self._calls}", line, None, self._now))

    def _leave(self, rings: list[RingListener]) -> None:
        """Have the caller leave for whom these phones ring."""
        self._step(CallerHungUp(rings[0].call))

    def _step(self, event: AnyEvent) -> Decision:
        self._now += STEP_SECONDS
        began = thread_time()
        said = self._engine.step(event, self._now)
        seconds = thread_time() - began
        return [one for one in said if isinstance(one, RingListener)], seconds


def _policy(names: list[str]) -> Policy:
    lines = {
        name: Line(name, (Rung(0.0, {name: 1}, ring_at_once=None),), fallback_after_seconds=inf)
        for name in (RARE, COMMON)
    }
    skills = {name: {COMMON: 1} for name in names} | {names[0]: {RARE: 1}}
    return Policy(lines, {name: Listener(name, has) for name, has in skills.items()})


def _table(found: list[Decided]) -> Table:
    table = Table("a decision as", "listeners", "median", "99 of 100", "phones rung")
    for one in found:
        milliseconds = f"{one.p50_ms:.3f} ms", f"{one.p99_ms:.3f} ms"
        table.add_row(one.kind, f"{one.listeners:,}", *milliseconds, f"{one.phones:.1f}")
    return table


if __name__ == "__main__":
    main()
