"""What a scenario file holds, as plain data. `simulations/README.md` says the same key by key."""

from __future__ import annotations

from router.config.fields import Days, Name, Times, Words
from router.config.shape import Care, Line, Skills, Table
from router.schedule import ALWAYS, Week
from simulations.scenario.distribution import NOTHING, Distribution
from simulations.scenario.faults import Faults
from simulations.scenario.fields import (
    Count,
    Every,
    Factor,
    Hour,
    Hours,
    Rate,
    RunDays,
    Seed,
    Several,
    Share,
    Span,
)


def at_hour(values: tuple[float, ...], hour: int) -> float:
    """Give the value at an hour of the day: there is one for all of them, or 24."""
    return values[hour % len(values)]


class PickUp(Table, frozen=True):
    """What a listener does when the phone rings. By hour of day: see `at_hour`."""

    probability: tuple[Share, ...] = (1.0,)
    spread: Share = 0.0
    """By how much a listener's own chance lies above or below that, at most; drawn for each."""
    decline: Share = 0.0
    """Of the rings that somebody hears: the call is rejected."""
    after: Distribution = NOTHING
    """From the first ring to picking up, or to rejecting."""
    after_factor: tuple[Factor, ...] = (1.0,)
    key: Distribution = NOTHING
    """From picking up to the accept key."""
    voicemail: Share = 0.0
    """Of the rings that nobody hears: a voicemail picks up."""
    voicemail_after_seconds: Span = 20.0


class Pauses(Table, frozen=True):
    """Pauses that a listener takes while on duty, by their own word."""

    every_hours: Every
    """The mean from coming on, or from the end of the last pause, to the next one."""
    lasts: Distribution
    late: Share = 0.0
    """Of the pauses: the listener comes back later than meant."""
    late_by: Distribution = NOTHING


class Group(Table, frozen=True):
    """Listeners who are alike. They are named after the group: `day-1`, `day-2`."""

    count: Several
    skills: Skills
    pool: Name | None = None
    """None: one with the name of the group."""
    shifts: Week = ALWAYS
    pick_up: PickUp = PickUp()
    wrap_up: Distribution | None = None
    """Own pause after a talk; None: the wrap-up of `care`."""
    drops: Share = 0.0
    """Of the talks: the listener's line drops somewhere in the middle."""
    hangs_up_first: Share = 0.0
    """Of the talks: the listener ends them."""
    marks_hard_share: Share = 0.0
    """Of the talks: the listener marks them as hard, as they end."""
    pauses: Pauses | None = None
    asks_senior: Share = 0.0
    """Of the talks: the listener presses the key for a senior, somewhere in the middle."""
    confers: Distribution = Distribution(mean_seconds=60.0)
    """How long the listener and the senior speak with each other."""
    hands_over: Share = 0.3
    """Of these: the listener then leaves the caller to the senior; else the three talk together."""
    follow_up: Share = 0.0
    """Of the talks: the two agree on a further one, `follow_up_after` days, by day."""
    follow_up_after: Distribution = Distribution(
        kind="lognormal", median_seconds=172_800.0, sigma=0.7
    )
    senior_call_back: Share = 0.0
    """Of the talks: a senior is to call back, now."""


class Arrivals(Table, frozen=True):
    """Who calls a line. By hour: one rate for all, 24 for a day, or 168 for a week from Monday."""

    calls_per_hour: tuple[Rate, ...]
    talk: Distribution | None = None
    """None: that of `callers`."""
    patience: Distribution | None = None


class Callers(Table, frozen=True):
    """How callers are."""

    talk: Distribution
    patience: Distribution
    """From arrival to hanging up when nobody has come by then."""
    returning: Share = 0.0
    """Of the calls: by somebody who has called before."""
    withheld: Share = 0.0
    """Of the people: their number never shows."""
    types_code: Share = 0.0
    """Of the calls, with the number withheld, by somebody who has talked with a listener: they type
    the code that this listener had given."""
    code_after: Distribution = Distribution(mean_seconds=10.0)
    """From arrival to the code's last digit."""
    in_shock: Share = 0.0
    """Of the people, each time they need to talk: they press the key for emotional shock."""
    shock_patience: Distribution | None = None
    """None: that of the others."""
    shock_key_after: Distribution = Distribution(mean_seconds=4.0)
    """From arrival to that key."""
    waits_for_usual: Share = 0.0
    """Of those whose listener is busy and who may choose: they wait for that listener."""
    choice_after: Distribution = Distribution(mean_seconds=5.0)
    """From being asked to the key."""
    usual_patience: Distribution | None = None
    """From choosing so to hanging up; None: their patience goes on."""
    asks_call_back: Share = 0.0
    """Of the calls: who still waits then presses the key for a call-back, where there is one."""
    asks_call_back_after: Distribution = Distribution(mean_seconds=30.0)
    """From arrival to that key."""
    types_number: Share = 0.3
    """Of those who ask so and whose number does not show: they type one; the others wait on."""
    changes_number: Share = 0.05
    """Of those who hear that it is noted: they type another number at which to be called."""
    stays_in_line: Share = 0.1
    """Of them: they stay in line all the same."""
    rings_back: Share = 0.1
    """Of those who have heard it and left: they do not wait for our ring, and call again."""
    rings_back_after: Distribution = Distribution(kind="exponential", mean_seconds=900.0)
    """From hanging up to that, unless we have called by then."""
    answers_call_back: Share = 0.8
    """Of our rings: whom we call back answers, and presses the key."""
    answers_call_back_after: Distribution = Distribution(mean_seconds=8.0)
    """From the ring to picking up."""
    keeps_appointment: Share = 0.95
    """The same where a listener has promised the call."""
    stays_seconds: Span = 120.0
    """Whom we have called back waits so long should the talk be cut."""
    retry: Share = 0.0
    """Of the calls that nobody answered or promised anything: the caller tries again, unless we
    have called back by then."""
    retry_after: Distribution = Distribution(kind="exponential", mean_seconds=300.0)
    tries_at_most: Several = 5
    stays: Share = 0.5
    """Of the talks that the listener ends: the caller had more to say, and stays on the line."""
    hangs_up_after: Distribution = Distribution(kind="exponential", mean_seconds=2.0)
    """The others, once the listener has hung up."""


class Fallback(Table, frozen=True):
    """The dialplan's own group, which it rings when the daemon is silent or asks for it."""

    people: Count = 0
    """How many of its members can talk at the same time."""
    answers: Share = 1.0
    """Of the rounds in which somebody is free: somebody presses the key."""
    after: Distribution = Distribution(mean_seconds=8.0)


class Surge(Table, frozen=True):
    """A time of many more calls: a straight rise, then a fall by half every so often."""

    multiplier: Factor
    hour: Hour
    ramp_hours: Hours = 0.0
    half_life_hours: Hours = 24.0
    """0: it does not fall."""
    lines: tuple[Name, ...] = ()
    """Empty: all."""


class Burst(Table, frozen=True):
    """A number of calls within a short time, beside the usual ones."""

    line: Name
    hour: Hour
    calls: Count
    over_seconds: Span = 0.0


class Rules(Table, frozen=True):
    """What no config can change, for other policies to be held against ours."""

    last_rung: bool = True
    """At the last, everybody rings."""
    ring_all: bool = False
    """Every phone that a rung allows rings at once, on every rung."""
    keys: bool = True
    """The keys that callers press in the welcome menu mean something."""
    call_backs: bool = True
    """Lines that call back do."""


class Scenario(Table, frozen=True):
    """The file, whole."""

    about: Words
    days: RunDays
    lines: dict[Name, Line]
    listeners: dict[Name, Group]
    arrivals: dict[Name, Arrivals]
    callers: Callers
    seed: Seed = 1
    care: Care = Care()
    rules: Rules = Rules()
    known_caller_days: Days = 365.0
    calls_per_number: Times = 3
    leave_seconds: Span = 2.0
    """A listener's leg that had picked up hears some last words for so long."""
    senior_list_after: Distribution = Distribution(kind="exponential", mean_seconds=600.0)
    """How long a promise whose attempts are used up is on the seniors' list before one of them has
    it tried anew, once."""
    fallback: Fallback = Fallback()
    surges: tuple[Surge, ...] = ()
    bursts: tuple[Burst, ...] = ()
    faults: Faults = Faults()
