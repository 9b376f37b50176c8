"""A fair share of the calls, among those on duty who have the same skills: a guild.

Each call that one of them is given is a share of 1/n for each of the n who are on duty then, as in
fair queueing (Demers, Keshav and Shenker, "Analysis and simulation of a fair queueing algorithm",
1989): a guild keeps one running sum of these shares, and each of its people the sum at which they
came on. So what is fair to somebody is known at once, however many they are, whenever each came on,
and a pause brings nobody into debt.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from router.core.policy import Skills, profile_of
from router.core.shift import Shift


@dataclass(slots=True)
class Guild:
    """Those on duty who have the same skills."""

    on_duty: int = 0
    shares: float = 0.0
    """The calls that somebody who was always on duty would have had by even shares."""


Guilds = dict[str, Guild]


def guild_of(skills: Skills) -> str:
    """Name the guild of those who have these skills."""
    return ",".join(f"{skill}:{level}" for skill, level in profile_of(skills))


def join(guilds: Guilds, shift: Shift) -> None:
    """Have calls shared with somebody who is on duty from now on."""
    guild = guilds.setdefault(shift.guild, Guild())
    guild.on_duty += 1
    shift.guild_calls_seen = guild.shares


def leave(guilds: Guilds, shift: Shift) -> None:
    """Have calls shared without somebody who pauses or goes off."""
    guild = guilds.get(shift.guild)
    if guild is None:
        return
    settle_share(guild, shift)
    guild.on_duty -= 1
    if guild.on_duty <= 0:
        del guilds[shift.guild]


def settle_share(guild: Guild, shift: Shift) -> None:
    """Add to somebody's fair share what has come since it was last looked at."""
    shift.fair_calls += guild.shares - shift.guild_calls_seen
    shift.guild_calls_seen = guild.shares


def share_call(guilds: Guilds, shift: Shift) -> None:
    """Count a call that is given to one of a guild as an even share for each."""
    guild = guilds.get(shift.guild)
    if guild is not None:
        guild.shares += 1.0 / guild.on_duty


def regroup(guilds: Guilds, on_duty: Iterable[tuple[Shift, str]]) -> None:
    """Make the guilds anew from those who are on duty, each with the name of their guild now."""
    people = list(on_duty)
    for shift, _ in people:
        before = guilds.get(shift.guild)
        if before is not None:
            settle_share(before, shift)
    guilds.clear()
    for shift, name in people:
        shift.guild = name
        join(guilds, shift)
