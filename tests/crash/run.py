"""One run: a world of a seed, a store that stays, and one daemon after the other."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from redis import Redis

from tests.crash.hooks import marked, pause
from tests.crash.life import Life
from tests.crash.people import Plan, draw
from tests.crash.virtual_loop import VirtualLoop
from tests.crash.witness import Witness
from tests.crash.world import BEGINS_AT, World


@dataclass
class Outcome:
    """What came of a run."""

    seed: int
    faults: list[str]
    story: list[str]
    deaths: list[str] = field(default_factory=list)
    noted: int = 0
    dials: int = 0
    talks: int = 0
    lasted_seconds: float = 0.0
    passed: Counter[str] = field(default_factory=Counter)


def run(seed: int, url: str, folder: Path, planned: Plan | None = None) -> Outcome:
    """Play the world of a seed on the store at this address, which is emptied before.

    `planned` is played instead of what would be drawn.
    """
    chance = Random(seed)  # noqa: S311 - a world's chances, no secrets
    with Redis.from_url(url) as store:
        store.flushall()
    loop = VirtualLoop(chance)
    try:
        with marked(chance, lambda: BEGINS_AT + loop.time()):
            plan = draw(chance) if planned is None else planned
            world = World(plan, chance, loop, url, folder)
            return loop.run_until_complete(_played(seed, plan, world, loop))
    finally:
        loop.close()


async def _played(seed: int, plan: Plan, world: World, loop: VirtualLoop) -> Outcome:
    outcome = Outcome(seed, [], [])
    async with world.begun():
        for planned in plan.lives:
            life = Life(planned.death, loop.cut)
            world.start(life)
            loop.call_later(planned.lives_seconds, life.end, "its time was up")
            await life.ended.wait()
            _note_death(outcome, life, world.witness, loop)
            await pause(planned.down_seconds)
        last = Life(None, loop.cut)
        is_quiet = await world.until_quiet(world.start(last))
        last.end("the world's end")
        _note_death(outcome, last, world.witness, loop)
    _judge(outcome, plan, world.witness)
    outcome.faults += [] if is_quiet else ["it never came to rest"]
    outcome.faults += loop.broken
    return outcome


def _note_death(outcome: Outcome, life: Life, witness: Witness, loop: VirtualLoop) -> None:
    outcome.deaths.append(f"{loop.time():.2f}: {life.ended_at}")
    witness.has_daemon = False
    witness.story.append(f"{loop.time():8.2f} DEATH at {life.ended_at}")
    outcome.passed += life.passed
    outcome.lasted_seconds = loop.time()


def _judge(outcome: Outcome, plan: Plan, witness: Witness) -> None:
    records = witness.records.values()
    outcome.faults += [*witness.faults, *witness.lost(plan.persons)]
    outcome.story = witness.story
    outcome.noted = sum(len(one.noted_at) for one in records)
    outcome.dials = sum(one.dials for one in records)
    outcome.talks = sum(len(one.talks) for one in records)
