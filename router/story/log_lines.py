"""The daemon's log: lines of JSON, as it writes them or as journalctl gives them (`-o json`)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any, Final

import msgspec
from msgspec import Struct

from router.observe.redaction import redact
from router.story.follow import NAMING
from router.story.printable import printable

SAID_BY_THE_JOURNAL: Final = frozenset(
    {
        "listener_rung",
        "offer_over",
        "call_answered",
        "rung_reached",
        "call_ended",
        "sent_to_fallback",
        "preference_bent",
        "help_search_over",
        "talk_disposed",
        "promise",
    }
)
"""Lines that tell what the journal tells better."""

ABOUT_THE_LINE: Final = ("message", "timestamp", "level", "logger")

TROUBLE: Final = ("warning", "error", "critical")
"""Of what is no call's own, lines of these levels are told, while the call is there."""


OCTETS: Final = range(256)


class LogLine(Struct, frozen=True):
    """A line of the log. `at` is in epoch seconds."""

    at: float
    level: str
    words: str


def log_lines(
    lines: Iterable[bytes], names: frozenset[str], began: float, ended: float
) -> Iterator[LogLine]:
    """Give the lines about these calls and promises, and of all else what was amiss meanwhile.

    What is no line of the daemon's is passed over.
    """
    for line in lines:
        fields = _fields(line)
        at = _instant(fields)
        if at is None or fields["message"] in SAID_BY_THE_JOURNAL:
            continue
        level = str(fields.get("level", "info"))
        own = {str(fields[name]).partition("/")[0] for name in NAMING if name in fields}
        if own & names or (not own and level in TROUBLE and began <= at <= ended):
            yield LogLine(at, level, _words(fields))


def _fields(line: bytes) -> dict[str, Any]:
    found = _decoded(line)
    message = found.get("MESSAGE")
    if isinstance(message, list):
        # So journalctl gives what is not all print.
        message = bytes(one for one in message if one in OCTETS)
    if isinstance(message, str | bytes):
        return _decoded(message.encode() if isinstance(message, str) else message)
    return found


def _decoded(data: bytes) -> dict[str, Any]:
    try:
        found = msgspec.json.decode(data)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def _instant(fields: dict[str, Any]) -> float | None:
    if not isinstance(fields.get("message"), str):
        return None
    try:
        return datetime.fromisoformat(str(fields.get("timestamp"))).timestamp()
    except (ValueError, OverflowError):
        return None


def _words(fields: dict[str, Any]) -> str:
    told = [f"{name}={value}" for name, value in fields.items() if name not in ABOUT_THE_LINE]
    return printable(redact(" ".join([str(fields["message"]), *told])))
