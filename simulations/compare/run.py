"""What `decroche compare` does."""

from __future__ import annotations

from pathlib import Path

from msgspec import Struct
from rich.console import Console

from router.errors import DecrocheError
from simulations.broken import told_of
from simulations.compare.arms import AS_IT_IS, arm
from simulations.compare.result import compared
from simulations.compare.sides import Side, side
from simulations.compare.table import show
from simulations.output import (
    STANDARD_OUTPUT,
    expect_room_for,
    said_if_unwritable,
    write_json,
)
from simulations.parallel import Crew, Job, crew
from simulations.progress import DAY_SECONDS, progress
from simulations.run import RunFailed
from simulations.scenario import Scenario

Pair = tuple[Side, Side]


class Wishes(Struct, frozen=True):
    """What was asked for on the command line; `compare` says what each is."""

    a: str
    b: str
    scenario: str
    seed: int | None
    replications: int
    workers: int | None
    scheduler: str | None
    changes: tuple[str, ...]
    json: Path | None


def run(wishes: Wishes) -> None:
    """Run both sides and show what differs.

    Raises
    ------
    DecrocheError
        for a file that cannot be used or written, a scheduler that cannot be reached, a broken
        invariant, or an end before there is anything to compare.

    """
    count = wishes.replications
    if count < 1:
        raise DecrocheError(f"--replications: expected at least 1, got {count}")
    sides = (
        arm(wishes.a, wishes.scenario, wishes.changes),
        arm(wishes.b, wishes.scenario, wishes.changes),
    )
    expect_room_for(wishes.json)
    first = sides[0].seed if wishes.seed is None else wishes.seed
    name = Path(wishes.scenario).stem
    with crew(wishes.workers, wishes.scheduler) as hands:
        pairs = _pairs(name, sides, range(first, first + count), hands)
    if not pairs:
        raise DecrocheError("ended before any pair of runs had come to its end: nothing to compare")
    found = compared(name, _words(wishes.a), _words(wishes.b), pairs)
    if wishes.json is not None:
        write_json(wishes.json, found)
    if wishes.json != STANDARD_OUTPUT:
        with said_if_unwritable():
            show(found)
    if len(pairs) < count:
        words = f"Ended early: {len(pairs)} of {count} pairs of runs came to their end."
        Console(stderr=True).print(words, style="bold red")


def _pairs(name: str, sides: tuple[Scenario, Scenario], seeds: range, hands: Crew) -> list[Pair]:
    """Run both sides with each seed; of those that were ended early nothing is kept."""
    jobs = [Job(name, scenario, seed) for seed in seeds for scenario in sides]
    whole_seconds = sides[0].days * DAY_SECONDS
    try:
        with progress(whole_seconds * len(jobs)) as told:
            done = hands.run(jobs, side, told)
    except RunFailed as failed:
        raise DecrocheError(told_of(failed, name, sides)) from failed
    return [
        (one, other)
        for one, other in zip(done[::2], done[1::2], strict=True)
        if one is not None and other is not None
        if min(one.simulated_seconds, other.simulated_seconds) >= whole_seconds
    ]


def _words(given: str) -> str:
    return "the scenario as it is" if given == AS_IT_IS else given
