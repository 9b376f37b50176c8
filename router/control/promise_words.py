"""How promises are told of on a terminal, with the site's own times."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final, Literal
from zoneinfo import ZoneInfo

from rich.table import Column, Table

from router.core.promise import Happening, PromiseInput, PromiseState
from router.web.counter import Standing

STATES: Final[dict[PromiseState, str]] = {
    "waiting": "waits",
    "searching": "a listener is sought",
    "dialling": "the caller is rung",
    "talking": "they talk",
    "rang_back": "the caller is on the line",
    "with_seniors": "with the seniors",
    "kept": "kept",
    "cancelled": "cancelled",
}

HAPPENINGS: Final[dict[PromiseInput | Literal["noted"], str]] = {
    "noted": "noted",
    "due": "a listener is sought",
    "put_off": "put off: the caller is with us for something else",
    "taken": "a listener has taken it, and the caller is rung",
    "listener_left": "the listener has left, and another one is sought",
    "not_reached": "nobody reached",
    "used_up": "no attempt is left: a senior has to see to it",
    "talked": "the caller talks",
    "talk_over": "the talk is over: kept",
    "called_in": "the caller is on the line",
    "left_again": "the caller has left again",
    "cut_off": "the talk was cut off by a fault, and is owed again",
    "given_anew": "tried anew at a senior's wish",
    "cancelled": "cancelled",
}

ORIGINS: Final[dict[str, str]] = {
    "key": "by key, while waiting",
    "hang_up": "by hanging up while waiting",
    "listener": "by a listener, after a talk",
    "site": "by the site",
    "crash": "the call was cut off by a fault",
    "ops": "by ops",
}

OVERDUE: Final = "bold red"


def summary(one: Standing, zone: ZoneInfo) -> str:
    """Say in a line how a promise stands."""
    closed = one.state in ("kept", "cancelled")
    due = "" if closed else f", due by {_local(one.due_by, zone)}"
    return f"{one.promise}: {STATES[one.state]}{due}"


def table(promises: Sequence[Standing], now: datetime) -> Table:
    """Give a table of open promises. `now` is an aware instant in the site's own time."""
    zone, second = now.tzinfo, now.timestamp()
    assert isinstance(zone, ZoneInfo), "the site's own time"
    shown = Table(
        Column("promise", no_wrap=True),
        "line",
        "state",
        "due by",
        "next attempt",
        "attempts",
        "listener",
    )
    for one in sorted(promises, key=lambda one: (one.state != "with_seniors", one.due_by)):
        shown.add_row(
            one.promise,
            one.line,
            STATES[one.state],
            _shortly(one.due_by, zone),
            _shortly(one.next_at, zone) if one.next_at is not None else "",
            str(one.attempts),
            "a senior" if one.by_senior else one.usual or "",
            style=OVERDUE if one.due_by < second and one.state != "talking" else "",
        )
    return shown


def story(one: Standing, zone: ZoneInfo) -> str:
    """Tell what has happened to a promise."""
    about = [
        summary(one, zone),
        f"asked for {ORIGINS[one.origin]}; line {one.line}",
        *([f"one with {one.joined}"] if one.joined is not None else []),
        *(["to be called back by a senior"] if one.by_senior else []),
        *([f"to be called back by {one.usual}, if that can be"] if one.usual is not None else []),
        *([f"next attempt {_local(one.next_at, zone)}"] if one.next_at is not None else []),
    ]
    return "\n".join([*about, *(_line(happening, zone) for happening in one.history)])


def _line(happening: Happening, zone: ZoneInfo) -> str:
    at, what, word = happening
    more = f" ({word.replace('_', ' ')})" if word and what != "noted" else ""
    return f"  {_local(at, zone)}  {HAPPENINGS[what]}{more}"


def _local(at: float, zone: ZoneInfo) -> str:
    return datetime.fromtimestamp(at, zone).strftime("%Y-%m-%d %H:%M:%S")


def _shortly(at: float, zone: ZoneInfo) -> str:
    return datetime.fromtimestamp(at, zone).strftime("%m-%d %H:%M")
