"""`decroche report`: the activity report of a span, from the journal."""

from __future__ import annotations

import gc
import os
import sys
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from math import inf
from pathlib import Path
from typing import Annotated, Final
from zoneinfo import ZoneInfo

from cyclopts import Parameter
from rich.console import Console

from router.config import Settings, load
from router.config.places import DEFAULT_CONFIG
from router.directory.load import load_directory
from router.directory.shape import DirectoryFile
from router.errors import DecrocheError
from router.past.journal import Journal, read
from router.report.files import as_csv, as_json
from router.report.gather import gather
from router.report.make import make_report
from router.report.model import Report
from router.report.page import as_html
from router.report.remarks import remarks
from router.report.span import Span, span_of
from router.report.terminal import show
from router.report.words import Code

STANDARD_OUTPUT: Final = Path("-")

HISTORY_SECONDS: Final = 7 * 86_400.0
"""So much of the journal before the span is read as well, where it is kept: who of the callers had
talked with whom, and promises that were noted earlier."""

Begins = Annotated[
    str,
    Parameter(name="--from", help="The first day, such as 2026-01-01, or 2026-01-01T08:00."),
]
Ends = Annotated[
    str, Parameter(name="--to", help="The last day, which is included; or a local time.")
]
Line = Annotated[str | None, Parameter(help="Report on this line alone.")]
Html = Annotated[
    Path | None,
    Parameter(
        allow_leading_hyphen=True, help="Write a page to this file, to be published or printed."
    ),
]
Csv = Annotated[
    Path | None,
    Parameter(allow_leading_hyphen=True, help="Write a line for each figure to this file."),
]
Json = Annotated[
    Path | None, Parameter(allow_leading_hyphen=True, help="Write all figures to this file.")
]
Lang = Annotated[
    Code | None,
    Parameter(help="Unless given, the page is in French and the terminal in English."),
]
File = Annotated[
    Path | None,
    Parameter(help="Read this file, as `decroche journal` writes it, not the store."),
]
Config = Annotated[
    Path | None,
    Parameter(
        name=["--config", "-c"],
        help="The main config file; with a journal's file it may be left out: times are UTC then.",
    ),
]


def report(
    *,
    begins: Begins,
    ends: Ends,
    line: Line = None,
    html: Html = None,
    csv: Csv = None,
    json: Json = None,
    lang: Lang = None,
    journal: File = None,
    config: Config = None,
) -> None:
    """Give the activity report: what became of the calls, identifying nobody.

    Without a file to write, it is shown on the terminal; `-` is the standard output.

    Raises
    ------
    DecrocheError
        if the span, the line, the config or the journal cannot be used, or a file not be written.

    """
    settings = load(config or DEFAULT_CONFIG) if config is not None or journal is None else None
    zone = settings.time_zone if settings is not None else ZoneInfo("UTC")
    span = span_of(begins, ends, zone)
    _expect_one_output((html, csv, json))
    with _nothing_collected():
        found = _make(span, line, settings, journal)
    if html is csv is json is None:
        show(found, lang or "en", Console())
        return
    if html is not None:
        _write(html, as_html(found, lang or "fr"))
    if csv is not None:
        _write(csv, as_csv(found))
    if json is not None:
        _write(json, as_json(found))
    for remark in remarks(found, lang or "en"):
        Console(stderr=True, soft_wrap=True).print(remark, markup=False, highlight=False)


def _make(span: Span, line: str | None, settings: Settings | None, file: Path | None) -> Report:
    read_in = _journal(span, settings, file)
    for note in read_in.notes:
        Console(stderr=True, soft_wrap=True).print(note, markup=False, highlight=False)
    return make_report(
        gather(read_in, time.time() if file is None else -inf),
        span,
        line=line,
        directory=_directory(settings),
        pools=settings.pools if settings is not None else None,
    )


def _journal(span: Span, settings: Settings | None, file: Path | None) -> Journal:
    if file is not None:
        return read(file)
    assert settings is not None, "without a file there is a config"
    # Its client takes as long to load as a thousand calls to count.
    import asyncio  # noqa: PLC0415 - a file needs no store

    from router.past.source import journal_of_store  # noqa: PLC0415 - the same

    since = span.began - HISTORY_SECONDS
    return asyncio.run(journal_of_store(settings.store, str(settings.path), since))


def _directory(settings: Settings | None) -> DirectoryFile | None:
    if settings is None or settings.directory_file is None:
        return None
    return load_directory(settings.directory_file)


@contextmanager
def _nothing_collected() -> Iterator[None]:
    """Leave the collector off: what is read stays, and it would go through it again and again."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _expect_one_output(paths: Iterable[Path | None]) -> None:
    if sum(path == STANDARD_OUTPUT for path in paths) > 1:
        raise DecrocheError("--html, --csv, --json: expected at most one of them to be -")


def _write(path: Path, data: bytes) -> None:
    try:
        if path == STANDARD_OUTPUT:
            sys.stdout.buffer.write(data)
            sys.stdout.buffer.flush()
        else:
            path.write_bytes(data)
    except BrokenPipeError:
        # A reader who has left, as `head` does, has read enough.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except OSError as error:
        raise DecrocheError(f"{path}: cannot be written: {error.strerror}") from error
