"""`make smoke`: forty calls to a real Asterisk, and whether each found the right human.

Prints one line of JSON and ends with 0 only if every call was answered by a listener of its line's
skill and no listener was ever rung for two calls at once.
"""

from __future__ import annotations

import asyncio
import json
import sys
import tempfile
from collections import Counter, defaultdict
from pathlib import Path
from statistics import quantiles

from tests.e2e.config_files import Person
from tests.e2e.service import Service, installed
from tests.testbed import Testbed, behaviour
from tests.testbed.ami import Message
from tests.testbed.behaviour import Behaviour
from tests.testbed.farm import Farm

CALLS = 40
BETWEEN_CALLS_SECONDS = 0.4
TALK_SECONDS = 3.0
RING_SECONDS = 4.0
CALL_DEADLINE_SECONDS = 120.0

HEALTH, POLICE = {"health": 2, "fr": 1}, {"police": 2, "fr": 1}
LINES = {"0805232336": "health", "0199000003": "police"}

ANSWERS, NEVER = behaviour.answers(after_seconds=0.4), behaviour.never()
TEAM: dict[str, tuple[dict[str, int], Behaviour]] = {
    "h0101": (HEALTH, ANSWERS),
    "h0102": (HEALTH, ANSWERS),
    "h0103": (HEALTH, ANSWERS),
    "h0104": (HEALTH, ANSWERS),
    "h0105": (HEALTH, NEVER),
    "h0106": (HEALTH, NEVER),
    "h0107": (HEALTH, behaviour.voicemail(after_seconds=0.5)),
    "p0201": (POLICE, ANSWERS),
    "p0202": (POLICE, ANSWERS),
    "p0203": (POLICE, ANSWERS),
    "p0204": (POLICE, NEVER),
    "p0205": (POLICE, behaviour.presses("2")),
}


async def play(bed: Testbed, service: Service) -> dict[str, float | int | bool]:
    """Let forty callers dial, and give what came of them as the farm saw it."""
    async with bed.farm() as farm, bed.watch() as ours:
        for name, (_, how) in TEAM.items():
            await farm.listener(name, how)
        lines: dict[str, str] = {}
        for number in range(CALLS):
            line_number = list(LINES)[number % 3 == 2]
            caller = await farm.call(line_number, f"06399800{number:02}", talk_seconds=TALK_SECONDS)
            lines[caller] = LINES[line_number]
            await _pace(BETWEEN_CALLS_SECONDS)
        for caller in lines:
            await farm.left(caller, CALL_DEADLINE_SECONDS)
        service.wait_until(
            lambda: len(service.log_lines("call_ended")) >= CALLS, 10, "every call's end"
        )
        return _figures(farm, ours.events, service, lines)


async def _pace(seconds: float) -> None:
    """Let the next caller come a little later: that is the load, not a wait for something."""
    loop = asyncio.get_running_loop()
    turn = asyncio.Event()
    loop.call_later(seconds, turn.set)
    await turn.wait()


def _figures(
    farm: Farm, ours: list[Message], service: Service, lines: dict[str, str]
) -> dict[str, float | int | bool]:
    right = {caller for caller, who in farm.talks() if lines[caller] in TEAM[who][0]}
    ended = service.log_lines("call_ended")
    waits = [line["waited_seconds"] for line in ended if line["outcome"] == "answered"]
    rings_ms = [1000 * seconds for seconds in free_to_ring_seconds(farm, ours, service)]
    return {
        "offered": len(lines),
        "answered": len(right),
        "lost": len(lines) - len(right),
        "wait_p50_s": _percentile(waits, 50),
        "wait_p95_s": _percentile(waits, 95),
        "free_to_ring_p50_ms": _percentile(rings_ms, 50),
        "free_to_ring_p95_ms": _percentile(rings_ms, 95),
        "free_to_ring_samples": len(rings_ms),
        "rung_for_two_calls": len(rung_while_busy(farm.events)),
        "answered_by_daemon_count": Counter(line["outcome"] for line in ended)["answered"],
    }


def rung_while_busy(events: list[Message]) -> list[str]:
    """Name each listener whose phone rang for a call while it still had another, each time."""
    busy: set[str] = set()
    doubly = []
    for event in events:
        who = event["Listener"]
        if event["UserEvent"] == "ListenerRang":
            doubly += [who] if who in busy else []
            busy.add(who)
        elif event["UserEvent"] == "ListenerLeft":
            busy.discard(who)
    return doubly


def free_to_ring_seconds(farm: Farm, ours: list[Message], service: Service) -> list[float]:
    """Give how long after the end of a talk the same phone rang for a caller who was waiting.

    Both instants are the farm's: the leg's end, and the next ring's arrival. Only a call's first
    ring counts, and only if the call had come in before the listener was free.
    """
    arrived = {
        event["Call"]: float(event["Arrived"])
        for event in ours
        if event["UserEvent"] == "DecrocheArrived"
    }
    rung_for: dict[str, list[str]] = defaultdict(list)
    first: set[tuple[str, int]] = set()
    seen: set[str] = set()
    for line in service.log_lines("listener_rung"):
        if line["call"] not in seen:
            first.add((line["listener"], len(rung_for[line["listener"]])))
        seen.add(line["call"])
        rung_for[line["listener"]].append(line["call"])
    samples = []
    rings: Counter[str] = Counter()
    free_at: dict[str, float] = {}
    took: set[str] = set()
    for event in farm.events:
        who, at = event["Listener"], float(event["Timestamp"] or 0)
        if event["UserEvent"] == "ListenerTook":
            took.add(who)
        elif event["UserEvent"] == "ListenerLeft" and who in took:
            took.discard(who)
            free_at[who] = at
        elif event["UserEvent"] == "ListenerRang":
            nth, rings[who] = rings[who], rings[who] + 1
            since = free_at.pop(who, None)
            if since is not None and (who, nth) in first and arrived[rung_for[who][nth]] < since:
                samples.append(at - since)
    return samples


def _percentile(values: list[float], percent: int) -> float:
    if len(values) < 2:
        return values[0] if values else 0.0
    return round(quantiles(values, n=100, method="inclusive")[percent - 1], 3)


def good(figures: dict[str, float | int | bool]) -> bool:
    """Say whether every call found the right human, and nobody was rung for two."""
    return (
        figures["offered"] == CALLS
        and figures["answered"] == CALLS
        and figures["answered_by_daemon_count"] == CALLS
        and figures["rung_for_two_calls"] == 0
    )


def run() -> dict[str, float | int | bool]:
    """Bring everything up, play, and take it down again."""
    people = {name: Person(skills=skills) for name, (skills, _) in TEAM.items()}
    with (
        tempfile.TemporaryDirectory(prefix="decroche-smoke-") as folder,
        Testbed(fallback=["0199000091"]) as bed,
        installed(bed, Path(folder), people, ("health", "police")) as service,
    ):
        for line in service.lines.values():
            line["ring_seconds"] = RING_SECONDS
            del line["ladder"]
        service.start()
        return asyncio.run(play(bed, service))


def main() -> int:
    """Run, print, and say by the exit code whether all was well."""
    figures = run()
    sys.stdout.write(json.dumps(figures) + "\n")
    return 0 if good(figures) else 1


if __name__ == "__main__":
    sys.exit(main())
