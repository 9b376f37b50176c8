"""What the config files hold, as plain data. Times are in seconds unless their name says more."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfo

from msgspec import Struct

from router.config.fields import (
    Account,
    CallerId,
    Callers,
    Calls,
    Code,
    Days,
    Digits,
    Endpoint,
    EverybodyAfter,
    Hidden,
    Host,
    KeptDays,
    Key,
    Level,
    LogFormat,
    LogLevel,
    Name,
    Phones,
    PinHash,
    Places,
    Port,
    Preferences,
    Prompt,
    Rests,
    Risk,
    RungAfter,
    Seconds,
    Share,
    Shortage,
    TimeOfDay,
    Timeout,
    Times,
    TurnDays,
    Words,
    YesOrNo,
)
from router.core import policy
from router.schedule import AT_ALL_HOURS, Hours, PublicHolidays

Skills = dict[Name, Level]


class Table(Struct, frozen=True, forbid_unknown_fields=True):
    """A table of a config file."""


class Asterisk(Table, frozen=True):
    """The manager interface of Asterisk."""

    host: Host = "127.0.0.1"
    port: Port = 5038
    username: Account = "decroche"
    secret_file: Path | None = None
    """None: the environment's DECROCHE_AMI_SECRET."""
    sounds_dir: Path | None = None
    """Where Asterisk's sounds are seen from here; None: where Asterisk says, if it is local."""


class Store(Table, frozen=True):
    """Where the journal is kept."""

    redis_url: Hidden | None = None
    """None: an embedded server under `state_dir`."""
    state_dir: Path = Path("/var/lib/decroche")
    journal_days: KeptDays = 30


class Secrets(Table, frozen=True):
    """Files that hold a secret each; None: the environment."""

    caller_hash_file: Path | None = None
    dialplan_file: Path | None = None


class Web(Table, frozen=True):
    """Where health and metrics are served."""

    port: Port = 8077
    """On 127.0.0.1: figures about a helpline are for this machine's Prometheus alone."""


class Log(Table, frozen=True):
    """How the log is written."""

    format: LogFormat = "auto"
    level: LogLevel = "info"


class Care(Table, frozen=True):
    """What spares the listeners."""

    wrap_up_seconds: Seconds = 30.0
    missed_rest_seconds: Rests = (20.0, 60.0, 180.0, 600.0)
    between_rings_seconds: Seconds = 2.0
    rings_in_vain_an_hour: Times = 6
    calls_in_a_row: Times = 4
    break_seconds: Seconds = 600.0
    night_calls_a_shift: Times = 4
    night_begins: TimeOfDay = "22:00"
    night_ends: TimeOfDay = "06:00"
    talk_seconds_a_shift: Seconds = 14_400.0
    calls_above_share: Calls = 2.0
    hard_call_rest_seconds: Seconds = 900.0
    bends: Preferences = policy.Care().bends
    """What is kept, in the order in which it bends; what is not named is not kept."""


class Rung(Table, frozen=True):
    """A step of a line's ladder."""

    after_seconds: RungAfter
    skills: Skills | None = None
    """None: those of the rung before."""
    ring_at_once: Phones | None = None
    """None: as many as the line's target takes."""
    pools: tuple[Name, ...] | None = None
    """Whose listeners may be asked from here on besides; None: no further ones."""
    when: tuple[Shortage, ...] = ()
    """What takes a call here before its time."""
    behind: Callers | None = None
    """So does standing behind so many other callers."""
    words: Prompt | None = None
    """What a caller hears from here on while waiting; None: as before."""
    hours: Hours = AT_ALL_HOURS
    """Outside of them it is as if this rung were not there."""


class LineKey(Table, frozen=True):
    """What changes when a caller presses this key while they wait."""

    skills: Skills
    """Asked of a listener besides, on every rung."""
    instead_of: tuple[Name, ...] = ()
    """Skills of the line that are asked for no longer."""


class Line(Table, frozen=True):
    """A dialled number and its rules."""

    number: Digits
    skills: Skills
    hours: Hours = AT_ALL_HOURS
    when_closed: Name | None = None
    """The line whose rules its callers are served by outside of its hours; None: its own."""
    caller_id: CallerId | None = None
    """What listeners see; None: the line's number."""
    ladder: tuple[Rung, ...] = ()
    shock_ladder: tuple[Rung, ...] = ()
    """For callers in emotional shock; none: the line's."""
    senior_ladder: tuple[Rung, ...] = ()
    """Whom a listener gets who asks for a senior; none: nobody."""
    help_seconds: Timeout = 60.0
    """How long somebody is sought for a listener who asks for help."""
    consult_seconds: Timeout = 180.0
    """How long a caller waits while listener and helper speak with each other."""
    ring_seconds: Timeout = 20.0
    accept_seconds: Timeout = 15.0
    connect_seconds: Timeout = 5.0
    after_talk_seconds: Seconds = 6.0
    short_call_seconds: Seconds = 5.0
    fallback_after_seconds: Timeout = 90.0
    pools: tuple[Name, ...] = ()
    """Whose listeners may be asked from the start; none named: everybody's."""
    target_share: Share = 0.99
    target_seconds: Timeout = 20.0
    same_listener_seconds: Seconds = 5.0
    wait_for_usual_seconds: Timeout = 600.0
    """How long a caller who chose so is kept for a listener who is busy."""
    says_wait: YesOrNo = False
    """Whoever has waited for a while is told how long it may yet take."""
    head_start_seconds: Seconds = 0.0
    risk_wakes_above: Risk | None = None
    """At a higher risk that the next call misses its target, those on call are to be woken; None:
    nobody is."""
    shock_key: Key = "0"
    """Pressed by a caller in emotional shock: first in line from then on."""
    keys: dict[Key, LineKey] | None = None
    """What else callers may press here, such as another language; None: nothing."""
    everybody_after_seconds: EverybodyAfter = 45.0
    """When every phone rings whose listener could say a word: it can be set sooner or later, but
    not taken away."""
    everybody_words: Prompt | None = None
    """What a caller hears from then on; None: as before."""


class Listener(Table, frozen=True):
    """Somebody who takes calls."""

    name: Words
    endpoint: Endpoint
    login: Digits
    """Empty, as is the next: one of a partner's places, which has no menu."""
    pin_hash: PinHash
    skills: Skills
    pool: Name
    shifts: Hours
    """No hours at all: comes on by phone, or by a rota."""
    code: Code | None = None
    """What callers type, after a star, to have this listener; None: nobody can ask for them so."""
    wakes: YesOrNo = True
    """Where on call: may be rung before there is a call, to be ready for it."""


class Partner(Table, frozen=True):
    """A platform that takes several calls at once behind one number."""

    name: Words
    endpoint: Endpoint
    skills: Skills
    pool: Name
    places: Places
    """How many calls at once."""
    shifts: Hours


class Swap(Table, frozen=True):
    """Days of a rota on which somebody takes the turn of another."""

    first: date
    listener: Name
    last: date | None = None
    """None: that one day."""


class Rota(Table, frozen=True):
    """Listeners who are on duty in turn."""

    begins: date
    every_days: TurnDays
    hours: Hours
    listeners: tuple[Name, ...]
    swaps: tuple[Swap, ...] = ()


class ListenersFile(Table, frozen=True):
    """The listeners' file, whole."""

    listeners: dict[Name, Listener]
    rotas: dict[Name, Rota] = {}
    partners: dict[Name, Partner] = {}


class MainFile(Table, frozen=True):
    """The main file, whole."""

    listeners_file: Words
    """Relative to the main file's folder."""
    lines: dict[Name, Line]
    pools: dict[Name, Words]
    time_zone: ZoneInfo = ZoneInfo("Europe/Paris")
    public_holidays: PublicHolidays = PublicHolidays("FR")
    directory_file: Path | None = None
    """None: there is no orientation directory."""
    known_caller_days: Days = 365.0
    asterisk: Asterisk = Asterisk()
    store: Store = Store()
    secrets: Secrets = Secrets()
    web: Web = Web()
    log: Log = Log()
    care: Care = Care()
