"""Ours and Ciw's figures against those of theory, and ours call by call against the recursion."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from importlib.util import find_spec

from msgspec import Struct

from simulations.oracle.batches import Interval, interval
from simulations.oracle.erlang import theory
from simulations.oracle.plain_queue import plain
from simulations.oracle.recursion import exact
from simulations.oracle.trace import Fates, Load, Trace, exponential

TALK_SECONDS = 1200.0

LOADS = (
    Load(1, 0.5, TALK_SECONDS, None),
    Load(2, 1.6, TALK_SECONDS, None),
    Load(10, 8.0, TALK_SECONDS, None),
    Load(50, 45.0, TALK_SECONDS, None),
    Load(5, 4.0, TALK_SECONDS, 600.0),
    Load(10, 12.0, TALK_SECONDS, 300.0),
    Load(52, 50.0, TALK_SECONDS, 180.0),
    Load(60, 50.0, TALK_SECONDS, 180.0),
    Load(70, 50.0, TALK_SECONDS, 180.0),
    Load(100, 95.0, TALK_SECONDS, 2400.0),
)
"""Small and large, light and overloaded; those without patience are Erlang-C."""

SAME_WAIT_SECONDS = 1e-9

RARE, RARE_TIMES = 0.01, 5
"""Where so few callers wait, so many times the calls tell as much as elsewhere."""


class Row(Struct, frozen=True):
    """One figure of one load, measured by one simulator."""

    load: Load
    simulator: str
    figure: str
    theory: float
    measured: Interval

    @property
    def agrees(self) -> bool:
        """Say whether theory lies in the interval."""
        return self.measured.holds(self.theory)


class CallByCall(Struct, frozen=True):
    """How far the engine is from the recursion on one trace."""

    calls: int
    different_fates: int
    largest_wait_difference_seconds: float

    @property
    def agrees(self) -> bool:
        """Say whether each call has the same fate and the same wait."""
        return (
            not self.different_fates and self.largest_wait_difference_seconds <= SAME_WAIT_SECONDS
        )


def rows(loads: Iterable[Load], calls: int, ciw_calls: int, seed: int) -> Iterator[Row]:
    """Measure each load, by the engine and by Ciw where it is installed."""
    for load in loads:
        enough = calls * (RARE_TIMES if theory(load).waits < RARE else 1)
        ours = plain(exponential(load, enough, seed), load.listeners)
        yield from _against_theory(load, "decroche", ours)
        if ciw_calls and find_spec("ciw") is not None:
            from simulations.oracle.ciw_queue import ciw_fates  # noqa: PLC0415 - an extra

            yield from _against_theory(load, "Ciw", ciw_fates(load, ciw_calls, seed))


def call_by_call(trace: Trace, listeners: int) -> CallByCall:
    """Compare the engine with the recursion on each call of a trace."""
    ours, true = plain(trace, listeners), exact(trace, listeners)
    waits = zip(ours.waited_seconds, true.waited_seconds, strict=True)
    return CallByCall(
        calls=len(trace.arrived),
        different_fates=sum(map(bool.__ne__, ours.answered, true.answered)),
        largest_wait_difference_seconds=max(abs(one - other) for one, other in waits),
    )


def _against_theory(load: Load, simulator: str, fates: Fates) -> Iterator[Row]:
    expected, waits = theory(load), fates.waited_seconds
    yield Row(
        load, simulator, "waits", expected.waits, interval([float(wait > 0.0) for wait in waits])
    )
    yield Row(load, simulator, "wait_seconds", expected.wait_seconds, interval(waits))
    if load.patience_seconds is not None:
        left = [float(not answered) for answered in fates.answered]
        yield Row(load, simulator, "abandons", expected.abandons, interval(left))
