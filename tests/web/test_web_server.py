from __future__ import annotations

import asyncio

import aiohttp
import pytest
from prometheus_client import CONTENT_TYPE_LATEST

from router.errors import ConfigError
from router.observe.metrics import Metrics
from router.web.server import Readiness, WebServer


def server(
    port: int = 0, since_turn_seconds: float = 0.0, readiness: Readiness | None = None
) -> WebServer:
    return WebServer(
        port,
        since_turn_seconds=lambda: since_turn_seconds,
        readiness=lambda: readiness or Readiness(),
        render_metrics=Metrics(version="0.1.0").render,
    )


def ask(web: WebServer, path: str) -> tuple[int, str, str]:
    async def get() -> tuple[int, str, str]:
        port = await web.start()
        url = f"http://127.0.0.1:{port}{path}"
        async with aiohttp.ClientSession() as session, session.get(url) as response:
            answer = response.status, response.headers["Content-Type"], await response.text()
        await web.stop()
        return answer

    return asyncio.run(get())


@pytest.mark.parametrize(("since_turn_seconds", "status"), [(0.0, 200), (5.0, 200), (5.1, 503)])
def test_a_daemon_is_healthy_as_long_as_its_loop_turns(
    since_turn_seconds: float, status: int
) -> None:
    assert ask(server(since_turn_seconds=since_turn_seconds), "/healthz")[0] == status


def test_a_daemon_that_can_route_calls_is_ready() -> None:
    status, _, body = ask(server(), "/readyz")
    assert (status, body) == (200, '{"ready": true, "reasons": [], "warnings": []}')


def test_a_daemon_that_cannot_route_calls_says_why() -> None:
    away = Readiness(reasons=("asterisk is not connected", "no policy is loaded"))
    status, _, body = ask(server(readiness=away), "/readyz")
    assert status == 503
    assert '"reasons": ["asterisk is not connected", "no policy is loaded"]' in body


def test_a_lost_journal_is_a_warning_and_calls_are_still_routed() -> None:
    lame = Readiness(warnings=("the journal is down",))
    status, _, body = ask(server(readiness=lame), "/readyz")
    assert status == 200
    assert '"warnings": ["the journal is down"]' in body


def test_prometheus_gets_what_it_asks_for() -> None:
    status, content_type, body = ask(server(), "/metrics")
    assert (status, content_type) == (200, CONTENT_TYPE_LATEST)
    assert 'decroche_build_info{version="0.1.0"} 1.0' in body


def test_a_port_that_is_taken_is_refused_by_its_number() -> None:
    async def take_twice() -> None:
        first = server()
        port = await first.start()
        with pytest.raises(ConfigError, match=rf"web port {port}: .*in use.*choose another"):
            await server(port).start()
        await first.stop()

    asyncio.run(take_twice())


def test_a_port_that_is_none_is_refused() -> None:
    with pytest.raises(ConfigError, match="web port 65536"):
        asyncio.run(server(65536).start())


def test_a_port_is_free_again_once_the_server_has_stopped() -> None:
    async def start_again() -> None:
        first = server()
        port = await first.start()
        await first.stop()
        await first.stop()
        second = server(port)
        assert await second.start() == port
        await second.stop()

    asyncio.run(start_again())
