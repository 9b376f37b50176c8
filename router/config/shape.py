"""What the config files hold, as plain data. Times are in seconds unless their name says more."""

from __future__ import annotations

from pathlib import Path
from zoneinfo import ZoneInfo

from msgspec import Struct

from router.config.fields import (
    Account,
    CallerId,
    Days,
    Digits,
    Endpoint,
    EverybodyAfter,
    Hidden,
    Host,
    KeptDays,
    Level,
    LogFormat,
    LogLevel,
    Name,
    Phones,
    PinHash,
    Port,
    Rests,
    Seconds,
    Share,
    Shortage,
    Timeout,
    Words,
)
from router.schedule import ALWAYS, Week

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


class Rung(Table, frozen=True):
    """A step of a line's ladder."""

    after_seconds: Seconds
    skills: Skills | None = None
    """None: those of the rung before."""
    ring_at_once: Phones | None = None
    """None: as many as the line's target takes."""
    pools: tuple[Name, ...] | None = None
    """Whose listeners may be asked from here on besides; None: no further ones."""
    when: tuple[Shortage, ...] = ()
    """What takes a call here before its time."""


class Line(Table, frozen=True):
    """A dialled number and its rules."""

    number: Digits
    skills: Skills
    hours: Week = ALWAYS
    caller_id: CallerId | None = None
    """What listeners see; None: the line's number."""
    ladder: tuple[Rung, ...] = ()
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
    same_listener_seconds: Seconds = 10.0
    head_start_seconds: Seconds = 0.0
    everybody_after_seconds: EverybodyAfter = 45.0
    """When every phone rings whose listener could say a word: it can be set sooner or later, but
    not taken away."""


class Listener(Table, frozen=True):
    """Somebody who takes calls."""

    name: Words
    endpoint: Endpoint
    login: Digits
    pin_hash: PinHash
    skills: Skills
    pool: Name
    shifts: Week
    """No hours at all: comes on by phone only."""


class ListenersFile(Table, frozen=True):
    """The listeners' file, whole."""

    listeners: dict[Name, Listener]


class MainFile(Table, frozen=True):
    """The main file, whole."""

    listeners_file: Words
    """Relative to the main file's folder."""
    lines: dict[Name, Line]
    pools: dict[Name, Words]
    time_zone: ZoneInfo = ZoneInfo("Europe/Paris")
    known_caller_days: Days = 365.0
    asterisk: Asterisk = Asterisk()
    store: Store = Store()
    secrets: Secrets = Secrets()
    web: Web = Web()
    log: Log = Log()
    care: Care = Care()
