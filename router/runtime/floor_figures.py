"""The floor at this instant, as gauges: who waits, and who could take them."""

from __future__ import annotations

from collections import Counter
from itertools import product
from typing import Final, get_args

from router.core.call import Call
from router.core.floor import State
from router.core.listener import Activity
from router.core.policy import Line
from router.observe.from_zero import show_faults_from_zero, show_line_from_zero
from router.observe.metrics import Metrics
from router.observe.waiting import Kind, Waits, callers_who_wait, is_asked
from router.runtime.opening import IsOpen, always_open

STATES: Final = ("off", "paused", *get_args(Activity))


class FloorFigures:
    """Shows them at each scrape; pools that were there once are shown as empty."""

    def __init__(self, metrics: Metrics, is_open: IsOpen = always_open) -> None:
        self._metrics = metrics
        self._is_open = is_open
        self._waits = Waits()
        self._lines: dict[str, Line] = {}
        self._pools: dict[str, None] = {}
        show_faults_from_zero(metrics)

    def show(self, state: State, own_now: float) -> None:
        """Show what there is."""
        waiting = callers_who_wait(state.calls.values())
        self._forget_lines(state, waiting)
        self._know_lines(state, waiting)
        self._show_waiting(waiting, own_now)
        doing: Counter[tuple[str, str]] = Counter()
        on_duty: Counter[Kind] = Counter()
        for one in state.listeners.values():
            if one.duty == "on":
                doing[one.activity, one.pool] += 1
                on_duty[one.pool, tuple(one.skills.items())] += 1
            else:
                doing[one.duty, one.pool] += 1
        self._show_listeners(doing)
        self._show_on_duty(on_duty)

    def _forget_lines(self, state: State, waiting: list[Call]) -> None:
        """Show a line no longer that the rules do not name: nobody is to be on duty for it."""
        still = {*state.policy.lines, *(call.line.name for call in waiting)}
        for name in [name for name in self._lines if name not in still]:
            del self._lines[name]
            metrics = self._metrics
            for gauge in (
                metrics.calls_waiting,
                metrics.longest_wait_seconds,
                metrics.listeners_on_duty,
                metrics.line_open,
            ):
                gauge.remove(name)

    def _know_lines(self, state: State, waiting: list[Call]) -> None:
        # A call goes by the rules of when it came; of its line, only what is not known from now.
        calls = [call.line for call in waiting if call.line.name not in self._lines]
        for line in [*calls, *state.policy.lines.values()]:
            if self._lines.get(line.name) is not line:
                self._lines[line.name] = line
                show_line_from_zero(self._metrics, line)

    def _show_waiting(self, waiting: list[Call], own_now: float) -> None:
        by_line = Counter(call.line.name for call in waiting)
        longest = dict.fromkeys(self._lines, 0.0)
        since = self._waits.look(waiting, own_now)
        for call in waiting:
            if not call.fallback_put_off:
                name = call.line.name
                longest[name] = max(longest[name], own_now - since[call.entered])
        for name, seconds in longest.items():
            self._metrics.calls_waiting.labels(name).set(by_line[name])
            self._metrics.longest_wait_seconds.labels(name).set(seconds)

    def _show_listeners(self, doing: Counter[tuple[str, str]]) -> None:
        self._pools |= dict.fromkeys(pool for _, pool in doing)
        for doing_what, pool in product(STATES, self._pools):
            self._metrics.listeners.labels(doing_what, pool).set(doing[doing_what, pool])

    def _show_on_duty(self, on_duty: Counter[Kind]) -> None:
        for name, line in self._lines.items():
            asked = sum(count for kind, count in on_duty.items() if is_asked(kind, line))
            self._metrics.listeners_on_duty.labels(name).set(asked)
            self._metrics.line_open.labels(name).set(self._is_open(name))
