"""Why a listener was rung for a call, and every other one was not."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

from msgspec import Struct

from router.core.care import Sparing
from router.core.listener import ListenerState
from router.core.matching import Bench, Rank, Refusal, refusal
from router.core.policy import Rung, Skills

Verdict = Refusal | Literal["chosen", "ranked_lower", "kept_for_usual"]

Standing = tuple[ListenerState, Refusal | None, str]
"""A listener, why they cannot be asked (None if they can), and the detail of either."""


class Reason(Struct, frozen=True):
    """What was decided of one listener for one call."""

    listener: str
    verdict: Verdict
    detail: str = ""


class Decision(Struct, frozen=True):
    """One look for listeners, for one call."""

    call: str
    at: float
    waited_seconds: float
    rung: int
    asked: Skills
    gives_way: bool
    """Its number has more calls in line than may stand where they came: all others go first."""
    reasons: tuple[Reason, ...]


def standings(
    listeners: Iterable[ListenerState], rung: Rung, bench: Bench, sparing: Sparing
) -> list[Standing]:
    """Give each listener's refusal (None if they may be asked), in the order of asking."""
    free, refused = [], []
    for listener in listeners:
        why = refusal(listener, rung)
        if why is None:
            free.append((bench.rank(listener), listener))
        else:
            refused.append((listener, why, _detail(listener, why, rung.skills)))
    free.sort(key=lambda ranked: ranked[0])
    return [
        *((listener, None, _rank_words(rank, sparing)) for rank, listener in free),
        *refused,
    ]


def _rank_words(rank: Rank, sparing: Sparing) -> str:
    reluctance, (lines, levels), _ = rank
    words = f"serves {lines} line(s), levels sum {levels}"
    return words if not reluctance else f"{words}, asked later: {sparing.in_words(reluctance)}"


def _detail(listener: ListenerState, why: Refusal, asked: Skills) -> str:
    if why == "lacks_skill":
        return ", ".join(
            f"{skill} {listener.skills.get(skill, 0)} < {level}"
            for skill, level in asked.items()
            if listener.skills.get(skill, 0) < level
        )
    return f"offer {listener.offer}" if listener.offer else ""
