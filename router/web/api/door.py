"""One connection: one request, so long at most, and no error that repeats what was sent."""

from __future__ import annotations

import asyncio
from typing import Final

from aiohttp import web

from router.web.api.problem import Problem
from router.web.peer import Peer

CONNECTION_SECONDS: Final = 15.0
"""For a request and its answer: a body has 5 s, and what is asked of the store 2 s."""

MOST_CONNECTIONS: Final = 100
"""They are few: a proxy on this machine stands before us."""

LINGER_SECONDS: Final = 1.0
"""For who goes on sending what was refused, so that they come to read why."""

LONGEST_LINE_BYTES: Final = 4_096
MOST_HEADERS: Final = 64

ALWAYS_SENT: Final = {
    "Server": "decroche",
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'",
}


def last_of_all(response: web.StreamResponse) -> web.StreamResponse:
    """Have an answer say what all say, and be the last of its connection."""
    response.headers.update(ALWAYS_SENT)
    response.force_close()
    return response


class Door(Peer):
    """Speaks HTTP with one peer."""

    def __init__(self, manager: web.Server, *, loop: asyncio.AbstractEventLoop) -> None:
        super().__init__(
            manager,
            loop=loop,
            most=MOST_CONNECTIONS,
            seconds=CONNECTION_SECONDS,
            max_line_size=LONGEST_LINE_BYTES,
            max_field_size=LONGEST_LINE_BYTES,
            max_headers=MOST_HEADERS,
            lingering_time=LINGER_SECONDS,
            auto_decompress=False,
        )

    def handle_error(
        self,
        request: web.BaseRequest,
        status: int = 500,
        exc: BaseException | None = None,  # noqa: ARG002 -- what it says may hold what was sent
        message: str | None = None,  # noqa: ARG002 -- likewise
    ) -> web.StreamResponse:
        """Answer what is not HTTP, or too much of it; aiohttp would repeat what it has read."""
        if request.writer.output_size > 0:
            raise ConnectionError("half an answer is sent already")
        kind = "failed" if status == web.HTTPInternalServerError.status_code else "bad_request"
        words = f"expected HTTP, with lines of at most {LONGEST_LINE_BYTES} bytes"
        return last_of_all(Problem(kind, words).response())
