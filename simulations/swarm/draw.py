"""Draws a world from a seed: how people are, and which faults meet each other."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from random import Random

from simulations.scenario import Scenario, load
from simulations.world.streams import stream

BASE = Path(__file__).with_name("base.toml")

HABIT_SHARE = 0.5
FAULT_SHARE = 0.35
"""So likely is each one in a world of its own: few enough to meet in any combination."""

_FAULT_HOURS = 0.8
"""Within which faults begin; none lasts for more than the rest of the hour."""


def drawn(seed: int) -> tuple[str, ...]:
    """Give how this seed's world differs from the base, as `--set` takes it."""
    chance = stream(seed, "swarm")
    habits = [change(chance) for change in _HABITS if chance.random() < HABIT_SHARE]
    faults = [change(chance) for change in _FAULTS if chance.random() < FAULT_SHARE]
    return (*habits, *faults)


def scenario_of(seed: int) -> Scenario:
    """Give this seed's world."""
    return load(str(BASE), drawn(seed))


def _share(key: str, most: float) -> Callable[[Random], str]:
    return lambda chance: f"{key}={chance.uniform(0.0, most):.3f}"


def _seconds(key: str, least: float, most: float) -> Callable[[Random], str]:
    return lambda chance: f"{key}={chance.uniform(least, most):.1f}"


def _one_of(*words: str) -> Callable[[Random], str]:
    return lambda chance: words[int(chance.random() * len(words))]


def _length(chance: Random, mean_seconds: float) -> str:
    mean = f"mean_seconds={mean_seconds * chance.uniform(0.2, 2.0):.2f}"
    deviation = f"deviation_seconds={mean_seconds * chance.uniform(0.1, 2.0):.2f}"
    shapes = ("{%s}", '{kind="exponential", %s}', '{kind="lognormal", %s, ' + deviation + "}")
    return shapes[int(chance.random() * len(shapes))] % mean


def _lasting(key: str, mean_seconds: float) -> Callable[[Random], str]:
    return lambda chance: f"{key}={_length(chance, mean_seconds)}"


def _pauses(chance: Random) -> str:
    every, lasts = f"every_hours={chance.uniform(0.05, 0.5):.3f}", _length(chance, 200)
    late = f"late={chance.random():.2f}, late_by={_length(chance, 200)}"
    return f"listeners.some.pauses={{{every}, lasts={lasts}, {late}}}"


def _when(chance: Random) -> str:
    hour = chance.uniform(0.0, _FAULT_HOURS)
    lasts_seconds = chance.uniform(1.0, (1.0 - hour) * 3600.0)
    return f"hour={hour:.4f}, lasts_seconds={lasts_seconds:.1f}"


def _window(kind: str, more: Callable[[Random], str]) -> Callable[[Random], str]:
    return lambda chance: f"faults.{kind}=[{{{_when(chance)}, {more(chance)}}}]"


def _outages(kind: str, longest_seconds: float) -> Callable[[Random], str]:
    def change(chance: Random) -> str:
        hour, lasts = chance.uniform(0.0, 0.5), chance.uniform(0.5, longest_seconds)
        every = lasts + chance.uniform(0.5, 300.0)
        times = 1 + int(chance.random() * min(20.0, 1800.0 / every))
        when = f"hour={hour:.4f}, lasts_seconds={lasts:.1f}"
        return f"faults.{kind}=[{{{when}, times={times}, every_seconds={every + 0.1:.1f}}}]"

    return change


def _shifts(chance: Random) -> str:
    end, begin = sorted(int(chance.uniform(1, 60)) for _ in range(2))
    on_again = f', "mon-sun 00:{begin:02}-24:00"' if begin > end else ""
    return f'listeners.some.shifts=["mon-sun 00:00-00:{end:02}"{on_again}]'


def _patient_rung(reason: str) -> str:
    return f"lines.patient.ladder=[{{after_seconds=10, skills={{talk=1}}, {reason}}}]"


_HABITS: tuple[Callable[[Random], str], ...] = (
    _share("listeners.some.drops", 0.4),
    _share("listeners.some.hangs_up_first", 0.6),
    _share("listeners.some.asks_senior", 1.0),
    _share("listeners.some.hands_over", 1.0),
    _lasting("listeners.some.confers", 30),
    _share("callers.asks_call_back", 1.0),
    _share("callers.answers_call_back", 1.0),
    _share("callers.types_number", 1.0),
    _share("callers.changes_number", 0.5),
    _share("callers.stays_in_line", 0.5),
    _share("callers.rings_back", 1.0),
    _lasting("callers.rings_back_after", 60),
    _share("callers.keeps_appointment", 1.0),
    _share("listeners.some.follow_up", 0.4),
    _share("listeners.some.senior_call_back", 0.4),
    _lasting("senior_list_after", 60),
    _one_of("lines.usual.call_back.on_hang_up=true", "lines.usual.call_back.within_seconds=700"),
    _share("callers.stays", 1.0),
    _share("listeners.some.pick_up.decline", 0.4),
    _share("listeners.some.pick_up.voicemail", 1.0),
    _share("callers.returning", 1.0),
    _share("callers.withheld", 1.0),
    _share("callers.retry", 1.0),
    _share("fallback.answers", 1.0),
    _lasting("listeners.some.pick_up.after", 8),
    _lasting("listeners.some.pick_up.key", 6),
    _lasting("listeners.some.wrap_up", 60),
    _lasting("callers.hangs_up_after", 6),
    _lasting("fallback.after", 10),
    _seconds("lines.usual.ring_seconds", 5, 40),
    _seconds("lines.usual.accept_seconds", 5, 20),
    _seconds("lines.usual.after_talk_seconds", 0, 12),
    _seconds("lines.usual.fallback_after_seconds", 10, 200),
    _seconds("lines.patient.fallback_after_seconds", 10, 200),
    _seconds("care.wrap_up_seconds", 0, 60),
    _seconds("leave_seconds", 0, 6),
    _one_of("fallback.people=1", "fallback.people=2", "fallback.people=5"),
    _one_of("listeners.some.count=1", "listeners.some.count=2", "listeners.some.count=8"),
    _one_of("listeners.some.pick_up.probability=[0]", "listeners.some.pick_up.probability=[0.5]"),
    _one_of("listeners.steady.count=1", "listeners.steady.count=3"),
    _shifts,
    _pauses,
    _share("callers.waits_for_usual", 1.0),
    _share("callers.in_shock", 0.3),
    _share("callers.types_code", 0.5),
    _seconds("lines.usual.same_listener_seconds", 0, 40),
    _seconds("lines.usual.wait_for_usual_seconds", 10, 300),
    _seconds("lines.usual.nobody_on_duty_seconds", 1, 90),
    _one_of("calls_per_number=1", "calls_per_number=2"),
    _one_of(_patient_rung('when=["nobody_free"]'), _patient_rung("behind=1")),
)

_FAULTS: tuple[Callable[[Random], str], ...] = (
    _outages("daemon_down", 90.0),
    _outages("ami_cut", 60.0),
    _outages("trunk_down", 30.0),
    _window("listeners_offline", _share("share", 1.0)),
    _window("presence_stale", _share("share", 1.0)),
    _window("presence_stale", lambda chance: f"share=1, by_seconds={chance.uniform(0, 300):.1f}"),
    _window("events_late", _seconds("by_seconds", 0, 8)),
    _window("events_lost", _share("share", 0.3)),
    _window("events_lost", _share("share", 1.0)),
    _window("events_disordered", _lasting("by", 1.0)),
    _window("events_disordered", _lasting("by", 10.0)),
    _share("faults.doubled_events", 1.0),
)
"""Where two of a kind are drawn the later one holds."""
