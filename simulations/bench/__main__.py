"""Prints calls a second of the engine and of others on the same load, one process, one run.

Erlang-A with 95 % of the listeners busy and a patience of twice the talk. The contestants take
turns and the best turn of each counts: what else the machine does then disturbs all alike. Each
draws its callers, and makes whatever else it needs, within its own time.
"""

from __future__ import annotations

import gc
from collections.abc import Callable
from pathlib import Path
from time import perf_counter

from rich.console import Console
from rich.table import Table

from router.core import engine
from simulations.bench.bare import run_bare
from simulations.bench.simpy_queue import run_simpy
from simulations.oracle.ciw_queue import run_ciw
from simulations.oracle.plain_queue import PlainQueue, plain
from simulations.oracle.trace import Load, exponential
from simulations.run import simulate
from simulations.scenario import load

SEED = 1
TALK_SECONDS = 1200.0
ROUNDS = 5
CALLS = 20_000
CALLS_IN_GROWTH = 40_000

GROWTH = ((10, 500, 0.8), (100, 10_000, 0.5))
"""Few listeners, many of them, and the least share of the few's calls a second that is wanted."""

THREE_YEARS_SECONDS = 5.0

FORM = "compiled" if Path(engine.__file__).suffix == ".so" else "in plain Python"
BARE, SIMPY, CIW, OURS = "bare heap loop", "SimPy", "Ciw", f"decroche, {FORM}"

WANTED = ((OURS, SIMPY, 1.0), (OURS, CIW, 2.0), (BARE, SIMPY, 9.0))
"""The last is no demand: it is printed as the ceiling."""


def main() -> None:
    """Let each run in turn, and print it."""
    console = Console()
    with console.status("in turn: a bare loop, SimPy, Ciw, decroche"):
        speed = best_of_turns(_load(100))
    console.print(_speeds(speed), _ratios(speed))
    with console.status("growth"):
        console.print(_growth())
    with console.status("three_years"):
        seconds = _seconds(lambda: simulate("three_years", load("three_years"), SEED))
    console.print(f"three_years, {FORM}: {seconds:.1f} s, wanted under {THREE_YEARS_SECONDS:g} s")


def best_of_turns(load: Load) -> dict[str, float]:
    """Give each contestant's calls a second in its best turn."""
    contestants: dict[str, Callable[[], object]] = {
        BARE: lambda: run_bare(exponential(load, CALLS, SEED), load.listeners),
        SIMPY: lambda: run_simpy(exponential(load, CALLS, SEED), load.listeners),
        CIW: lambda: run_ciw(load, CALLS, SEED),
        OURS: lambda: plain(exponential(load, CALLS, SEED), load.listeners),
    }
    best = dict.fromkeys(contestants, 0.0)
    for _ in range(ROUNDS):
        for name, run in contestants.items():
            best[name] = max(best[name], CALLS / _seconds(run))
    return best


def _load(listeners: int) -> Load:
    return Load(listeners, 0.95 * listeners, TALK_SECONDS, 2.0 * TALK_SECONDS)


def _seconds(run: Callable[[], object]) -> float:
    gc.collect()
    begun = perf_counter()
    run()
    return perf_counter() - begun


def _growth() -> Table:
    table = Table(title=f"Growth, {FORM}: the same load for each listener")
    for heading in ("listeners", "calls a second", "listeners", "calls a second", "kept", "wanted"):
        table.add_column(heading, justify="right")
    for few, many, wanted in GROWTH:
        slow, fast = (_calls_a_second(listeners) for listeners in (many, few))
        table.add_row(
            f"{few:,}",
            f"{fast:,.0f}",
            f"{many:,}",
            f"{slow:,.0f}",
            f"{slow / fast:.2f}",
            f"{wanted:g}",
        )
    return table


def _calls_a_second(listeners: int) -> float:
    trace = exponential(_load(listeners), CALLS_IN_GROWTH, SEED)
    queues = [PlainQueue(trace, listeners) for _ in range(2)]
    return CALLS_IN_GROWTH / min(_seconds(queue.run) for queue in queues)


def _speeds(speed: dict[str, float]) -> Table:
    table = Table(title="100 listeners at 95 Erlang, patience twice the talk, invariants on")
    table.add_column("simulator")
    table.add_column("calls a second", justify="right")
    for name, calls_a_second in speed.items():
        table.add_row(name, f"{calls_a_second:,.0f}")
    return table


def _ratios(speed: dict[str, float]) -> Table:
    table = Table(title="Ratios")
    for heading in ("of", "to", "ratio", "wanted"):
        table.add_column(heading, justify="right")
    for one, other, wanted in WANTED:
        words = f"about {wanted:g}" if one == BARE else f"{wanted:g}"
        table.add_row(one, other, f"{speed[one] / speed[other]:.2f}", words)
    return table


if __name__ == "__main__":
    main()
