"""What the config files hold, as plain data. Times are in seconds unless their name says more."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from zoneinfo import ZoneInfo

from msgspec import field

from router.config.api_tables import Api
from router.config.call_back_tables import CallBacks
from router.config.care_tables import Care
from router.config.fields import (
    Account,
    CallersEndpoint,
    Days,
    Hidden,
    Host,
    KeptDays,
    LogFormat,
    LogLevel,
    Name,
    Port,
    Replicas,
    Times,
    WebHost,
    Words,
)
from router.config.line_tables import Line, LineKey, Rung
from router.config.mqtt_tables import Mqtt
from router.config.people_tables import Listener, ListenersFile, Partner, Rota, Swap
from router.config.table import Skills, Table
from router.config.web_tables import Wallboard
from router.schedule import PublicHolidays

__all__ = [
    "Asterisk",
    "Care",
    "Line",
    "LineKey",
    "Listener",
    "ListenersFile",
    "Log",
    "MainFile",
    "Partner",
    "Rota",
    "Rung",
    "Secrets",
    "Skills",
    "Store",
    "Swap",
    "Table",
    "Web",
]


class Asterisk(Table, frozen=True):
    """The manager interface of Asterisk."""

    host: Host = "127.0.0.1"
    """Where it listens."""
    port: Port = 5038
    """As in `manager.conf`."""
    username: Account = "decroche"
    """The account in `manager.conf`."""
    secret_file: Path | None = None
    """What stands after `secret` there; None: the credential `decroche.ami`."""
    sounds_dir: Path | None = None
    """Where Asterisk's sounds are seen from here; None: where Asterisk says, if it is local."""
    callers_endpoint: CallersEndpoint | None = None
    """How callers are dialled: `{number}` stands for +33..., `{digits}` for 33...; None: nobody can
    be called back."""


class Store(Table, frozen=True):
    """Where the journal is kept."""

    redis_url: Hidden | None = None
    """None: an embedded server under `state_dir`."""
    state_dir: Path = Path("/var/lib/decroche")
    """Where the daemon keeps its files; only its user may look into it."""
    journal_days: KeptDays = 30
    """How long the journal keeps what happened."""
    replicas_acknowledge: Replicas = 0
    """How many replicas have to confirm a promise before the caller is told of it."""


class Secrets(Table, frozen=True):
    """Files that hold a secret each, with mode 0600, where systemd hands over no credentials.

    A variable of the environment, DECROCHE_CALLER_SECRET and so on, goes before the file.
    """

    caller_hash_file: Path | None = None
    """The key of the callers' hashes; None: the credential `decroche.caller`."""
    dialplan_file: Path | None = None
    """What `site.conf` has as `DECROCHE_SECRET`; None: the credential `decroche.dialplan`."""
    vault_file: Path | None = None
    """The master key of callers' numbers, needed where a line calls back; None: the credential
    `decroche.vault`."""
    vault_before_file: Path | None = None
    """The master key before, until `decroche promises rotate` is done; None: the credential
    `decroche.vault_before`, if there is one."""


class Web(Table, frozen=True):
    """Where health, metrics and the wallboard are served."""

    port: Port = 8077
    """On 127.0.0.1: figures about a helpline are for this machine's Prometheus alone."""
    hosts: tuple[WebHost, ...] = ()
    """By which names it may be asked for besides `localhost` and `127.0.0.1`: those of a reverse
    proxy that passes its own on. By another one nothing is served."""
    wallboard: Wallboard = Wallboard()


class Log(Table, frozen=True):
    """How the log is written."""

    format: LogFormat = "auto"
    """`auto`: with colours on a terminal, as JSON elsewhere."""
    level: LogLevel = "info"
    """What is less is left out."""


class MainFile(Table, frozen=True):
    """The main file, whole."""

    listeners_file: Words
    """Relative to the main file's folder."""
    lines: dict[Name, Line]
    """By the name that `dialplans/lines.conf` gives each."""
    pools: dict[Name, Words]
    """Groups of listeners, each with the words that colleagues read."""
    time_zone: ZoneInfo = ZoneInfo("Europe/Paris")
    """Where the site's wall clock is."""
    public_holidays: PublicHolidays = field(default_factory=partial(PublicHolidays, "FR"))
    """Whose public holidays `hours` speak of: of a country, of a part of it such as `FR-57`
    Moselle, `FR-6AE` Alsace or `FR-971` to `FR-976`, or `none`."""
    directory_file: Path | None = None
    """What `decroche directory` looks up and listeners key; None: there is no orientation
    directory."""
    known_caller_days: Days = 365.0
    """After this a caller is no longer said to be known, and forgotten with the next talk."""
    calls_per_number: Times = 3
    """So many calls of one number at a time stand in line where they came; each further one stands
    behind everybody else, on one phone. A ward or a school may share one: nobody is refused."""
    asterisk: Asterisk = Asterisk()
    store: Store = Store()
    secrets: Secrets = Secrets()
    web: Web = Web()
    log: Log = Log()
    care: Care = Care()
    call_back: CallBacks = CallBacks()
    api: Api | None = None
    """None: nobody can ask for call-backs over HTTP."""
    mqtt: Mqtt | None = None
    """None: no app of a listener is heard; they have the menu by phone."""
