"""What goes wrong in a scenario, as plain data."""

from __future__ import annotations

from router.config.fields import Name
from router.config.shape import Table
from simulations.scenario.distribution import Distribution
from simulations.scenario.fields import Hour, Lasting, Several, Share, Span


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
