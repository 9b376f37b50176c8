"""Reading header values that a caller, a dialplan or the network may have chosen."""

from __future__ import annotations

import math
import re
from typing import Literal

from router.ami.message import Message

MAX_ID_CHARACTERS = 150
"""The length at which Asterisk itself cuts a unique id."""

MAX_TIME_CHARACTERS = 20
"""Epoch seconds with three decimals are 14 characters for the next 250 years."""

_ID = re.compile(rf"[A-Za-z0-9._-]{{1,{MAX_ID_CHARACTERS}}}")
_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}")
_KEY = re.compile(r"[0-9]")
_COUNT = re.compile(r"[0-9]{1,6}")
_CODE = re.compile(r"[0-9]{0,4}")


BadReason = Literal[
    "bad_bridge",
    "bad_call_back_word",
    "bad_choice",
    "bad_code",
    "bad_disposition",
    "bad_help_kind",
    "bad_hour",
    "bad_id",
    "bad_key",
    "bad_name",
    "bad_number",
    "bad_offer_word",
    "bad_time",
    "wrong_token",
]


class BadMessage(Exception):  # noqa: N818 - said of what came, not of us
    """A message that cannot be what the dialplan sends; `reason` is a fixed word, never a value."""

    def __init__(self, reason: BadReason) -> None:
        super().__init__(reason)
        self.reason: BadReason = reason


def read_id(message: Message, header: str) -> str:
    """Read a unique id."""
    return as_id(message.get(header))


def as_id(text: str) -> str:
    """Take a text as a unique id."""
    if _ID.fullmatch(text) is None:
        raise BadMessage("bad_id")
    return text


def as_name(text: str) -> str:
    """Take a text as the name of a line or of a listener, as the config spells them."""
    if _NAME.fullmatch(text) is None:
        raise BadMessage("bad_name")
    return text


def as_key(text: str) -> str:
    """Take a text as one key of a telephone."""
    if _KEY.fullmatch(text) is None:
        raise BadMessage("bad_key")
    return text


def as_code(text: str) -> str:
    """Take a text as what a caller has typed for a code: at most four digits, or none."""
    if _CODE.fullmatch(text) is None:
        raise BadMessage("bad_code")
    return text


def as_count(text: str) -> int:
    """Take a text as how many there are; none where it does not say."""
    return int(text) if _COUNT.fullmatch(text) is not None else 0


def as_epoch_seconds(text: str) -> float:
    """Take a text as an instant."""
    try:
        at = float(text) if text.isascii() and len(text) <= MAX_TIME_CHARACTERS else math.nan
    except ValueError:
        at = math.nan
    if not (math.isfinite(at) and at >= 0):
        raise BadMessage("bad_time")
    return at
