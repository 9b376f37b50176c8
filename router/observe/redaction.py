"""Takes telephone numbers and callers' hashes out of whatever is about to be logged."""

from __future__ import annotations

import re
from collections.abc import Mapping, MutableMapping
from typing import Any

REDACTED = "[number]"
CALLER = "[caller]"

_GAP = r"(?:[^\S\r\n]|[.\-/_()\u2010-\u2015\u2212]){0,4}"
"""What people put between the digits of a number; it never runs over a line's end."""

_ID = r"""
    (?<![+\d]) 1\d{9}\.\d{1,9} (?![\d.])            # Asterisk's unique id, or an epoch time
  | (?<![+\d]) 1[5-9]\d{8} (?:\d{3})? (?!\d)        # an epoch time in seconds or milliseconds
  | \b (?:dcr|p) - [0-9A-Za-z-]+                     # an offer, a promise
"""
_CALLER = r"(?<![0-9A-Za-z]) [0-9a-f]{32} (?![0-9A-Za-z])"
_NUMBER = rf"""
    (?:\+ | (?<!\d)00) {_GAP} [1-9] (?:{_GAP}\d){{6,14}}          # +33 ..., 0033 ...
  | (?<!\d) 33 {_GAP} 0? {_GAP} [1-9] (?:{_GAP}\d){{8}} (?!\d)    # 33 ... as some trunks send it
  | (?<!\d) 0 {_GAP} [1-9] (?:{_GAP}\d){{8}} (?!\d)               # 0199000001, 01 99 00 00 01
  | (?<!\d) \d{{9,15}} (?!\d)                                   # 199000001, 262692000001
"""
_FOUND = re.compile(rf"(?P<id>{_ID})|(?P<caller>{_CALLER})|{_NUMBER}", re.VERBOSE)

DEEPEST = 8
"""Structures nested deeper than this are shown as one text."""


def redact(text: str) -> str:
    """Put `[number]` for all that looks like a telephone number, `[caller]` for a caller's hash.

    The ids of calls, offers and promises are left alone, and epoch times.
    """
    return _FOUND.sub(_shown, text)


def redact_event(_logger: object, _method: str, event: MutableMapping[str, Any]) -> dict[str, Any]:
    """Redact every key and value of a log line, at any depth (a structlog processor)."""
    return {redact(key): _clean(value, DEEPEST) for key, value in event.items()}


def _shown(found: re.Match[str]) -> str:
    return found["id"] or (CALLER if found["caller"] else REDACTED)


def _clean(value: object, depth: int) -> object:
    if value is None or isinstance(value, bool | float):
        return value
    if isinstance(value, int):
        shown = redact(str(value))
        return value if shown == str(value) else shown
    if isinstance(value, str):
        return redact(value)
    if isinstance(value, Mapping) and depth:
        return {redact(str(key)): _clean(item, depth - 1) for key, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset) and depth:
        return [_clean(item, depth - 1) for item in value]
    return redact(repr(value))
