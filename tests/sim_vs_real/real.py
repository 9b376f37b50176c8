"""The scenario on the testbed: a real Asterisk, the real daemon, and a farm of phones."""

from __future__ import annotations

import asyncio
import tempfile
import tomllib
from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from simulations.scenario import Scenario
from simulations.scenario.rules import names_of
from tests.e2e.config_files import Person
from tests.e2e.service import Service, installed
from tests.sim_vs_real.callers import Caller, Callers, tries
from tests.sim_vs_real.fate import FALLBACK, Fate
from tests.sim_vs_real.phones import FALLBACK_PHONE, Phones
from tests.testbed import Testbed
from tests.testbed.ami import Ami, Message

FOR_EVER_SECONDS = 3600.0
BOOKED_SECONDS = 60.0
"""For the daemon to have noted the end of a call that everybody has left."""
SEEN_SECONDS = 0.3
"""Between the daemon's and our own reading of what Asterisk tells both, on a busy machine."""


@dataclass(frozen=True)
class Played:
    """What came of a play."""

    fates: list[Fate]
    """As the daemon has it."""
    faults: list[str]
    """What must not be, in words: broken invariants, and where Asterisk and the daemon disagree."""


def played(path: Path, scenario: Scenario, seed: int) -> Played:
    """Bring everything up, let everybody call, and give what came of each call."""
    people = {
        name: Person(skills=dict(group.skills))
        for group_name, group in scenario.listeners.items()
        for name in names_of(group_name, group)
    }
    rules = tomllib.loads(path.read_text())
    with (
        tempfile.TemporaryDirectory(prefix="decroche-sim-vs-real-") as folder,
        Testbed(fallback=[FALLBACK_PHONE]) as bed,
        installed(bed, Path(folder), people, tuple(scenario.lines)) as service,
    ):
        service.lines, service.care = rules["lines"], rules["care"]
        service.start()
        callers = asyncio.run(_play(bed, service, scenario, seed))
        fates = _fates(service, callers)
        faults = [words for both in zip(fates, callers, strict=True) for words in _faults(*both)]
        if violations := service.metric("decroche_invariant_violations_total"):
            faults.append(f"{violations:g} violations of what must always hold")
        return Played(fates, faults)


async def _play(bed: Testbed, service: Service, scenario: Scenario, seed: int) -> list[Caller]:
    async with bed.farm() as farm, bed.manager() as ours:
        phones = Phones(farm, scenario, seed)
        await phones.open()
        callers = Callers(farm, ours, phones, scenario, tries(scenario, seed))
        following = [
            asyncio.create_task(_each(farm.ami, phones.follow)),
            asyncio.create_task(_each(ours, callers.follow)),
        ]
        playing = asyncio.create_task(callers.play())
        # Whoever follows does so until the end: one that ends before has failed.
        await asyncio.wait([playing, *following], return_when=asyncio.FIRST_COMPLETED)
        for task in following:
            task.cancel()
        done = await asyncio.gather(playing, *following, return_exceptions=True)
        for failure in done:
            if isinstance(failure, Exception):
                raise failure
        await service.until(
            lambda: len(service.log_lines("call_ended")) >= len(callers.all),
            BOOKED_SECONDS,
            "every call's end",
        )
        return callers.all


def _faults(fate: Fate, caller: Caller) -> Iterator[str]:
    """Say where the daemon has it otherwise than Asterisk, which was listened to apart from it."""
    answered = [(_called(listener), since - caller.arrived_at) for listener, since in caller.talks]
    listener, waited_seconds = answered[0] if answered else (None, fate.waited_seconds)
    late_seconds = abs(waited_seconds - fate.waited_seconds)
    if listener != fate.listener or late_seconds > SEEN_SECONDS:
        yield (
            f"call {fate.number}: the daemon says {fate.listener} after {fate.waited_seconds:.2f} s"
            f" and Asterisk {listener} after {waited_seconds:.2f} s"
        )


def _called(listener: str) -> str:
    return FALLBACK if listener == FALLBACK_PHONE else listener


async def _each(ami: Ami, take: Callable[[Message], Awaitable[None]]) -> None:
    seen = 0
    while True:
        event = await ami.wait_for(lambda _: True, FOR_EVER_SECONDS, since=seen)
        seen += 1
        await take(event)


def _fates(service: Service, callers: list[Caller]) -> list[Fate]:
    ended = {line["call"]: line for line in service.log_lines("call_ended")}
    answered = {line["call"]: line["listener"] for line in service.log_lines("call_answered")}
    rung: defaultdict[str, list[str]] = defaultdict(list)
    for line in service.log_lines("listener_rung"):
        rung[line["call"]].append(line["listener"])
    first_at = min(caller.arrived_at - caller.attempt.at for caller in callers)

    def fate(caller: Caller, line: dict[str, Any]) -> Fate:
        return Fate(
            number=caller.number,
            line=line["line"],
            arrived_seconds=caller.arrived_at - first_at,
            outcome=line["outcome"],
            listener=answered.get(caller.call),
            waited_seconds=line["waited_seconds"],
            rung=tuple(rung[caller.call]),
        )

    return [fate(caller, ended[caller.call]) for caller in callers]
