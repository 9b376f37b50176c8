"""The configuration, read and checked."""

from __future__ import annotations

from pathlib import Path
from zoneinfo import ZoneInfo

from msgspec import Struct

from router.config import shape
from router.core import policy
from router.schedule import Shifts


class Settings(Struct, frozen=True):
    """The whole configuration. All paths are absolute; no secret is in it."""

    path: Path
    time_zone: ZoneInfo
    known_caller_days: float
    asterisk: shape.Asterisk
    store: shape.Store
    secrets: shape.Secrets
    web: shape.Web
    log: shape.Log
    care: shape.Care
    lines: dict[str, shape.Line]
    pools: dict[str, str]
    listeners: dict[str, shape.Listener]

    def policy(self) -> policy.Policy:
        """Give the rules the engine works by."""
        return policy.Policy(
            lines={name: _line(name, line) for name, line in self.lines.items()},
            listeners={
                name: policy.Listener(name=name, skills=listener.skills)
                for name, listener in self.listeners.items()
            },
            care=policy.Care(
                wrap_up_seconds=self.care.wrap_up_seconds,
                missed_rest_seconds=self.care.missed_rest_seconds,
            ),
            known_caller_days=self.known_caller_days,
        )

    def shifts(self) -> Shifts:
        """Give who is on duty when."""
        weeks = {name: listener.shifts for name, listener in self.listeners.items()}
        return Shifts(weeks, self.time_zone)


def ladder_of(line: shape.Line) -> tuple[policy.Rung, ...]:
    """Give a line's ladder whole: from 0 seconds on, each rung with its skills."""
    rungs = list(line.ladder)
    if not rungs or rungs[0].after_seconds > 0:
        rungs.insert(0, shape.Rung(after_seconds=0.0))
    skills = line.skills
    ladder = []
    for rung in rungs:
        skills = skills if rung.skills is None else rung.skills
        ladder.append(policy.Rung(rung.after_seconds, skills, rung.ring_at_once))
    return tuple(ladder)


def _line(name: str, line: shape.Line) -> policy.Line:
    return policy.Line(
        name=name,
        ladder=ladder_of(line),
        ring_seconds=line.ring_seconds,
        accept_seconds=line.accept_seconds,
        connect_seconds=line.connect_seconds,
        after_talk_seconds=line.after_talk_seconds,
        short_call_seconds=line.short_call_seconds,
        fallback_after_seconds=line.fallback_after_seconds,
    )
