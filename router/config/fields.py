"""The kinds of value that a config file may hold, each with what is expected, in words."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Annotated, Literal, TypeVar, get_args
from zoneinfo import ZoneInfo

from msgspec import Meta

from router import schedule
from router.config.pin import is_pin_hash
from router.config.redis_url import is_redis_url
from router.core.policy import Preference
from router.schedule import (
    ALWAYS,
    AT_ALL_HOURS,
    NEVER,
    NO_HOURS,
    Hours,
    PublicHolidays,
    Week,
)

T = TypeVar("T")

_DAY_SECONDS = 86_400
_SHOWN_CHARACTERS = 40
_KINDS = {dict: "a table", list: "a list", str: "a text", bool: "true or false"} | dict.fromkeys(
    (int, float), "a number"
)


class Hidden(str):
    """Text that may hold a password: its repr shows nothing of it."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "'(hidden)'"


class PinHash(Hidden):
    """What is kept of a PIN."""

    __slots__ = ()


def _text(pattern: str, expected: str) -> Meta:
    return Meta(pattern=rf"\A(?:{pattern})\Z", extra={"expected": expected})


def _number(low: float, high: float, expected: str) -> Meta:
    return Meta(ge=low, le=high, extra={"expected": expected})


Name = Annotated[
    str,
    _text("[a-z][a-z0-9_-]{0,31}", "a name of at most 32 characters: a-z, 0-9, '-' and '_'"),
]
Words = Annotated[str, _text(r"[^\x00-\x1f\x7f]{1,80}", "1 to 80 characters on one line")]
Prompt = Annotated[
    str, _text("[a-z0-9][a-z0-9-]{0,63}", "a prompt's name of at most 64 characters: a-z, 0-9, '-'")
]
Host = Annotated[str, _text("[A-Za-z0-9.:_-]{1,253}", "a host name or an address")]
WebHost = Annotated[
    str,
    _text(
        r"[A-Za-z0-9.-]{1,253}|\[[0-9A-Fa-f:.]{2,45}\]",
        "a host name like 'wallboard.example.org', without scheme and port",
    ),
]
HeaderName = Annotated[str, _text("[A-Za-z0-9-]{1,64}", "the name of an HTTP header")]
Digits = Annotated[str, _text("[0-9]{1,15}", "1 to 15 digits")]
Key = Annotated[str, _text("[0-9]", "a key from 0 to 9")]
Code = Annotated[
    str,
    Meta(pattern=r"\A[0-9]{3,4}\Z", extra={"expected": "3 or 4 digits as text", "private": True}),
]
CallerId = Annotated[str, _text(r"\+?[0-9]{1,15}", "1 to 15 digits, with or without '+'")]
Account = Annotated[str, _text("[A-Za-z0-9_.-]{1,80}", "an account name of manager.conf")]
Endpoint = Annotated[
    str,
    Meta(
        pattern=r"\A[A-Za-z][A-Za-z0-9]*/[A-Za-z0-9_.+:;=@/-]{1,200}\Z",
        extra={
            "expected": "a dial string like 'PJSIP/anne' or 'PJSIP/0639980001@trunk'",
            "private": True,
        },
    ),
]
CallersEndpoint = Annotated[
    str,
    Meta(
        pattern=r"\A[A-Za-z][A-Za-z0-9]*/[A-Za-z0-9_.+:;=@/-]{0,100}"
        r"\{(number|digits)\}[A-Za-z0-9_.+:;=@/-]{0,100}\Z",
        extra={"expected": "a dial string like 'PJSIP/{number}@trunk', or with {digits}"},
    ),
]
Port = Annotated[int, _number(1, 65_535, "a port from 1 to 65535")]
Level = Annotated[int, _number(1, 5, "a level from 1 to 5")]
Places = Annotated[int, _number(1, 50, "a number of places from 1 to 50")]
Phones = Annotated[int, _number(1, 20, "a number of phones from 1 to 20")]
Callers = Annotated[int, _number(1, 1_000, "a number of callers from 1 to 1000")]
Seconds = Annotated[float, _number(0, _DAY_SECONDS, "seconds from 0 to 86400")]
ShortCall = Annotated[float, _number(0, 15, "seconds from 0 to 15: later, who leaves is lost")]
AfterTalk = Annotated[
    float, _number(0, 60, "seconds from 0 to 60: a caller whose listener is cut off waits so long")
]
RungAfter = Annotated[float, _number(0, 119, "seconds from 0 to 119: by 120 everybody rings")]
EverybodyAfter = Annotated[float, _number(1, 120, "seconds from 1 to 120")]
Share = Annotated[float, _number(0.5, 0.9999, "a share from 0.5 to 0.9999")]
Shortage = Annotated[
    Literal["nobody_free", "target_out_of_reach"],
    Meta(extra={"expected": "'nobody_free' or 'target_out_of_reach'"}),
]
Timeout = Annotated[float, _number(1, 3600, "seconds from 1 to 3600")]
Span = Annotated[float, _number(1, _DAY_SECONDS, "seconds from 1 to 86400")]
Days = Annotated[float, _number(0, 36_500, "days from 0 to 36500")]
TurnDays = Annotated[int, _number(1, 366, "days from 1 to 366")]
KeptDays = Annotated[int, _number(1, 3_650, "days from 1 to 3650")]
Rests = Annotated[tuple[Seconds, ...], Meta(min_length=1, extra={"expected": "a list of seconds"})]
Attempts = Annotated[
    tuple[Span, ...],
    Meta(max_length=20, extra={"expected": "a list of at most 20 spans of 1 to 86400 seconds"}),
]
Times = Annotated[int, _number(1, 1_000, "a number from 1 to 1000")]
Calls = Annotated[float, _number(0, 1_000, "calls from 0 to 1000")]
Replicas = Annotated[int, _number(0, 9, "a number of replicas from 0 to 9")]
DayWindow = Annotated[
    str,
    _text(
        "([01][0-9]|2[0-3]):[0-5][0-9]-([01][0-9]|2[0-3]):[0-5][0-9]",
        "hours of the day like '08:00-22:00'",
    ),
]
TimeOfDay = Annotated[str, _text("([01][0-9]|2[0-3]):[0-5][0-9]", "a time of day like '22:00'")]
YesOrNo = Annotated[bool, Meta(extra={"expected": "true or false"})]
Risk = Annotated[float, _number(0, 1, "a chance from 0 to 1")]
Preferences = Annotated[
    tuple[Preference, ...],
    Meta(extra={"expected": f"a list of {', '.join(map(repr, get_args(Preference)))}"}),
]
LogFormat = Annotated[
    Literal["json", "console", "auto"], Meta(extra={"expected": "'json', 'console' or 'auto'"})
]
LogLevel = Annotated[
    Literal["debug", "info", "warning", "error"],
    Meta(extra={"expected": "'debug', 'info', 'warning' or 'error'"}),
]


EXPECTED: dict[type, str] = {
    Path: "a path",
    ZoneInfo: "a time zone like 'Europe/Paris'",
    Hours: "'always', 'none' or a list of windows",
    Week: "'always', 'none' or a list of windows",
    date: "a date like 2026-01-05, without quotes",
    PublicHolidays: "a country like 'FR', a part of one like 'FR-57', or 'none'",
    PinHash: "what 'decroche pin' prints",
    Hidden: "an address like 'redis://127.0.0.1:6379/0'",
}
"""Of the values that are read by `PARSERS`; the other kinds bear it themselves."""


def parse_path(value: object) -> Path:
    """Read a path."""
    if not isinstance(value, str) or not value or "\0" in value:
        raise ValueError(f"expected {EXPECTED[Path]}")
    return Path(value)


def parse_zone(value: object) -> ZoneInfo:
    """Read the name of a time zone."""
    try:
        return ZoneInfo(value if isinstance(value, str) else "")
    except (KeyError, ValueError, OSError):
        raise ValueError(f"expected {EXPECTED[ZoneInfo]}, got {shown(value)}") from None


def parse_hours(value: object) -> Hours:
    """Read hours."""
    return _hours(value, AT_ALL_HOURS, NO_HOURS, schedule.parse_hours)


def parse_week(value: object) -> Week:
    """Read hours that are the same each week."""
    return _hours(value, ALWAYS, NEVER, schedule.parse_week)


def _hours(value: object, always: T, none: T, parse: Callable[[Sequence[str]], T]) -> T:
    if value == "always":
        return always
    if value == "none":
        return none
    if isinstance(value, list) and value and all(isinstance(window, str) for window in value):
        return parse(value)
    raise ValueError(f"expected {EXPECTED[Hours]}, got {shown(value)}")


def parse_date(value: object) -> date:
    """Read a date, which TOML has a form of its own for."""
    if not isinstance(value, date) or isinstance(value, datetime):
        raise ValueError(  # noqa: TRY004 -- the reader lists what is raised as a ValueError
            f"expected {EXPECTED[date]}, got {shown(value)}"
        )
    return value


def parse_public_holidays(value: object) -> PublicHolidays:
    """Read the name of a place that has public holidays."""
    return PublicHolidays(value if isinstance(value, str) else "")


def parse_pin_hash(value: object) -> PinHash:
    """Read what is kept of a PIN; what was found there is never shown."""
    if not isinstance(value, str) or not is_pin_hash(value):
        raise ValueError(f"expected {EXPECTED[PinHash]}")
    return PinHash(value)


def parse_redis_url(value: object) -> Hidden:
    """Read a Redis address; it may hold a password, so it is never shown."""
    if not isinstance(value, str) or not is_redis_url(value):
        raise ValueError(f"expected {EXPECTED[Hidden]}")
    return Hidden(value)


PARSERS: dict[type, Callable[[object], object]] = {
    Path: parse_path,
    ZoneInfo: parse_zone,
    Hours: parse_hours,
    Week: parse_week,
    date: parse_date,
    PublicHolidays: parse_public_holidays,
    PinHash: parse_pin_hash,
    Hidden: parse_redis_url,
}


def shown(value: object) -> str:
    """Give a value as it may stand in an error: short, and nothing of what a table holds."""
    if isinstance(value, (bool, int, float)):
        return str(value)[:_SHOWN_CHARACTERS]
    if isinstance(value, str):
        whole = len(value) <= _SHOWN_CHARACTERS
        return repr(value) if whole else f"{value[:_SHOWN_CHARACTERS]!r}..."
    return kind_of(value)


def kind_of(value: object) -> str:
    """Say what kind of value TOML gave."""
    return _KINDS.get(type(value), "something else")
