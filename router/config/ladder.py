"""A line's ladders, made whole from what the config names."""

from __future__ import annotations

from collections.abc import Sequence

from router.config import shape
from router.core import policy


def ladder_of(line: shape.Line) -> tuple[policy.Rung, ...]:
    """Give a line's ladder whole: what the site has chosen, and at the last everybody."""
    return _with_the_last(line, chosen_rungs(line))


def chosen_rungs(line: shape.Line) -> tuple[policy.Rung, ...]:
    """Give the rungs that the config names: from 0 seconds on, each with its skills and pools."""
    return _whole(line, line.ladder)


def shock_ladder_of(line: shape.Line) -> tuple[policy.Rung, ...]:
    """Give the ladder for callers in emotional shock; empty where theirs is that of the line."""
    return _with_the_last(line, _whole(line, line.shock_ladder)) if line.shock_ladder else ()


def _whole(line: shape.Line, named: Sequence[shape.Rung]) -> tuple[policy.Rung, ...]:
    rungs = list(named)
    if not rungs or rungs[0].after_seconds > 0:
        rungs.insert(0, shape.Rung(after_seconds=0.0))
    skills, pools = line.skills, line.pools
    ladder = []
    for rung in rungs:
        skills = skills if rung.skills is None else rung.skills
        pools = _opened(pools, rung.pools)
        ladder.append(policy.Rung(rung.after_seconds, skills, rung.ring_at_once, pools, rung.when))
    return tuple(ladder)


def _opened(pools: tuple[str, ...], further: tuple[str, ...] | None) -> tuple[str, ...]:
    """Open further pools; where all are open already, they stay so."""
    if not pools or further is None:
        return pools
    return (*pools, *(pool for pool in further if pool not in pools))


def _with_the_last(line: shape.Line, chosen: tuple[policy.Rung, ...]) -> tuple[policy.Rung, ...]:
    """Add the rung that nobody can configure away: at the last, every phone rings."""
    after_seconds = max(line.everybody_after_seconds, chosen[-1].after_seconds + 1.0)
    return (*chosen, policy.Rung(after_seconds, {}, policy.EVERYBODY))
