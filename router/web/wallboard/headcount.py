"""Listeners counted: by pool and what they do, and those on duty by whom they could take."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Final

from router.core.floor import State
from router.core.listener import Activity, Duty
from router.core.policy import Policy
from router.observe.waiting import Kind

Does = tuple[int, Duty, Activity]
"""Of which kind somebody is, and what they do."""

_NOBODY: Final = Policy(lines={}, listeners={})


class Headcount:
    """Counts. Of which kind each is is worked out once for as long as the same rules hold."""

    def __init__(self) -> None:
        self._policy = _NOBODY
        self._kinds: list[Kind] = []
        self._kind_of: dict[str, int] = {}

    def count(self, state: State) -> tuple[Counter[tuple[str, str]], Counter[Kind]]:
        """Give how many of each pool do what, and how many of each kind are on duty."""
        if state.policy is not self._policy or len(state.listeners) != len(self._kind_of):
            self._learn(state)
        kind_of = self._kind_of
        each: Iterable[Does] = (
            (kind_of[name], one.duty, one.activity) for name, one in state.listeners.items()
        )
        doing: Counter[tuple[str, str]] = Counter()
        on_duty: Counter[Kind] = Counter()
        for (number, duty, activity), count in Counter(each).items():
            kind = self._kinds[number]
            # Who went off in the middle of a talk still has it.
            does = activity if duty == "on" or activity == "talking" else duty
            doing[kind[0], does] += count
            if duty == "on":
                on_duty[kind] += count
        return doing, on_duty

    def _learn(self, state: State) -> None:
        numbers: dict[Kind, int] = {}
        self._kind_of = {
            name: numbers.setdefault((one.pool, tuple(one.skills.items())), len(numbers))
            for name, one in state.listeners.items()
        }
        self._kinds = list(numbers)
        self._policy = state.policy
