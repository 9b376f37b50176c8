"""Keeps what was sent to us out of the log: aiohttp writes down what it cannot read or answer."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from typing import Final

import structlog
from aiohttp import web

SILENT: Final = logging.getLogger(f"{__name__}.aiohttp")
"""For aiohttp, which writes down a bad request word for word: a token, a number."""
SILENT.disabled = True

log = structlog.get_logger(__name__)


@web.middleware
async def without_words(
    request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]
) -> web.StreamResponse:
    """Log of a request that fails what kind of error it was, and no more."""
    try:
        return await handler(request)
    except (web.HTTPException, ConnectionError):
        # That is an answer too, or whoever asked has gone.
        raise
    except Exception as error:
        # Neither its words nor its trace: they may hold what was sent.
        log.error("web_request_failed", problem=type(error).__name__)
        raise
