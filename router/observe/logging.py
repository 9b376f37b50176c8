"""Sets up the logs: ours and the libraries' go through one formatter, which redacts.

A line about a call bears its ids as fields: `log.bind(call=..., offer=..., listener=...)`.
"""

from __future__ import annotations

import logging
import os
from io import FileIO
from typing import Final, Literal

import structlog
from structlog.stdlib import ProcessorFormatter
from structlog.typing import Processor

from router.observe.crash import log_crashes
from router.observe.journal_stream import WithGravity, is_journal
from router.observe.log_writer import LogWriter, Output
from router.observe.redaction import redact_event
from router.observe.trace import without_words

LogFormat = Literal["json", "console"]

OURS = "router"
"""The name that all our loggers begin with; the others speak from WARNING up."""

STANDARD_ERROR: Final = 2
"""Written to without Python's buffer, which a stalled write would hold, at the exit too."""


def set_up_logging(
    log_format: LogFormat, level: str = "INFO", output: Output | None = None
) -> None:
    """Send every log line of this process to `output` (default: standard error).

    `level` is for our own lines; other libraries' are shown from WARNING up. Where the journal
    reads standard error, it is told each line's level.
    """
    form: logging.Formatter = _formatter(log_format)
    if output is None:
        output = FileIO(STANDARD_ERROR, "wb", closefd=False)
        if is_journal(STANDARD_ERROR, os.environ):
            form = WithGravity(form)
    handler = LogWriter(output)
    handler.setFormatter(form)
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)
    logging.getLogger(OURS).setLevel(level)
    logging.captureWarnings(capture=True)
    # A log call that fails would otherwise print its arguments as they are.
    logging.raiseExceptions = False
    log_crashes(f"{OURS}.crash")
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *_about_the_line(),
            structlog.stdlib.PositionalArgumentsFormatter(),
            ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )


def _about_the_line() -> list[Processor]:
    return [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
    ]


def _formatter(log_format: LogFormat) -> ProcessorFormatter:
    return ProcessorFormatter(
        foreign_pre_chain=_about_the_line(),
        processors=[
            ProcessorFormatter.remove_processors_meta,
            structlog.processors.StackInfoRenderer(),
            without_words,
            redact_event,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            *_renderers(log_format),
        ],
    )


def _renderers(log_format: LogFormat) -> list[Processor]:
    if log_format == "json":
        return [
            structlog.processors.EventRenamer("message"),
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ]
    return [structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)]
