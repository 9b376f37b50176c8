"""Health, readiness, metrics and the wallboard on a port of this machine."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from aiohttp import web
from prometheus_client import CONTENT_TYPE_LATEST

from router.errors import ConfigError
from router.web.host_names import only_by
from router.web.unspoken import without_words
from router.web.wallboard.pages import Wallboard
from router.web.watcher import Watcher

HOST = "127.0.0.1"
"""Figures about a helpline are for this machine's Prometheus, not for the network."""

LOOP_STUCK_SECONDS = 5.0
"""A loop that has not turned for so long serves nobody: restart it."""

LEAVE_SECONDS = 1.0
"""How long a scrape in progress may take when the daemon leaves."""


@dataclass(frozen=True)
class Readiness:
    """Why calls cannot be routed now (none: ready), and what is wrong besides."""

    reasons: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()


class WebServer:
    """Serves `/healthz`, `/readyz` and `/metrics`, and the wallboard.

    `since_turn_seconds` says how long ago the daemon's loop last turned, `readiness` whether calls
    can be routed, `render_metrics` gives Prometheus' text. Whoever asks by another name than this
    machine's, or one of `hosts`, is refused.
    """

    def __init__(
        self,
        port: int,
        *,
        since_turn_seconds: Callable[[], float],
        readiness: Callable[[], Readiness],
        render_metrics: Callable[[], bytes],
        wallboard: Wallboard | None = None,
        hosts: Iterable[str] = (),
    ) -> None:
        self._port = port
        self._since_turn_seconds = since_turn_seconds
        self._readiness = readiness
        self._render_metrics = render_metrics
        self._wallboard = wallboard
        self._hosts = hosts
        self._runner: web.AppRunner | None = None
        self._listening: asyncio.Server | None = None

    async def start(self) -> int:
        """Listen, and give the port (of use where 0, any free one, was asked for).

        Raises
        ------
        ConfigError
            if the port cannot be had.

        """
        app = web.Application(middlewares=[without_words, only_by(self._hosts)])
        app.router.add_get("/healthz", self._healthz)
        app.router.add_get("/readyz", self._readyz)
        app.router.add_get("/metrics", self._metrics)
        if self._wallboard is not None:
            self._wallboard.add_to(app)
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=LEAVE_SECONDS)
        await runner.setup()
        loop, server = asyncio.get_running_loop(), runner.server
        assert server is not None, "it is set up"
        try:
            listening = await loop.create_server(
                lambda: Watcher(server, loop=loop), HOST, self._port
            )
        except (OSError, OverflowError) as error:
            await runner.cleanup()
            raise _not_to_be_had(self._port, error) from error
        self._runner, self._listening = runner, listening
        return int(listening.sockets[0].getsockname()[1])

    async def stop(self) -> None:
        """Stop listening."""
        if self._listening is not None:
            self._listening.close()
            self._listening = None
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

    async def _healthz(self, _request: web.Request) -> web.Response:
        stuck_seconds = self._since_turn_seconds()
        healthy = stuck_seconds <= LOOP_STUCK_SECONDS
        body = {"healthy": healthy, "since_turn_seconds": round(stuck_seconds, 3)}
        return web.json_response(body, status=200 if healthy else 503)

    async def _readyz(self, _request: web.Request) -> web.Response:
        now = self._readiness()
        body = {
            "ready": not now.reasons,
            "reasons": list(now.reasons),
            "warnings": list(now.warnings),
        }
        return web.json_response(body, status=503 if now.reasons else 200)

    async def _metrics(self, _request: web.Request) -> web.Response:
        headers = {"Content-Type": CONTENT_TYPE_LATEST}
        return web.Response(body=self._render_metrics(), headers=headers)


def check_port(port: int) -> None:
    """See whether a port can be listened on, before anything is done that stops another daemon.

    Raises
    ------
    ConfigError
        if it cannot.

    """
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except (OSError, OverflowError) as error:
            raise _not_to_be_had(port, error) from error


def _not_to_be_had(port: int, error: OSError | OverflowError) -> ConfigError:
    problem = error.strerror if isinstance(error, OSError) else None
    return ConfigError(
        f"web port {port}: cannot listen on {HOST} ({problem or error}); expected a free port: "
        "choose another one, or end what uses it"
    )
