"""How the log leaves the process: to whom, how grave, and what a reader who stalls holds up."""

from __future__ import annotations

import io
import json
import logging
import os
import re
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from router.observe import log_writer
from router.observe.log_writer import LINES_DROPPED, LogWriter
from tests.observe import logger as daemon_like

DEADLINE_SECONDS = 30.0


@contextmanager
def logger(
    log_format: str, deed: str, stderr: int, environment: dict[str, str] | None = None
) -> Iterator[subprocess.Popen[bytes]]:
    clean = {name: value for name, value in os.environ.items() if name != "JOURNAL_STREAM"}
    process = subprocess.Popen(
        [sys.executable, "-m", daemon_like.__name__, log_format, deed],
        stdout=subprocess.PIPE,
        stderr=stderr,
        env=clean | (environment or {}),
    )
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def heard(log_format: str, *, joined: bool) -> list[str]:
    """Give the lines that come out of a stream of the journal's, or of another than it is named."""
    ours, theirs = socket.socketpair()
    ours.settimeout(DEADLINE_SECONDS)
    found = os.fstat((theirs if joined else ours).fileno())
    named = {"JOURNAL_STREAM": f"{found.st_dev}:{found.st_ino}"}
    with ours, theirs, logger(log_format, "levels", theirs.fileno(), named):
        theirs.close()
        with ours.makefile("rb") as stream:
            return stream.read().decode().splitlines()


def test_the_journal_is_told_how_grave_each_line_is() -> None:
    lines = heard("json", joined=True)
    assert [line[:3] for line in lines] == ["<7>", "<6>", "<4>", "<3>", "<2>", "<2>"]
    assert [json.loads(line[3:])["level"] for line in lines[3:]] == ["error", *["critical"] * 2]


def test_each_line_of_a_traceback_is_as_grave_as_the_whole() -> None:
    *_, last = lines = heard("console", joined=True)
    assert last == "<2>ValueError"
    assert all(re.match(r"<[2-7]>", line) for line in lines)


def test_who_is_not_the_journal_is_told_nothing_of_it() -> None:
    lines = heard("json", joined=False)
    assert [json.loads(line)["message"] for line in lines] == ["told"] * 5 + ["crashed"]


@pytest.fixture
def stalled() -> Iterator[tuple[int, int]]:
    """Give a pipe's two ends; nobody reads, and it holds some 64 KB."""
    reading, writing = os.pipe()
    yield reading, writing
    for end in (reading, writing):
        os.close(end)


def test_a_process_whose_log_nobody_reads_goes_on_and_ends_by_itself(
    stalled: tuple[int, int],
) -> None:
    with logger("json", "flood", stalled[1]) as process:
        assert process.stdout is not None
        reader = threading.Thread(target=process.stdout.readline, daemon=True)
        reader.start()
        reader.join(DEADLINE_SECONDS)
        assert not reader.is_alive(), "it stands still"
        assert process.wait(DEADLINE_SECONDS) == 1


def test_the_last_word_of_a_crash_is_read_by_who_had_stalled_before() -> None:
    reading, writing = os.pipe()
    with os.fdopen(reading, "rb") as stream, logger("json", "some", writing) as process:
        os.close(writing)
        assert process.stdout is not None
        assert process.stdout.readline() == b"done\n"
        *_, last = stream.read().decode().splitlines()
    assert json.loads(last)["message"] == "crashed"


def test_each_line_is_either_written_or_counted_as_dropped(
    stalled: tuple[int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(log_writer, "MOST_WAITING", 10)
    before = LINES_DROPPED._value.get()
    writer = LogWriter(io.FileIO(stalled[1], "wb", closefd=False))
    told = [f"{number:01000}" for number in range(200)]
    for words in told:
        writer.handle(logging.LogRecord("x", logging.INFO, "", 0, words, None, None))
    dropped = int(LINES_DROPPED._value.get() - before)
    assert dropped > 0
    with os.fdopen(stalled[0], "rb", closefd=False) as stream:
        read = [stream.readline().decode().rstrip() for _ in range(len(told) - dropped)]
    assert read == [words for words in told if words in set(read)]
    assert len(read) == len(told) - dropped


def test_a_last_word_is_taken_however_many_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(log_writer, "MOST_WAITING", 0)
    output = io.BytesIO()
    writer = LogWriter(output)
    for level in (logging.ERROR, logging.CRITICAL):
        writer.handle(logging.LogRecord("x", level, "", 0, logging.getLevelName(level), None, None))
    writer.flush(DEADLINE_SECONDS)
    assert output.getvalue() == b"CRITICAL\n"


class Broken(io.BytesIO):
    """Fails as nothing that is written to is known to."""

    def write(self, _line: object, /) -> int:
        raise RuntimeError("06 39 98 00 01")


def closed() -> io.BytesIO:
    output = io.BytesIO()
    output.close()
    return output


@pytest.mark.parametrize("output", [closed(), Broken()], ids=["closed", "broken"])
def test_a_line_that_cannot_be_written_is_counted_and_the_next_one_is_tried(
    output: io.BytesIO,
) -> None:
    before = LINES_DROPPED._value.get()
    writer = LogWriter(output)
    for words in ("lost", "and lost again"):
        writer.handle(logging.LogRecord("x", logging.INFO, "", 0, words, None, None))
    writer.flush(DEADLINE_SECONDS)
    assert LINES_DROPPED._value.get() == before + 2
