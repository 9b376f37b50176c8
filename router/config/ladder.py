"""A line's ladders, made whole from what the config names."""

from __future__ import annotations

from collections.abc import Container, Iterator, Sequence

from msgspec.structs import replace

from router.config import shape
from router.core import policy
from router.schedule import AT_ALL_HOURS


def ladder_of(line: shape.Line) -> tuple[policy.Rung, ...]:
    """Give a line's ladder whole: what the site has chosen, and at the last everybody."""
    return _with_the_last(line, chosen_rungs(line))


def chosen_rungs(line: shape.Line) -> tuple[policy.Rung, ...]:
    """Give the rungs that the config names: from 0 seconds on, each with its skills and pools."""
    return _whole(_begun(line.ladder), line.skills, line.pools)


def shock_ladder_of(line: shape.Line) -> tuple[policy.Rung, ...]:
    """Give the ladder for callers in emotional shock; empty where theirs is that of the line."""
    if not line.shock_ladder:
        return ()
    return _with_the_last(line, _whole(_begun(line.shock_ladder), line.skills, line.pools))


def senior_ladder_of(line: shape.Line) -> tuple[policy.Rung, ...]:
    """Give whom a listener gets who asks for a senior: what is named, and nobody besides."""
    if not line.senior_ladder:
        return ()
    return _whole(line.senior_ladder, line.skills, line.senior_ladder[0].pools or ())


def rungs_named(name: str, line: shape.Line) -> Iterator[tuple[str, shape.Rung]]:
    """Give every rung of a line's ladders by its key in the config."""
    for ladder, rungs in ladders_named(line).items():
        yield from ((_key(name, ladder, at), rung) for at, rung in enumerate(rungs))


def ladders_named(line: shape.Line) -> dict[str, tuple[shape.Rung, ...]]:
    """Give what the config names of each of a line's ladders, by the ladder's key."""
    return {
        "ladder": line.ladder,
        "shock_ladder": line.shock_ladder,
        "senior_ladder": line.senior_ladder,
    }


def at_these_hours(name: str, line: shape.Line, opened: Container[str]) -> shape.Line:
    """Give a line with just the rungs that are always there, or whose keys are among the opened."""
    there = {
        ladder: tuple(
            rung
            for at, rung in enumerate(rungs)
            if rung.hours == AT_ALL_HOURS or _key(name, ladder, at) in opened
        )
        for ladder, rungs in ladders_named(line).items()
    }
    return replace(line, **there)


def _key(name: str, ladder: str, at: int) -> str:
    return f"lines.{name}.{ladder}[{at}]"


def _begun(named: Sequence[shape.Rung]) -> Sequence[shape.Rung]:
    """Begin a ladder that begins later, or not at all, with what the line itself asks."""
    if named and named[0].after_seconds == 0:
        return named
    return [shape.Rung(after_seconds=0.0), *named]


def _whole(
    named: Sequence[shape.Rung], skills: shape.Skills, pools: tuple[str, ...]
) -> tuple[policy.Rung, ...]:
    """Give each rung with all that it asks, where these skills and pools come before the first."""
    ladder = []
    for rung in named:
        skills = skills if rung.skills is None else rung.skills
        pools = _opened(pools, rung.pools)
        whole = policy.Rung(
            after_seconds=rung.after_seconds,
            skills=skills,
            ring_at_once=rung.ring_at_once,
            pools=pools,
            when=rung.when,
            behind=rung.behind,
            words=rung.words or "",
        )
        ladder.append(whole)
    return tuple(ladder)


def _opened(pools: tuple[str, ...], further: tuple[str, ...] | None) -> tuple[str, ...]:
    """Open further pools; where all are open already, they stay so."""
    if not pools or further is None:
        return pools
    return (*pools, *(pool for pool in further if pool not in pools))


def _with_the_last(line: shape.Line, chosen: tuple[policy.Rung, ...]) -> tuple[policy.Rung, ...]:
    """Add the rung that nobody can configure away: at the last, every phone rings."""
    after_seconds = max(line.everybody_after_seconds, chosen[-1].after_seconds + 1.0)
    words = line.everybody_words or ""
    return (*chosen, policy.Rung(after_seconds, {}, policy.EVERYBODY, words=words))
