"""The call that somebody asks a journal about, by an id."""

from __future__ import annotations

from math import inf
from typing import Final

from router.ami.parse import BadMessage, as_id
from router.errors import DecrocheError
from router.observe.redaction import redact

LOOK_BACK_SECONDS: Final = 6 * 3600.0
"""A call's id begins with the second it came in; a caller adopted after an outage may be older."""


class UnknownCallError(DecrocheError):
    """The journal tells of no such call."""


def expect_id(asked: str, such_as: str) -> None:
    """Take an id that may be one of ours, and nothing else.

    Raises
    ------
    UnknownCallError
        if it is none. What was given is not repeated: it may be a caller's number.

    """
    try:
        is_id = redact(as_id(asked)) == asked
    except BadMessage:
        is_id = False
    if not is_id:
        raise UnknownCallError(f"CALL: expected an id such as {such_as}")


def wanted_since(asked: str) -> float:
    """Give the epoch second from which on a journal is wanted, as far as an id says.

    Asterisk's unique id does (`[system-]seconds.number`); of any other all is wanted.
    """
    second, dot, _ = asked.rpartition("-")[2].partition(".")
    return float(second) - LOOK_BACK_SECONDS if dot and second.isdecimal() else -inf
