"""What `decroche staff` does."""

from __future__ import annotations

from pathlib import Path

from msgspec import Struct
from rich.console import Console

from router.errors import DecrocheError
from simulations.output import (
    STANDARD_OUTPUT,
    expect_room_for,
    said_if_unwritable,
    write_json,
)
from simulations.parallel import crew
from simulations.scenario import load
from simulations.staff.plan import Plan
from simulations.staff.result import staffing
from simulations.staff.rounds import Rounds
from simulations.staff.search import Search
from simulations.staff.table import show
from simulations.staff.target import Target

NOT_MET = ("out_of_reach", "too_close", "missed")


class Wishes(Struct, frozen=True):
    """What was asked for on the command line; `staff` says what each is."""

    scenario: str
    target: Target
    lines: tuple[str, ...]
    group: str | None
    seed: int | None
    replications: int | None
    workers: int | None
    scheduler: str | None
    changes: tuple[str, ...]
    json: Path | None


def run(wishes: Wishes) -> int:
    """Find the roster and show it; give 1 if the target is not met in every hour, else 0.

    Raises
    ------
    DecrocheError
        for a file that cannot be used or written, a line or group that is not there, a scheduler
        that cannot be reached, a broken invariant, or an end before there is anything to show.

    """
    if wishes.replications is not None and wishes.replications < 1:
        raise DecrocheError(f"--replications: expected at least 1, got {wishes.replications}")
    expect_room_for(wishes.json)
    world = load(wishes.scenario, wishes.changes)
    plan = Plan(Path(wishes.scenario).stem, world, wishes.lines, wishes.group, wishes.target)
    first = world.seed if wishes.seed is None else wishes.seed
    seeds = range(first, first + (wishes.replications or plan.replications()))
    with crew(wishes.workers, wishes.scheduler) as hands:
        search = Search(plan.guesses(), wishes.target.share, Rounds(plan, seeds, hands))
        search.run()
    if not any(hour.best for hour in search.hours):
        raise DecrocheError("ended before a round had come to its end: there is nothing to show")
    found = staffing(plan, seeds, search)
    if wishes.json is not None:
        write_json(wishes.json, found)
    if wishes.json != STANDARD_OUTPUT:
        with said_if_unwritable():
            show(found)
    if not found.whole:
        words = "Ended early: the numbers are known to do, and fewer may."
        Console(stderr=True).print(words, style="bold red")
    return int(any(hour.verdict in NOT_MET for hour in found.hours))
