"""`make load`: so many calls a second to the whole daemon, and how soon it acts on each event.

Calls come at their own instants, whether or not the daemon keeps up. The figures are the PBX's:
from an event's bytes being written to the action's bytes having come. The daemon and its store
share one core where the machine has more than one; the PBX has the others.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
import time
from random import Random
from typing import Annotated

from cyclopts import App, Parameter, validators

from router.errors import DecrocheError
from simulations.demo.figures import Figures, read_figures
from simulations.demo.floor import Floor
from simulations.demo.house import House
from simulations.demo.stopwatch import Stopwatch, in_ms
from simulations.demo.team import load_team
from simulations.pbx.clock import Clock
from simulations.pbx.people import Caller
from simulations.pbx.phones import Phones
from simulations.pbx.server import EmulatedPbx

SPEED = 4.0
"""Words, rings and talks pass four times faster, so that 250 listeners carry 50 calls a second."""

TALK_SECONDS = (2.0, 6.0)
"""Before that speed-up, the shortest and the longest."""

DRAIN_SECONDS = 60.0
"""For the last calls to end: thirty times as long as one lasts."""

DRAINED_EVERY_SECONDS = 0.1
OWN_LOOP_EVERY_SECONDS = 0.01
ONE_PHONE = [{"after_seconds": 0, "ring_at_once": 1}]
"""With several for each call so few listeners would not do, and the wait for a phone that is free
would be taken for the daemon's own time."""

LINES = {"health": {"number": "0805232336", "skills": {"health": 2}, "ladder": ONE_PHONE}}
CARE = {"wrap_up_seconds": 0.0}

Positive = Annotated[float, Parameter(validator=validators.Number(gt=0))]
Count = Annotated[int, Parameter(validator=validators.Number(gt=0, lte=5_000))]

app = App(name="load", help="Measure the daemon under load, on an emulated PBX.")


async def measure(rate: float, listeners: int, seconds: float, seed: int) -> dict[str, object]:
    """Let calls come for so long, wait until they are over, and give the figures.

    Raises
    ------
    HouseError
        if the daemon does not come up.

    """
    # Two sources, so that callers come at the same instants however often phones are rung.
    callers, phones = Random(seed), Random(seed + 1)  # noqa: S311 - whims, no secrets
    team = load_team(listeners, phones)
    cores = sorted(os.sched_getaffinity(0))
    house = House(team, LINES, CARE, core=cores[-1] if len(cores) > 1 else None)
    if len(cores) > 1:
        os.sched_setaffinity(0, cores[:-1])
    site = house.site({one.name: one.manner for one in team})
    floor, stopwatch = Floor(), Stopwatch()
    async with EmulatedPbx(site, Clock(SPEED)) as pbx, house:
        for watch in (floor.watch, stopwatch.watch):
            pbx.exchange.watches.append(watch)
        for listener in (floor.hear, stopwatch.hear):
            pbx.listening.append(listener)
        await house.start(pbx.port)
        before = read_figures(await house.metrics())
        own_lateness: list[float] = []
        watching = asyncio.create_task(_watch_own_loop(own_lateness))
        begun, own_cpu = time.perf_counter(), time.process_time()
        calls = await _call(pbx.phones, rate, seconds, callers)
        took = time.perf_counter() - begun
        after, own_cpu = read_figures(await house.metrics()), time.process_time() - own_cpu
        watching.cancel()
        ended = await _drain(floor, house, calls)
    return {
        "rate": rate,
        "listeners": listeners,
        "seconds": round(took, 2),
        "calls": calls,
        "answered": floor.answered,
        "answered_by_daemon_count": ended.outcomes.get("answered", 0),
        "lost": ended.outcomes.get("lost", 0),
        "still_on_the_line": len(floor.calls),
        "event_in_to_action_out": stopwatch.report(),
        "daemon_cpu_share": _share(before, after, took),
        "pbx_cpu_share": round(own_cpu / took, 3),
        "pbx_loop_late": in_ms(own_lateness),
        "invariant_violations": ended.violations,
    }


async def _call(phones: Phones, rate: float, seconds: float, chance: Random) -> int:
    """Let calls come by chance, so many a second on average; give how many."""
    begun = time.perf_counter()
    due, calls = chance.expovariate(rate), 0
    while due < seconds:
        await asyncio.sleep(max(0.0, due - (time.perf_counter() - begun)))
        number = f"0639980{calls % 1000:03}"
        phones.call(Caller(number, "health", talk_seconds=chance.uniform(*TALK_SECONDS)))
        calls += 1
        due += chance.expovariate(rate)
    return calls


async def _drain(floor: Floor, house: House, calls: int) -> Figures:
    """Wait until each call has ended, here and in the daemon's books; give these."""
    give_up_at = time.monotonic() + DRAIN_SECONDS
    while True:
        figures = read_figures(await house.metrics())
        all_ended = not floor.calls and sum(figures.outcomes.values()) >= calls
        if all_ended or time.monotonic() > give_up_at:
            return figures
        await asyncio.sleep(DRAINED_EVERY_SECONDS)


async def _watch_own_loop(lateness: list[float]) -> None:
    """Note how late this very process is: what it is late by is not the daemon's."""
    while True:
        meant = time.perf_counter() + OWN_LOOP_EVERY_SECONDS
        await asyncio.sleep(OWN_LOOP_EVERY_SECONDS)
        lateness.append(time.perf_counter() - meant)


def _share(before: Figures, after: Figures, seconds: float) -> float:
    return round((after.cpu_seconds - before.cpu_seconds) / seconds, 3)


@app.default
def load(
    *, rate: Positive = 50.0, listeners: Count = 250, seconds: Positive = 20.0, seed: int = 1
) -> None:
    """Measure, and print JSON.

    Parameters
    ----------
    rate
        calls a second, on average.
    listeners
        how many are on duty.
    seconds
        for how long calls come.
    seed
        the same people come at the same instants.

    """
    figures = asyncio.run(measure(rate, listeners, seconds, seed))
    sys.stdout.write(json.dumps(figures, indent=2) + "\n")


if __name__ == "__main__":
    try:
        app()
    except DecrocheError as error:
        sys.exit(str(error))
