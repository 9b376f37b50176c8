"""The API's own port, for a reverse proxy on this machine that speaks TLS with the world."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from typing import Final

import structlog
from aiohttp import web

from router.errors import ConfigError, StoreError
from router.observe.metrics import Metrics
from router.web.api.body import JSON
from router.web.api.clients import Client, Clients
from router.web.api.door import Door, last_of_all
from router.web.api.limits import Limits
from router.web.api.openapi import SPEC_PATH, document, encoded
from router.web.api.page import html
from router.web.api.problem import PAGE, Problem, of_http, too_soon
from router.web.api.promises import PATH, Promises

HOST: Final = "127.0.0.1"
"""TLS, and who may come from where, are the reverse proxy's."""

MOST_AT_ONCE: Final = 32
"""Requests of clients that are being answered: each waits some milliseconds for the disk."""

BUSY_SECONDS: Final = 1.0

LEAVE_SECONDS: Final = 3.0
"""What is being answered when the daemon leaves is on its way to the disk: 2 s at most."""

STRANGER: Final = "stranger"
"""Who shows no token of ours, in the metrics. No client can be called so: config refuses it."""

CLIENT: Final = web.RequestKey("client", Client)
"""Whose request it is; not there for a stranger's."""

log = structlog.get_logger(__name__)

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
OfClient = Callable[[web.Request, Client], Awaitable[web.Response]]


class ApiServer:
    """Serves `/v1/`. Whatever comes, calls are routed all the same.

    `clock`, in seconds, is the one that requests a minute are counted by.
    """

    def __init__(
        self,
        port: int,
        promises: Promises,
        metrics: Metrics,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._port = port
        self._promises = promises
        self._metrics = metrics
        self._clock = clock
        self._clients = Clients(())
        self._limits = Limits((), 1, clock)
        self._being_answered = 0
        self._runner: web.AppRunner | None = None
        self._listening: asyncio.Server | None = None

    def take(self, clients: Sequence[Client], requests_a_minute: int) -> None:
        """Let these clients in from now on, and no others."""
        self._clients = Clients(clients)
        self._limits = Limits(clients, requests_a_minute, self._clock)

    async def start(self) -> int:
        """Listen, and give the port (of use where 0, any free one, was asked for).

        Raises
        ------
        ConfigError
            if the port cannot be had.

        """
        runner = web.AppRunner(self._app(), access_log=None, shutdown_timeout=LEAVE_SECONDS)
        await runner.setup()
        loop, server = asyncio.get_running_loop(), runner.server
        assert server is not None, "it is set up"
        try:
            listening = await loop.create_server(lambda: Door(server, loop=loop), HOST, self._port)
        except (OSError, OverflowError) as error:
            await runner.cleanup()
            problem = getattr(error, "strerror", None) or str(error)
            raise ConfigError(
                f"api.port {self._port}: cannot listen on {HOST} ({problem}); expected a free "
                "port: choose another one, or end what uses it"
            ) from error
        self._runner, self._listening = runner, listening
        return int(listening.sockets[0].getsockname()[1])

    async def stop(self) -> None:
        """Stop listening, once what is being answered is."""
        if self._listening is not None:
            self._listening.close()
            self._listening = None
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

    def _app(self) -> web.Application:
        app = web.Application(middlewares=[self._answer])
        app.router.add_post(PATH, self._for_client(self._promises.add))
        app.router.add_get(f"{PATH}/{{id}}", self._for_client(self._promises.show))
        app.router.add_delete(f"{PATH}/{{id}}", self._for_client(self._promises.cancel))
        spec = document()
        app.router.add_get(SPEC_PATH, _page(encoded(spec), JSON))
        app.router.add_get(PAGE, _page(html(spec).encode(), "text/html"))
        return app

    def _for_client(self, handler: OfClient) -> Handler:
        """Answer clients only, so many at once."""

        async def answer(request: web.Request) -> web.StreamResponse:
            client = request.get(CLIENT)
            if client is None:
                raise _no_token()
            if self._being_answered >= MOST_AT_ONCE:
                raise too_soon("busy", "try again in a second", BUSY_SECONDS)
            self._being_answered += 1
            try:
                return await handler(request, client)
            finally:
                self._being_answered -= 1

        return answer

    @web.middleware
    async def _answer(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        client = self._clients.of(request.headers.get("Authorization", ""))
        if client is not None:
            request[CLIENT] = client
        try:
            self._let_in(client)
            response = await handler(request)
        except Problem as problem:
            response = problem.response()
        except web.HTTPException as error:
            response = of_http(error).response()
        except StoreError as error:
            log.error("api_not_stored", problem=str(error))
            response = Problem("not_stored", "try again, under the same key").response()
        except Exception as error:  # noqa: BLE001 -- one request's task ends here; calls go on
            # Neither its words nor its trace: they may hold what was sent.
            log.error("api_request_failed", problem=type(error).__name__)
            response = Problem("failed", "it is written down; try again").response()
        name = client.name if client is not None else STRANGER
        self._metrics.api_requests.labels(name, str(response.status)).inc()
        return last_of_all(response)

    def _let_in(self, client: Client | None) -> None:
        missing_seconds = self._limits.let_in(client)
        if missing_seconds:
            raise too_soon("too_many", "try again after Retry-After", missing_seconds)


def _no_token() -> Problem:
    challenge = {"WWW-Authenticate": 'Bearer realm="decroche"'}
    return Problem("no_token", "expected Authorization: Bearer TOKEN", headers=challenge)


def _page(body: bytes, content_type: str) -> Handler:
    async def answer(_request: web.Request) -> web.Response:
        return web.Response(body=body, content_type=content_type, charset="utf-8")

    return answer
