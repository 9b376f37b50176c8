"""Calls what others gave us to call, so that their mistakes never end the link."""

from __future__ import annotations

import traceback
from collections.abc import Callable
from typing import ParamSpec

import structlog

_log = structlog.get_logger(__name__)

P = ParamSpec("P")


def call_guarded(
    about: str, handler: Callable[P, object], *args: P.args, **kwargs: P.kwargs
) -> bool:
    """Call a handler; one that raises costs one log line. Say whether it went well.

    The line names the exception's type and place, never its words: those may hold a number.
    """
    try:
        handler(*args, **kwargs)
    except Exception as error:  # noqa: BLE001  a boundary: the stream goes on whatever a handler does
        place = traceback.extract_tb(error.__traceback__)[-1]
        _log.error(
            "ami_handler_failed",
            about=about[:64],
            error=type(error).__name__,
            place=f"{place.name}:{place.lineno}",
        )
        return False
    return True
