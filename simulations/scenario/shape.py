"""What a scenario file holds, as plain data. `simulations/README.md` says the same key by key."""

from __future__ import annotations

from router.config.fields import Days, Name, Words
from router.config.shape import Care, Line, Skills, Table
from router.schedule import ALWAYS, Week
from simulations.scenario.fields import (
    Count,
    Every,
    Factor,
    Hour,
    Hours,
    Kind,
    Lasting,
    Rate,
    RunDays,
    Seed,
    Several,
    Share,
    Span,
)


class Distribution(Table, frozen=True):
    """How long something takes."""

    kind: Kind = "fixed"
    mean_seconds: Span | None = None
    """For all kinds but `empirical`."""
    deviation_seconds: Span | None = None
    """For `lognormal` only: the standard deviation."""
    seconds: tuple[Span, ...] = ()
    """For `empirical` only: what was observed; each is as likely as the others."""


NOTHING = Distribution(mean_seconds=0.0)


class PickUp(Table, frozen=True):
    """What a listener does when the phone rings. By hour of day: one value for all, or 24."""

    probability: tuple[Share, ...] = (1.0,)
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
    pauses: Pauses | None = None


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
    retry: Share = 0.0
    """Of the calls that were lost: the caller tries again."""
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


class Outage(Table, frozen=True):
    """Something is away for a while, once or repeatedly."""

    hour: Hour
    lasts_seconds: Lasting
    times: Several = 1
    every_seconds: Span = 0.0
    """From the beginning of one to the beginning of the next."""


class Lag(Table, frozen=True):
    """All that Asterisk says comes late for a while, in its order."""

    hour: Hour
    lasts_seconds: Lasting
    by_seconds: Span


class Loss(Table, frozen=True):
    """Events of Asterisk's never reach the engine."""

    share: Share
    hour: Hour = 0.0
    lasts_seconds: Lasting | None = None
    """None: to the end of the run."""


class Disorder(Table, frozen=True):
    """Each event of Asterisk's comes later by a time of its own, and may overtake others."""

    by: Distribution
    hour: Hour = 0.0
    lasts_seconds: Lasting | None = None
    """None: to the end of the run."""


class Stale(Table, frozen=True):
    """What listeners say of their duty does not reach the engine, or only later."""

    hour: Hour
    lasts_seconds: Lasting
    share: Share
    """Of the listeners."""
    groups: tuple[Name, ...] = ()
    """Empty: all."""
    by_seconds: Span | None = None
    """None: what was not heard is heard when all this is over."""


class Offline(Table, frozen=True):
    """The homes of many listeners lose their network at once."""

    hour: Hour
    lasts_seconds: Lasting
    share: Share
    groups: tuple[Name, ...] = ()
    """Empty: all."""


class Faults(Table, frozen=True):
    """What goes wrong."""

    daemon_down: tuple[Outage, ...] = ()
    ami_cut: tuple[Outage, ...] = ()
    trunk_down: tuple[Outage, ...] = ()
    listeners_offline: tuple[Offline, ...] = ()
    events_late: tuple[Lag, ...] = ()
    events_lost: tuple[Loss, ...] = ()
    events_disordered: tuple[Disorder, ...] = ()
    presence_stale: tuple[Stale, ...] = ()
    doubled_events: Share = 0.0
    """Of the events: heard twice."""


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
    known_caller_days: Days = 365.0
    leave_seconds: Span = 2.0
    """A listener's leg that had picked up hears some last words for so long."""
    fallback: Fallback = Fallback()
    surges: tuple[Surge, ...] = ()
    bursts: tuple[Burst, ...] = ()
    faults: Faults = Faults()
