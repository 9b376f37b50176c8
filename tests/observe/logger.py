"""A process that logs as the daemon does, and may crash: `python -m tests.observe.logger ...`."""

from __future__ import annotations

import sys

import structlog

from router.observe.log_writer import MOST_WAITING, LogWriter
from router.observe.logging import set_up_logging

FLOODS = {"some": 1_000, "flood": 2 * MOST_WAITING}
"""Lines; some are more than a pipe holds."""

READER_SECONDS = 30.0
"""A reader who is there, on a machine that is busy with others, has so long at the end."""


def main(log_format: str, deed: str) -> None:
    set_up_logging("console" if log_format == "console" else "json", "DEBUG")
    if deed != "flood":
        LogWriter.flush.__defaults__ = (READER_SECONDS,)
    log = structlog.get_logger("router.runtime")
    if deed == "levels":
        for tell in (log.debug, log.info, log.warning, log.error, log.critical):
            tell("told")
    if deed in FLOODS:
        for number in range(FLOODS[deed]):
            log.info("one_of_many", number=number)
        sys.stdout.write("done\n")
        sys.stdout.flush()
    raise ValueError("the daemon's end")


if __name__ == "__main__":
    main(*sys.argv[1:])
