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
                name: policy.Listener(name, listener.skills, listener.pool)
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
    """Give a line's ladder whole: what the site has chosen, and at the last everybody."""
    chosen = chosen_rungs(line)
    return (*chosen, _last_rung(line, chosen[-1]))


def chosen_rungs(line: shape.Line) -> tuple[policy.Rung, ...]:
    """Give the rungs that the config names: from 0 seconds on, each with its skills and pools."""
    rungs = list(line.ladder)
    if not rungs or rungs[0].after_seconds > 0:
        rungs.insert(0, shape.Rung(after_seconds=0.0))
    skills, pools = line.skills, line.pools
    ladder = []
    for rung in rungs:
        skills = skills if rung.skills is None else rung.skills
        pools = _with(pools, rung.pools)
        ladder.append(policy.Rung(rung.after_seconds, skills, rung.ring_at_once, pools, rung.when))
    return tuple(ladder)


def _with(pools: tuple[str, ...], further: tuple[str, ...] | None) -> tuple[str, ...]:
    """Open further pools; where all are open already, they stay so."""
    if not pools or further is None:
        return pools
    return (*pools, *(pool for pool in further if pool not in pools))


def _last_rung(line: shape.Line, above: policy.Rung) -> policy.Rung:
    """Make the rung that nobody can configure away: at the last, every phone rings."""
    after_seconds = max(line.everybody_after_seconds, above.after_seconds + 1.0)
    return policy.Rung(after_seconds, {}, policy.EVERYBODY)


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
        target_share=line.target_share,
        target_seconds=line.target_seconds,
        same_listener_seconds=line.same_listener_seconds,
        head_start_seconds=line.head_start_seconds,
    )
