"""`decroche story CALL`: journal and log together, as a timeline."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Annotated, Final
from zoneinfo import ZoneInfo

from cyclopts import Parameter
from rich.console import Console
from rich.text import Text

from router.config import load
from router.config.places import DEFAULT_CONFIG
from router.errors import DecrocheError
from router.observe.redaction import redact
from router.past.asked import expect_id, wanted_since
from router.past.journal import Journal, read
from router.past.source import journal_of_store
from router.story.follow import Followed, follow, moments_of
from router.story.log_lines import TROUBLE, LogLine, log_lines
from router.story.printable import printable
from router.story.words import Teller

STANDARD_INPUT: Final = Path("-")

Line = tuple[float, str, str]
"""An epoch second, what happened, and how it is to look."""


def story(
    call: str,
    *,
    log: Annotated[Path | None, Parameter(allow_leading_hyphen=True)] = None,
    journal: Path | None = None,
    config: Annotated[Path | None, Parameter(name=["--config", "-c"])] = None,
) -> None:
    """Tell all that happened to a call: to its offers, its promise and its call-backs, too.

    Parameters
    ----------
    call
        the call's id, as the log shows it, or that of an offer or a promise.
    log
        the daemon's log, whose lines about it are told as well: a file, or `-` for standard input,
        as in `journalctl -u decroche -o json | decroche story CALL --log -`.
    journal
        read this file, as `decroche journal` writes it, rather than the store.
    config
        the main config file; with a journal's file it may be left out: times are UTC then.

    Raises
    ------
    DecrocheError
        if nothing is known of the call, or config, journal or log cannot be read.

    """
    expect_id(call, "1700000000.17, dcr-... or p-...")
    read_in, zone = _journal(call, journal, config)
    followed = follow(list(moments_of(read_in)), call)
    lines = log_lines(_lines_of(log), followed.names, followed.began, followed.ended)
    console = Console(soft_wrap=True)
    for text in show(followed, list(lines), zone):
        console.print(text)


def show(followed: Followed, log: Iterable[LogLine], zone: ZoneInfo) -> Iterator[Text]:
    """Give the timeline: the time of the service, seconds since the arrival, and what happened."""
    others = sorted(followed.names - {followed.asked})
    yield Text(f"{followed.asked} ({zone.key})", style="bold")
    if others:
        yield Text(printable(f"with {', '.join(others)}"), style="dim")
    day = ""
    for at, words, style in sorted(_told(followed, log, zone), key=lambda line: line[0]):
        local = datetime.fromtimestamp(at, zone)
        if day != (day := f"{local:%A %Y-%m-%d}"):
            yield Text(day, style="bold")
        clock = f"{local:%H:%M:%S.%f}"[:-3]
        yield Text(f"{clock}  {at - followed.began:+9.1f} s  {words}", style=style)


def _told(followed: Followed, log: Iterable[LogLine], zone: ZoneInfo) -> Iterator[Line]:
    teller = Teller(followed, zone)
    for moment in followed.moments:
        if (words := teller.say(moment)) is not None:
            yield moment.at, printable(redact(words)), ""
    for line in log:
        yield line.at, f"log: {line.words}", _style(line.level)


def _style(level: str) -> str:
    return "yellow" if level in TROUBLE else "dim"


def _journal(call: str, file: Path | None, config: Path | None) -> tuple[Journal, ZoneInfo]:
    if file is not None:
        zone = load(config).time_zone if config is not None else ZoneInfo("UTC")
        return read(file), zone
    settings = load(config or DEFAULT_CONFIG)
    since, source = wanted_since(call), str(settings.path)
    return asyncio.run(journal_of_store(settings.store, source, since)), settings.time_zone


def _lines_of(log: Path | None) -> Iterable[bytes]:
    if log is None:
        return ()
    if log == STANDARD_INPUT:
        return sys.stdin.buffer
    try:
        return log.read_bytes().splitlines()
    except OSError as error:
        raise DecrocheError(f"{log}: cannot be read: {error.strerror}") from error
