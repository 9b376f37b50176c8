"""The wallboard over HTTP: its page, its stream, and the way in."""

from __future__ import annotations

import asyncio
import socket
from contextlib import aclosing
from typing import Final
from urllib.parse import parse_qs

from aiohttp import web

from router.web.wallboard.board import Board
from router.web.wallboard.door import Door
from router.web.wallboard.files import Files
from router.web.wallboard.language import Language, language_of

ASSETS: Final = "/wallboard/"
STREAM: Final = "/wallboard/stream"
ENTER: Final = "/wallboard/enter"
BOARD: Final = "/"

MOST_WATCHERS: Final = 40
"""Walls, desks and phones of one association. Each costs the daemon a write of some kilobytes."""

WRITE_SECONDS: Final = 10.0
"""Who takes in nothing for so long is gone."""

UNSENT_BYTES: Final = 16_384
"""A few pictures on their way to who is slow; what comes later is the latest then."""

FORM_BYTES: Final = 4_096
FORM_SECONDS: Final = 5.0
"""For a line of text."""

AGAIN_SECONDS: Final = 5
"""For who finds too many others watching."""

ALWAYS_SENT: Final = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; "
    "img-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex",
}


class Wallboard:
    """Adds its pages to the web port."""

    def __init__(self, board: Board, door: Door, files: Files) -> None:
        self._board = board
        self._door = door
        self._files = files
        self._streams = 0

    def add_to(self, app: web.Application) -> None:
        """Add the routes."""
        app.router.add_get(BOARD, self._page)
        app.router.add_get(STREAM, self._stream, allow_head=False)
        app.router.add_post(ENTER, self._enter)
        app.router.add_get(ASSETS + "{name}", self._asset)

    async def _page(self, request: web.Request) -> web.Response:
        answer, language = self._door.answer(request), _language(request)
        if answer != "in":
            return self._stay_out(language, "ask" if answer == "token" else answer)
        response = _html(self._files.board(language))
        self._door.give_cookie(request, response)
        return response

    async def _asset(self, request: web.Request) -> web.Response:
        found = self._files.assets.get(request.match_info["name"])
        if found is None:
            raise web.HTTPNotFound(headers=ALWAYS_SENT)
        body, content_type = found
        return web.Response(
            body=body, content_type=content_type, charset="utf-8", headers=ALWAYS_SENT
        )

    async def _enter(self, request: web.Request) -> web.Response:
        """Take the token that somebody has typed: from the body, so that no log has it."""
        if self._door.answer(request) == "local":
            return self._stay_out(_language(request), "local")
        if not self._door.is_token(await _typed(request)):
            return self._stay_out(_language(request), "wrong")
        response = web.Response(status=303, headers={**ALWAYS_SENT, "Location": BOARD})
        self._door.give_cookie(request, response)
        return response

    async def _stream(self, request: web.Request) -> web.StreamResponse:
        if (answer := self._door.answer(request)) != "in":
            status = 401 if answer == "token" else 403
            return web.Response(status=status, headers=ALWAYS_SENT)
        if self._streams >= MOST_WATCHERS:
            headers = {**ALWAYS_SENT, "Retry-After": str(AGAIN_SECONDS)}
            return web.Response(status=503, headers=headers)
        self._streams += 1
        try:
            return await self._send_pictures(request)
        finally:
            self._streams -= 1

    async def _send_pictures(self, request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(headers={**ALWAYS_SENT, "X-Accel-Buffering": "no"})
        response.content_type = "text/event-stream"
        _keep_little_unsent(request)
        await response.prepare(request)
        try:
            async with aclosing(self._board.pictures()) as pictures:
                async for picture in pictures:
                    async with asyncio.timeout(WRITE_SECONDS):
                        await response.write(b"data: %b\n\n" % picture)
        except (ConnectionError, TimeoutError):
            if request.transport is not None:
                request.transport.abort()
        return response

    def _stay_out(self, language: Language, words: str) -> web.Response:
        is_asked = words in ("ask", "wrong")
        return _html(
            self._files.door(language, words, form=is_asked), status=401 if is_asked else 403
        )


def _language(request: web.Request) -> Language:
    return language_of(request.headers.get("Accept-Language", ""))


def _html(text: str, status: int = 200) -> web.Response:
    return web.Response(
        text=text, status=status, content_type="text/html", charset="utf-8", headers=ALWAYS_SENT
    )


async def _typed(request: web.Request) -> str:
    """Read the form's one field; empty where there is none, or too much."""
    if request.content_length is None or request.content_length > FORM_BYTES:
        return ""
    try:
        async with asyncio.timeout(FORM_SECONDS):
            body = await request.read()
    except (TimeoutError, web.HTTPException):
        return ""
    return parse_qs(body.decode(errors="replace")).get("token", [""])[0]


def _keep_little_unsent(request: web.Request) -> None:
    """Have a slow peer's pictures wait here, where the latest takes the place of those before."""
    transport = request.transport
    if not isinstance(transport, asyncio.Transport):
        return
    transport.set_write_buffer_limits(high=UNSENT_BYTES)
    own_socket: socket.socket | None = transport.get_extra_info("socket")
    if own_socket is not None:
        own_socket.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, UNSENT_BYTES)
