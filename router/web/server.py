"""Health, readiness and metrics on a port of this machine."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from aiohttp import web
from prometheus_client import CONTENT_TYPE_LATEST

from router.errors import ConfigError

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
    """Serves `/healthz`, `/readyz` and `/metrics`.

    `since_turn_seconds` says how long ago the daemon's loop last turned, `readiness` whether calls
    can be routed, `render_metrics` gives Prometheus' text.
    """

    def __init__(
        self,
        port: int,
        *,
        since_turn_seconds: Callable[[], float],
        readiness: Callable[[], Readiness],
        render_metrics: Callable[[], bytes],
    ) -> None:
        self._port = port
        self._since_turn_seconds = since_turn_seconds
        self._readiness = readiness
        self._render_metrics = render_metrics
        self._runner: web.AppRunner | None = None

    async def start(self) -> int:
        """Listen, and give the port (of use where 0, any free one, was asked for).

        Raises
        ------
        ConfigError
            if the port cannot be had.

        """
        app = web.Application()
        app.router.add_get("/healthz", self._healthz)
        app.router.add_get("/readyz", self._readyz)
        app.router.add_get("/metrics", self._metrics)
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=LEAVE_SECONDS)
        await runner.setup()
        try:
            await web.TCPSite(runner, HOST, self._port).start()
        except (OSError, OverflowError) as error:
            await runner.cleanup()
            raise ConfigError(
                f"web port {self._port}: cannot listen on {HOST} ({_problem(error)}); expected a "
                "free port: choose another one, or end what uses it"
            ) from error
        self._runner = runner
        return int(runner.addresses[0][1])

    async def stop(self) -> None:
        """Stop listening."""
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


def _problem(error: Exception) -> str:
    strerror = error.strerror if isinstance(error, OSError) else None
    return strerror or str(error)
