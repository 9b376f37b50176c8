"""What was sent to a port of ours stands in no log, whatever is amiss with it."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable
from pathlib import Path

import pytest
import structlog

from router.web.control import SOCKET_NAME, ControlServer
from router.web.server import Readiness, WebServer

SECRET = "the-wallboards-own-token"
NUMBER = "639980001"

BAD = [
    f"GET / HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {SECRET}\r\r\n\r\n",
    f"GET / HTTP/1.1\r\nHost: localhost\r\nCookie: decroche-wallboard={SECRET}\x01\r\n\r\n",
    f"GET /{NUMBER} HTTP/9.9\r\n\r\n",
    f"POST /break HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n{NUMBER}zz\r\n",
]
FAILING = "POST /break HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n\r\n" + NUMBER


Streams = tuple[asyncio.StreamReader, asyncio.StreamWriter]


async def answer(opened: Awaitable[Streams], sent: str) -> bytes:
    reader, writer = await opened
    writer.write(sent.encode())
    async with asyncio.timeout(30):
        said = await reader.readline()
    writer.close()
    return said


def broken() -> bytes:
    raise KeyError(NUMBER)


async def break_at(body: bytes) -> bytes:
    raise KeyError(body)


async def asked_at_the_web_port(sent: str) -> bytes:
    web = WebServer(
        0,
        since_turn_seconds=lambda: 0.0,
        readiness=Readiness,
        render_metrics=broken,
    )
    port = await web.start()
    try:
        return await answer(asyncio.open_connection("127.0.0.1", port), sent)
    finally:
        await web.stop()


async def asked_at_the_control_socket(sent: str, folder: Path) -> bytes:
    server = ControlServer(folder, {"break": break_at})
    await server.start()
    try:
        return await answer(asyncio.open_unix_connection(folder / SOCKET_NAME), sent)
    finally:
        await server.stop()


@pytest.mark.parametrize("sent", BAD)
def test_what_cannot_be_read_is_refused_and_not_written_down(
    sent: str, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    assert b" 400 " in asyncio.run(asked_at_the_web_port(sent))
    assert b" 400 " in asyncio.run(asked_at_the_control_socket(sent, tmp_path))
    assert SECRET not in caplog.text
    assert NUMBER not in caplog.text


@pytest.mark.parametrize("at", ["web", "control"])
def test_of_a_request_that_fails_only_the_kind_of_error_is_told(
    at: str, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    with structlog.testing.capture_logs() as told:
        if at == "web":
            scrape = "GET /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n"
            said = asyncio.run(asked_at_the_web_port(scrape))
        else:
            said = asyncio.run(asked_at_the_control_socket(FAILING, tmp_path))
    assert said.startswith(b"HTTP/1.1 500")
    assert told == [{"event": "web_request_failed", "log_level": "error", "problem": "KeyError"}]
    assert NUMBER not in caplog.text
