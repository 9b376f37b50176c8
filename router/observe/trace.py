"""What the log tells of an error: its kind and its places, and not its words.

What an error of Python's or a library's says may hold what a caller or a client has sent.
"""

from __future__ import annotations

import sys
import traceback
from collections.abc import MutableMapping
from typing import Any

from router.errors import DecrocheError

DEEPEST = 8
"""An error's causes are followed so far."""


def without_words(
    _logger: object, _method: str, event: MutableMapping[str, Any]
) -> MutableMapping[str, Any]:
    """Put an error's trace in place of the error (a structlog processor)."""
    error = _error_of(event.pop("exc_info", None))
    if error is not None:
        event["exception"] = trace(error)
    return event


def trace(error: BaseException, deep: int = DEEPEST) -> str:
    """Tell of an error, and before it of what it came from."""
    came_from = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    inner = error.exceptions if isinstance(error, BaseExceptionGroup) else ()
    parts = [trace(one, deep - 1) for one in (came_from, *inner) if one is not None and deep]
    return "\n\n".join([*parts, _own(error)])


def _own(error: BaseException) -> str:
    places = traceback.format_tb(error.__traceback__)
    head = ["Traceback (most recent call last):\n"] if places else []
    return "".join([*head, *places, _kind(error)])


def _kind(error: BaseException) -> str:
    kind = type(error).__name__
    if isinstance(error, DecrocheError):
        return f"{kind}: {error}"
    if isinstance(error, OSError) and error.strerror:
        return f"{kind}: {error.strerror}"
    return kind


def _error_of(told: object) -> BaseException | None:
    if isinstance(told, tuple):
        told = told[1]
    elif told and not isinstance(told, BaseException):
        told = sys.exc_info()[1]
    return told if isinstance(told, BaseException) else None
