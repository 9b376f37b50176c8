from __future__ import annotations

import asyncio
import socket

import aiohttp
import pytest
from prometheus_client import CONTENT_TYPE_LATEST

from router.errors import ConfigError
from router.observe.metrics import Metrics
from router.web import watcher
from router.web.server import Readiness, WebServer, check_port
from tests.web.held_port import HOST, held_port


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


def test_a_port_can_be_looked_at_before_another_daemon_is_superseded() -> None:
    async def check(port: int) -> None:
        first = server(port)
        await first.start()
        with pytest.raises(ConfigError, match=rf"web port {port}: .*in use"):
            check_port(port)
        await first.stop()
        check_port(port)

    with held_port() as port:
        asyncio.run(check(port))


def test_a_port_that_is_none_is_refused() -> None:
    with pytest.raises(ConfigError, match="web port 65536"):
        asyncio.run(server(65536).start())


def test_a_port_is_free_again_once_the_server_has_stopped() -> None:
    async def start_again(port: int) -> None:
        first = server(port)
        await first.start()
        await first.stop()
        await first.stop()
        second = server(port)
        assert await second.start() == port
        await second.stop()

    with held_port() as port:
        asyncio.run(start_again(port))


async def closed(reader: asyncio.StreamReader) -> bool:
    async with asyncio.timeout(30):
        return await reader.read() == b""


def test_connections_are_closed_at_once_that_there_is_no_room_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(watcher, "MOST_WATCHERS", 3)
    monkeypatch.setattr(watcher, "SILENT_SECONDS", 600.0)

    async def story() -> None:
        web = server()
        port = await web.start()
        held = [await asyncio.open_connection(HOST, port) for _ in range(4)]
        assert await closed(held[-1][0])
        assert all(not reader.at_eof() for reader, _ in held[:-1])
        for _, writer in held:
            writer.close()
        await web.stop()

    asyncio.run(story())


def test_connections_that_say_nothing_are_closed_and_make_room(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(watcher, "MOST_WATCHERS", 3)

    async def story() -> None:
        web = server()
        port = await web.start()
        with monkeypatch.context() as impatient:
            impatient.setattr(watcher, "SILENT_SECONDS", 0.2)
            held = [await asyncio.open_connection(HOST, port) for _ in range(3)]
            assert all([await closed(reader) for reader, _ in held])
        url = f"http://{HOST}:{port}/healthz"
        async with aiohttp.ClientSession() as session, session.get(url) as response:
            assert response.status == 200
        for _, writer in held:
            writer.close()
        await web.stop()

    asyncio.run(story())


def test_whoever_has_asked_may_go_on_being_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watcher, "SILENT_SECONDS", 0.2)
    ask = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n"

    async def story() -> None:
        web = server()
        port = await web.start()
        # What is asked lies there before the loop can take the connection, however slow it is.
        asking = socket.create_connection((HOST, port))
        asking.sendall(ask + b"\r\n")
        reader, writer = await asyncio.open_connection(sock=asking)
        assert (await reader.readline()).startswith(b"HTTP/1.1 200")
        silent, _ = await asyncio.open_connection(HOST, port)
        assert await closed(silent)
        writer.write(ask + b"Connection: close\r\n\r\n")
        assert (await reader.read()).count(b"HTTP/1.1 200") == 1
        writer.close()
        await web.stop()

    asyncio.run(story())
