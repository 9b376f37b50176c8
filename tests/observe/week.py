"""A simulated week as Prometheus would see it: the daemon's own recorder beside its engine."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Sequence
from itertools import groupby
from math import isnan, nan

from prometheus_client import Gauge
from structlog.testing import capture_logs

from router.core.engine import Engine
from router.core.entry import Entry, decode
from router.core.events import AnyEvent
from router.core.machine import EventRefused
from router.observe.metrics import Metrics
from router.runtime.recorder import Recorder
from router.runtime.said_wait import SaidWaits
from simulations.run import simulate
from simulations.scenario import load
from tests.observe.rules import rules

SAMPLE_EVERY_SECONDS = 300.0
LOOK_EVERY_SECONDS = 60.0
"""Besides at each event: what a sample misses is seen then."""

WELL = {
    'up{job="decroche",instance="a"}': "1",
    'process_start_time_seconds{job="decroche",instance="a"}': "1",
    "decroche_ami_connected": "1",
    "decroche_journal_connected": "1",
}
"""What the machine gives that the week runs on."""

TURNING = (
    "decroche_ami_last_event_timestamp_seconds",
    'decroche_loop_last_turn_timestamp_seconds{instance="a"}',
)
METRIC = re.compile(r"\bdecroche_\w+")
NOT_OF_THE_WEEK = ("decroche_ami_", "decroche_dialplan_", "decroche_journal_", "decroche_loop_")


def _asked_for() -> list[str]:
    """Name the series that rules ask for and that come of the week."""
    asked = (name for rule in rules() for name in METRIC.findall(rule.expr))
    return sorted({name for name in asked if not name.startswith(NOT_OF_THE_WEEK)})


class Week:
    """Plays what happened once more, and samples all that rules ask for.

    Of the longest wait and of those on duty a sample is the worst since the one before, so that
    none falls between two.
    """

    def __init__(self, scenario: str, seed: int, changes: Sequence[str] = ()) -> None:
        trace = io.BytesIO()
        simulate(scenario, load(scenario, changes), seed, trace=trace)
        self._metrics = Metrics("0.1.0")
        self._asked = self._metrics.registry.restricted_registry(_asked_for())
        self._engine = Engine()
        self._recorder = Recorder(self._metrics, lambda *_: False, SaidWaits(lambda *_: None))
        self._worst: dict[str, tuple[float, float]] = {}
        """Line to its longest wait, and to the fewest who were on duty for it."""
        self._samples: dict[str, list[float]] = {}
        self.samples = 0
        with capture_logs():
            self._play(decode(line) for line in trace.getvalue().splitlines())

    def series(self) -> list[dict[str, str]]:
        """Give all series in promtool's notation."""
        last = self.samples - 1
        seen = {name: _packed(values) for name, values in self._samples.items()}
        well = {name: f"{value}x{last}" for name, value in WELL.items()}
        turning = dict.fromkeys(TURNING, f"0+{SAMPLE_EVERY_SECONDS:g}x{last}")
        return [
            {"series": name, "values": values}
            for name, values in {**seen, **well, **turning}.items()
        ]

    def highest(self, name: str) -> float:
        """Give the highest sample of a metric over all its labels."""
        found = (values for one, values in self._samples.items() if one.startswith(f"{name}{{"))
        return max(value for values in found for value in values if not isnan(value))

    def _play(self, entries: Iterator[Entry]) -> None:
        looks = 0
        began: float | None = None
        for entry in entries:
            began = entry.at if began is None else began
            while began + looks * LOOK_EVERY_SECONDS <= entry.at:
                self._look(began + looks * LOOK_EVERY_SECONDS)
                if looks % (SAMPLE_EVERY_SECONDS // LOOK_EVERY_SECONDS) == 0:
                    self._sample()
                looks += 1
            self._look(entry.at)
            self._step(entry.event, entry.at)

    def _step(self, event: AnyEvent, at: float) -> None:
        try:
            commands = self._engine.step(event, at)
        except EventRefused:
            return
        for command in commands:
            self._recorder.record(command, at)
        self._recorder.hear(event)

    def _look(self, at: float) -> None:
        self._recorder.look_ahead(self._engine.state, at)
        self._recorder.set_gauges(self._engine.state, at)
        for line in self._engine.state.policy.lines:
            waited = _value(self._metrics.longest_wait_seconds.labels(line))
            on_duty = _value(self._metrics.listeners_on_duty.labels(line))
            worst = self._worst.get(line, (waited, on_duty))
            self._worst[line] = max(worst[0], waited), min(worst[1], on_duty)

    def _sample(self) -> None:
        for line, (waited, on_duty) in self._worst.items():
            self._metrics.longest_wait_seconds.labels(line).set(waited)
            self._metrics.listeners_on_duty.labels(line).set(on_duty)
        self._worst.clear()
        for family in self._asked.collect():
            for one in family.samples:
                labels = ",".join(f'{name}="{value}"' for name, value in one.labels.items())
                # What was not there before begins late, as it does in Prometheus.
                values = self._samples.setdefault(f"{one.name}{{{labels}}}", [])
                values += [nan] * (self.samples - len(values))
                values.append(one.value)
        self.samples += 1


def _value(gauge: Gauge) -> float:
    (family,) = gauge.collect()
    return family.samples[0].value


def _packed(values: list[float]) -> str:
    """Write samples down, those that stay the same as one."""
    written = ["_" if isnan(value) else f"{value:g}" for value in values]
    runs = ((value, len(list(run))) for value, run in groupby(written))
    return " ".join(f"{value}x{count - (value != '_')}" for value, count in runs)
