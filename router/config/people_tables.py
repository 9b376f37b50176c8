"""What the listeners' file says of those who take calls, as plain data."""

from __future__ import annotations

from datetime import date

from msgspec import field

from router.config.fields import (
    Code,
    Digits,
    Endpoint,
    Name,
    PinHash,
    Places,
    TurnDays,
    Words,
    YesOrNo,
)
from router.config.table import Skills, Table
from router.schedule import Hours


class Listener(Table, frozen=True):
    """Somebody who takes calls. The log and the journal know them by the name of this table."""

    name: Words
    """As colleagues read it."""
    endpoint: Endpoint
    """How their phone is rung."""
    login: Digits
    """What they key to have the listeners' menu by phone."""
    pin_hash: PinHash
    """Of the PIN that they key then."""
    skills: Skills
    """What they can do, each skill with their level."""
    pool: Name
    """One of `[pools]`."""
    shifts: Hours
    """When they are on duty; no hours at all: they come on by phone, or by a rota."""
    code: Code | None = None
    """What callers type, after a star, to have this listener; None: nobody can ask for them so. It
    is no secret: it brings a preference, and never tells anything."""
    wakes: YesOrNo = True
    """Where on call: may be rung before there is a call, to be ready for it."""


class Partner(Table, frozen=True):
    """A platform that takes several calls at once behind one number.

    To the engine each place is a listener, `<partner>-1` and so on.
    """

    name: Words
    """As colleagues read it."""
    endpoint: Endpoint
    """How it is rung."""
    skills: Skills
    """What its people can do, each skill with their level."""
    pool: Name
    """One of `[pools]`."""
    places: Places
    """How many calls at once."""
    shifts: Hours
    """When it takes calls."""


class Swap(Table, frozen=True):
    """Days of a rota on which somebody takes the turn of another."""

    first: date
    """From this day on, and with it."""
    listener: Name
    """Who takes the turn."""
    last: date | None = None
    """To this day, and with it; None: that one day."""


class Rota(Table, frozen=True):
    """Listeners who are on duty in turn, on top of their shifts."""

    begins: date
    """The first day of the first one's first turn."""
    every_days: TurnDays
    """How long a turn is."""
    hours: Hours
    """When whoever has the turn is on duty. A night is of the day on which it begins."""
    listeners: tuple[Name, ...]
    """Whose turn it is, one after the other."""
    swaps: tuple[Swap, ...] = ()
    """Who takes whose turn."""


class ListenersFile(Table, frozen=True):
    """The listeners' file, whole."""

    listeners: dict[Name, Listener]
    """By the name that logs, metrics and the journal have."""
    rotas: dict[Name, Rota] = field(default_factory=dict)
    """By any name."""
    partners: dict[Name, Partner] = field(default_factory=dict)
    """By the name that their places begin with."""
