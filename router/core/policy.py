"""The rules the engine works by, as plain data. Times are in seconds."""

from __future__ import annotations

from functools import cached_property
from typing import Literal

from msgspec import Struct

Skills = dict[str, int]
"""Skill name to level. A listener has levels; a rung asks for the least that will do."""

Profile = tuple[tuple[str, int], ...]
"""Skills with levels, sorted: listeners, or calls, that share it are alike to the engine."""


def profile_of(skills: Skills) -> Profile:
    """Give the profile of a set of skills."""
    return tuple(sorted(skills.items()))


Asked = tuple[Profile, tuple[str, ...]]
"""What a rung asks for: the skills, and the pools that are open (none named: all are)."""

Shortage = Literal["nobody_free", "target_out_of_reach"]
"""What takes a call to a rung before its time: nobody whom the rungs before open is free, or all of
them together, rung at once, would not reach the line's target."""

EVERYBODY = 0
"""As `ring_at_once`: each phone there is."""


class Rung(Struct, frozen=True, dict=True):
    """One step of a line's ladder: what is asked of a listener once a call has waited so long."""

    after_seconds: float
    skills: Skills
    ring_at_once: int | None = 1
    """How many phones may ring at the same time for one call on this rung; None: as many as the
    line's target takes; EVERYBODY: all."""
    pools: tuple[str, ...] = ()
    """Whose listeners may be asked; empty: everybody's."""
    when: tuple[Shortage, ...] = ()
    """What takes a call here before its time."""
    behind: int | None = None
    """So does standing behind so many other callers."""
    words: str = ""
    """The name of the prompt that a caller hears from here on while waiting; empty: as before."""

    @cached_property
    def asked(self) -> Asked:
        """Give what is asked for as a key: sorted, and worked out once."""
        return profile_of(self.skills), self.pools


class CallBack(Struct, frozen=True):
    """How a line calls back."""

    within_seconds: float = 3600.0
    """From being asked to being due."""
    again_seconds: tuple[float, ...] = (120.0, 300.0, 600.0, 1200.0)
    """After the first, second, ... attempt that reached nobody; then a senior sees to it."""
    busy_again_seconds: float = 60.0
    """Where the caller's phone was busy: they are there; see `attempts`."""
    ring_seconds: float = 30.0
    answer_seconds: float = 25.0
    """From picking up to the key: neutral words, said twice. A voicemail never presses it."""
    yields_seconds: float = 60.0
    """By which a promise stands behind those who are on the line."""
    urgent_seconds: float = 600.0
    """Before it is due it no longer does, and everybody is asked."""
    appointment_seconds: float = 900.0
    """After a time that a listener and a caller have agreed on: later it is late."""
    on_hang_up: bool = False
    """Whoever leaves after the short-call time, with a number that shows, is called back."""
    hours_seconds: tuple[float, float] = (28_800.0, 79_200.0)
    """When callers may be rung who did not ask for now, in seconds of the day where the site is."""


class Line(Struct, frozen=True):
    """A dialled number and its rules."""

    name: str
    ladder: tuple[Rung, ...]
    """Never empty; the first rung starts at 0 seconds and each later one after the one before."""
    ring_seconds: float = 20.0
    """How long one listener's phone rings before the next is asked."""
    accept_seconds: float = 15.0
    """From a listener picking up to the accept key; a voicemail never presses it."""
    connect_seconds: float = 5.0
    """From the accept key to both legs in one bridge."""
    after_talk_seconds: float = 6.0
    """Grace after a listener has hung up normally, before a caller still there is searched for."""
    short_call_seconds: float = 5.0
    fallback_after_seconds: float = 90.0
    """With nobody ringing for the call by then, the dialplan's fallback group is asked; after twice
    as long it is asked though phones ring."""
    nobody_on_duty_seconds: float | None = None
    """Where nobody is on duty whom the ladder names, it is asked this long after the arrival; None:
    as ever."""
    target_share: float = 0.99
    target_seconds: float = 20.0
    """So large a share of the callers is to be answered within so long of arriving."""
    same_listener_seconds: float = 10.0
    """How long the phone of the listener whom the caller knows may ring alone."""
    wait_for_usual_seconds: float = 600.0
    """How long a caller who chose so is kept for that listener, who is busy."""
    shock_ladder: tuple[Rung, ...] = ()
    """Who is asked for a caller in shock; empty: those whom the line's ladder names."""
    senior_ladder: tuple[Rung, ...] = ()
    """Who is rung when a listener asks for a senior; empty: nobody can be."""
    help_seconds: float = 60.0
    """How long somebody is sought for a listener who asks for help."""
    consult_seconds: float = 180.0
    """How long a caller waits while the listener and the helper speak with each other."""
    call_back: CallBack | None = None
    """None: this line promises nothing."""
    head_start_seconds: float = 0.0
    """By which this line's calls stand in the queue as if they had come earlier."""
    risk_wakes_above: float | None = None
    """At a higher risk that the next call misses its target, those on call are to be woken; None:
    nobody is."""


class Listener(Struct, frozen=True):
    """Somebody who takes calls, as far as routing is concerned (no name, no number)."""

    name: str
    skills: Skills
    pool: str = ""


Preference = Literal[
    "fair_share", "calls_in_a_row", "rings_in_vain", "talk_time", "night_calls", "hard_call"
]
"""What may speak against asking a listener: more calls than their share, too many without a break,
rings that others took, hours of talk, nights, and a call that was hard."""


class Care(Struct, frozen=True):
    """What spares the listeners."""

    wrap_up_seconds: float = 30.0
    missed_rest_seconds: tuple[float, ...] = (20.0, 60.0, 180.0, 600.0)
    """Rest after the first, second, ... missed ring in a row; the last one holds from then on."""
    between_rings_seconds: float = 0.0
    """From a phone being silenced to its next ring: on a mobile network the end of one ring and the
    begin of the next can pass each other, and the phone is busy to the second."""
    rings_in_vain_an_hour: int = 6
    """Rings that somebody else took. Who has had so many within the hour is asked after others."""
    calls_in_a_row: int = 4
    break_seconds: float = 600.0
    """After so many calls without a while like this between them, others are asked first."""
    night_calls_a_shift: int = 4
    night_seconds: tuple[float, float] = (79_200.0, 21_600.0)
    """When it begins and ends, in seconds of the day where the site is."""
    talk_seconds_a_shift: float = 14_400.0
    calls_above_share: float = 2.0
    """Who has carried so many more than an even share, among those of the same skills who were on
    duty with them, is asked after these."""
    hard_call_rest_seconds: float = 900.0
    """After a talk that its listener has marked hard."""
    bends: tuple[Preference, ...] = (
        "fair_share",
        "calls_in_a_row",
        "rings_in_vain",
        "talk_time",
        "night_calls",
        "hard_call",
    )
    """What is kept, in the order in which it bends where nobody else is free: the first named bends
    first. What is not named is not kept at all."""


class ClockChange(Struct, frozen=True):
    """When the site's clock is put forward or back next."""

    at: float
    """Epoch seconds."""
    utc_offset_seconds: float
    """From then on."""


class Policy(Struct, frozen=True):
    """Everything the engine decides by. Ordered: a dict keeps the order of the config file."""

    lines: dict[str, Line]
    listeners: dict[str, Listener]
    care: Care = Care()
    known_caller_days: float = 365.0
    calls_per_number: int | None = None
    """So many calls of one number at a time stand in line where they came; each further one stands
    behind everybody else, on one phone. None: all stand where they came."""
    utc_offset_seconds: float = 0.0
    """How far the site's clock was ahead of UTC when these rules were read."""
    clock_change: ClockChange | None = None

    def utc_offset_at(self, at: float) -> float:
        """Say how far the site's clock is ahead of UTC at an epoch second."""
        change = self.clock_change
        if change is None or at < change.at:
            return self.utc_offset_seconds
        return change.utc_offset_seconds
