"""Two skills a listener: how near any routing can come to everybody having all, without our engine.

The setting of Wallace and Whitt ("A staffing algorithm for call centers with skill-based routing",
Manufacturing & Service Operations Management 7, 2005) as a bare queue: six kinds of call, 84 Erlang
of talks of 10 minutes, every pair of skills as often, nothing that takes time but talk and wait.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from heapq import heappop, heappush
from itertools import combinations, count
from random import Random

from msgspec import Struct, field
from rich import box
from rich.console import Console
from rich.table import Table

KINDS = range(6)
ERLANGS = 84.0
TALK_SECONDS = 600.0
HOUR_SECONDS = 3_600.0
WARM_UP_SECONDS = 20_000.0
MARK_SECONDS = 20.0
HOURS = 4_000.0
"""Two million calls: a share is known to about 0.2 points at 90 listeners."""
SEED = 1

Skills = tuple[int, ...]
"""The kinds of call that a listener takes, the primary one first."""


class Caller(Struct, eq=False, gc=False):
    """Somebody who waits."""

    kind: int
    arrived: float


class Floor(Struct, eq=False):
    """Who is free, the longest idle first, and who waits for what."""

    skills: Sequence[Skills]
    idle: dict[int, None]
    lines: list[deque[Caller]] = field(default_factory=lambda: [deque() for _ in KINDS])

    def able(self, kind: int) -> Iterable[int]:
        """Give the free listeners who take this kind."""
        return (one for one in self.idle if kind in self.skills[one])

    def waiting(self, listener: int) -> list[int]:
        """Give the kinds for which somebody waits whom this listener takes."""
        return [kind for kind in self.skills[listener] if self.lines[kind]]


class Routing(Struct, frozen=True):
    """Whom a caller gets, and whom a listener takes who becomes free."""

    choose: Callable[[Floor, int], int | None]
    take: Callable[[Floor, list[int]], int]


def longest_idle(floor: Floor, kind: int) -> int | None:
    """Choose who has been idle the longest."""
    return next(iter(floor.able(kind)), None)


def primary_first(floor: Floor, kind: int) -> int | None:
    """Choose the longest idle of those whose primary skill it is, else of the others."""
    return min(floor.able(kind), key=lambda one: floor.skills[one][0] != kind, default=None)


def most_to_spare(floor: Floor, kind: int) -> int | None:
    """Choose who leaves most free listeners for their other kind of call."""
    free = [0 for _ in KINDS]
    for one in floor.idle:
        for skill in floor.skills[one]:
            free[skill] += 1
    return max(
        floor.able(kind),
        key=lambda one: sum(free[skill] for skill in floor.skills[one]),
        default=None,
    )


def first_in_line(floor: Floor, kinds: list[int]) -> int:
    """Take whoever has waited longest."""
    return min(kinds, key=lambda kind: floor.lines[kind][0].arrived)


def own_kind_first(_: Floor, kinds: list[int]) -> int:
    """Take the first who waits for the primary skill, else for the other."""
    return kinds[0]


def longest_line(floor: Floor, kinds: list[int]) -> int:
    """Take from the longer line."""
    return max(kinds, key=lambda kind: len(floor.lines[kind]))


AS_HERE = Routing(longest_idle, first_in_line)
ROUTINGS = {
    "longest idle, first in line: as here": AS_HERE,
    "primary skill first: W. and W.": Routing(primary_first, own_kind_first),
    "most to spare, longest line": Routing(most_to_spare, longest_line),
}

_PAIRS = tuple(combinations(KINDS, 2))


def pairs(of_each: int) -> list[Skills]:
    """Give listeners with two skills, either of which is the primary one as often."""
    return [pair[::-1] if turn % 2 else pair for turn in range(of_each) for pair in _PAIRS]


class Setting(Struct, frozen=True):
    """Who calls. Wallace and Whitt's own callers wait for ever, if they are let in."""

    patience_seconds: float | None = 1_200.0
    """Its mean; None: all wait for ever."""
    places: int | None = None
    """For so many callers, talking and waiting; None: for all."""


class Line:
    """One run."""

    def __init__(
        self, skills: Sequence[Skills], routing: Routing, setting: Setting, seed: int
    ) -> None:
        self._floor = Floor(skills, dict.fromkeys(range(len(skills))))
        self._routing = routing
        self._setting = setting
        self._chance = Random(seed)  # noqa: S311 - the same numbers each time are wanted
        self._coming: list[tuple[float, int, Callable[[], None]]] = []
        self._numbers = count()
        self._now = 0.0
        self._inside = self._let_in = self._in_time = 0

    def within_mark(self, hours: float) -> float:
        """Give the share of those let in who are taken within 20 s, if people call for so long."""
        self._after(0.0, self._arrive)
        while self._now < hours * HOUR_SECONDS:
            self._now, _, happens = heappop(self._coming)
            happens()
        return self._in_time / self._let_in

    def _after(self, mean_seconds: float, happens: Callable[[], None]) -> None:
        seconds = self._chance.expovariate(1.0 / mean_seconds) if mean_seconds else 0.0
        heappush(self._coming, (self._now + seconds, next(self._numbers), happens))

    def _arrive(self) -> None:
        self._after(TALK_SECONDS / ERLANGS, self._arrive)
        caller = Caller(self._chance.choice(KINDS), self._now)
        if self._inside == self._setting.places:
            return
        self._inside += 1
        self._let_in += self._now >= WARM_UP_SECONDS
        chosen = self._routing.choose(self._floor, caller.kind)
        if chosen is not None:
            del self._floor.idle[chosen]
            self._talk(chosen, caller)
            return
        self._floor.lines[caller.kind].append(caller)
        if self._setting.patience_seconds is not None:
            self._after(self._setting.patience_seconds, partial(self._give_up, caller))

    def _talk(self, listener: int, caller: Caller) -> None:
        if caller.arrived >= WARM_UP_SECONDS:
            self._in_time += self._now - caller.arrived <= MARK_SECONDS
        self._after(TALK_SECONDS, partial(self._become_free, listener))

    def _become_free(self, listener: int) -> None:
        self._inside -= 1
        kinds = self._floor.waiting(listener)
        if kinds:
            taken = self._routing.take(self._floor, kinds)
            self._talk(listener, self._floor.lines[taken].popleft())
        else:
            self._floor.idle[listener] = None

    def _give_up(self, caller: Caller) -> None:
        line = self._floor.lines[caller.kind]
        if caller in line:
            line.remove(caller)
            self._inside -= 1


def rows(setting: Setting, of_each: int, hours: float) -> Iterator[tuple[str, float]]:
    """Give what comes of each routing, and of everybody having all skills."""
    for words, routing in ROUTINGS.items():
        yield words, Line(pairs(of_each), routing, setting, SEED).within_mark(hours)
    pooled = [tuple(KINDS)] * (of_each * len(_PAIRS))
    yield "all skills", Line(pooled, AS_HERE, setting, SEED).within_mark(hours)


def main() -> None:
    """Print the shares for W. and W.'s own callers, and for those of the scenario `two_skills`."""
    table = Table("listeners", "callers", "routing", "within 20 s", box=box.SIMPLE_HEAD)
    for of_each, setting, callers in (
        (6, Setting(None, places=120), "120, wait for ever"),
        (6, Setting(), "wait 20 min"),
        (7, Setting(), "wait 20 min"),
        (8, Setting(), "wait 20 min"),
    ):
        for words, share in rows(setting, of_each, HOURS):
            table.add_row(str(of_each * len(_PAIRS)), callers, words, f"{share * 100:.2f} %")
    Console().print(table)


if __name__ == "__main__":
    main()
