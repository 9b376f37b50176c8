"""Which callers are told how long they may yet wait, and when.

What is found holds for the next time that the dialplan says something, and is put anew in each
round: what is no longer so is no longer said.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable
from math import inf
from operator import attrgetter
from typing import Final

from router.ami.spoken_wait import Spoken, spoken
from router.core.call import Call
from router.core.expected_wait import expected_wait
from router.core.floor import State

LEAST_WAITED_SECONDS: Final = 20.0
"""Whoever has just come is answered, as a rule, before there is anything to be said."""

MOST_TOLD: Final = 20
"""Of a line's callers, those who stand first. For who stands behind them it is a matter of many
minutes, and a look costs as much on a day when a thousand wait."""

ROUND_SECONDS: Final = 5.0
"""Between two looks at one caller: a turn of hold."""

AT_ONCE: Final = 4
"""So many callers are seen to in one go, a second apart: that takes some milliseconds, while phones
are to be rung."""


class SaidWaits:
    """Keeps what each waiting caller was told, and has the dialplan tell what is so now."""

    def __init__(self, tell: Callable[[str, str], None]) -> None:
        self.lines: Container[str] = frozenset()
        """Those on which it is said at all."""
        self._tell = tell
        self._told: dict[str, Spoken] = {}
        self._to_be_said: dict[str, None] = {}
        self._round_began_at = -inf
        self._left: list[Call] = []

    def look(self, state: State, now: float, mean_talk_seconds: float) -> None:
        """See to a few callers; `now` is the engine's own time."""
        if not self._left and abs(now - self._round_began_at) >= ROUND_SECONDS:
            self._round_began_at = now
            self._begin_round(state, now)
        for call in self._left[:AT_ONCE]:
            if call.name not in state.calls:
                continue
            expected = expected_wait(state, call, now, mean_talk_seconds)
            self._say(call.name, spoken(expected, self._told.get(call.name)))
        del self._left[:AT_ONCE]

    def _begin_round(self, state: State, now: float) -> None:
        self._told = {name: one for name, one in self._told.items() if name in state.calls}
        self._to_be_said = {name: None for name in self._to_be_said if name in state.calls}
        self._left = list(_first_in_line(_waiting(state, self.lines, now)))
        seen_to = {call.name for call in self._left}
        for name in [name for name in self._to_be_said if name not in seen_to]:
            self._say(name, None)

    def _say(self, call: str, found: Spoken | None) -> None:
        if found is not None:
            self._told[call] = found
            self._to_be_said[call] = None
            self._tell(call, found.prompt)
        elif call in self._to_be_said:
            del self._to_be_said[call]
            self._tell(call, "")


def _waiting(state: State, lines: Container[str], now: float) -> dict[str, list[Call]]:
    """Give, line by line, the callers who have waited for a while."""
    found: dict[str, list[Call]] = {}
    for call in state.calls.values():
        if (
            call.line.name in lines
            and call.state == "searching"
            and call.has_leg
            and now - call.arrived >= LEAST_WAITED_SECONDS
        ):
            found.setdefault(call.line.name, []).append(call)
    return found


def _first_in_line(waiting: dict[str, list[Call]]) -> Iterable[Call]:
    for calls in waiting.values():
        calls.sort(key=attrgetter("place"))
        yield from calls[:MOST_TOLD]
