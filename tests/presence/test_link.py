from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import aiomqtt
import pytest
from structlog.testing import capture_logs

from router.presence import link, queue
from router.presence.client import Client
from router.presence.link import LONGEST_RETRY_SECONDS, Broker, Link
from tests.presence.broker import PATIENCE_SECONDS
from tests.tasks import end
from tests.testbed.testbed import free_port


def said_by(listener: str) -> aiomqtt.Message:
    topic = f"decroche/v1/listener/{listener}/state"
    return aiomqtt.Message(topic, b"", 0, retain=False, mid=1, properties=None)


def link_to(port: int, unsent: list[None], jitter: Callable[[], float] = lambda: 0.0) -> Link:
    return Link(
        Broker("127.0.0.1", port, "decroche", "a password that nobody is shown", None),
        on_message=lambda *_: None,
        on_change=lambda _: None,
        on_unsent=lambda: unsent.append(None),
        jitter=jitter,
    )


def is_held(connection: socket.socket) -> bool:
    """Say whether the other end has not hung up yet."""
    connection.settimeout(0.0)
    try:
        while connection.recv(4096):
            """What is left of its first words."""
    except BlockingIOError:
        return True
    return False


def test_what_comes_on_top_of_a_full_queue_is_counted_and_thrown_away(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(queue.BoundedQueue, "thrown_away", 0)
    full = queue.BoundedQueue()
    for number in range(queue.MOST_MESSAGES + 3):
        full.put_nowait(said_by(f"l{number}"))
    assert full.qsize() == queue.MOST_MESSAGES
    assert queue.BoundedQueue.thrown_away == 3


def test_one_listener_fills_nobody_elses_place(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queue.BoundedQueue, "thrown_away", 0)
    waiting = queue.BoundedQueue()
    for _ in range(queue.MOST_OF_ONE + 7):
        waiting.put_nowait(said_by("mallory"))
    waiting.put_nowait(said_by("anne"))
    assert (waiting.qsize(), queue.BoundedQueue.thrown_away) == (queue.MOST_OF_ONE + 1, 7)
    waiting.get_nowait()
    waiting.put_nowait(said_by("mallory"))
    assert queue.BoundedQueue.thrown_away == 7


def test_without_a_link_words_are_counted_and_never_sent_later() -> None:
    unsent: list[None] = []
    alone = link_to(free_port(), unsent)
    for _ in range(3):
        alone.send("a/topic", b"{}", 30)
    alone.ask_again()
    assert len(unsent) == 3


def test_a_broker_that_is_none_is_tried_again_and_its_password_is_in_no_log() -> None:
    async def scene() -> list[str]:
        async def hang_up(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            attempts.append("")
            if len(attempts) > 1:
                again.set()
            writer.write(b"220 this is a mail server\r\n")
            writer.close()

        attempts: list[str] = []
        again = asyncio.Event()
        server = await asyncio.start_server(hang_up, "127.0.0.1", 0, family=socket.AF_INET)
        refused = link_to(server.sockets[0].getsockname()[1], [])
        running = asyncio.create_task(refused.run())
        async with asyncio.timeout(PATIENCE_SECONDS):
            await again.wait()
        assert not running.done()
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
        server.close()
        return attempts

    with capture_logs() as logs:
        assert len(asyncio.run(scene())) == 2
    assert logs[0]["event"] == "broker_lost"
    assert "password" not in str(logs)


def test_a_broker_is_tried_again_within_four_seconds_however_long_it_was_away() -> None:
    async def scene() -> None:
        def no_wait() -> float:
            if len(logs) == 8:
                enough.set()
            return -1.0

        enough = asyncio.Event()
        running = asyncio.create_task(link_to(free_port(), [], jitter=no_wait).run())
        async with asyncio.timeout(PATIENCE_SECONDS):
            await enough.wait()
        await end(running)

    with capture_logs() as logs:
        asyncio.run(scene())
    again = [line["again_in_seconds"] for line in logs if line["event"] == "broker_lost"]
    assert again[:3] == [0.5, 1.0, 2.0]
    assert set(again[3:]) == {LONGEST_RETRY_SECONDS} == {4.0}


def test_a_link_that_is_closed_while_the_broker_is_away_is_not_made_anew() -> None:
    async def scene() -> None:
        away = link_to(free_port(), [])
        running = asyncio.create_task(away.run())
        await away.close()
        async with asyncio.timeout(PATIENCE_SECONDS):
            await running

    asyncio.run(scene())


def test_a_broker_that_takes_the_connection_and_says_nothing_keeps_nobody_from_leaving(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    class PatientClient(Client):
        """Gives up later than paho's do, for which a slow machine may have waited: 5 s."""

        def __init__(self, *args: Any, **more: Any) -> None:
            super().__init__(*args, **more)
            monkeypatch.setattr(self._client, "_connect_timeout", PATIENCE_SECONDS)

    monkeypatch.setattr(link, "Client", PatientClient)

    async def scene(silent: socket.socket) -> socket.socket:
        running = asyncio.create_task(link_to(silent.getsockname()[1], []).run())
        async with asyncio.timeout(PATIENCE_SECONDS):
            connected, _ = await asyncio.get_running_loop().sock_accept(silent)
            # It has begun with TLS, and waits for an answer.
            await asyncio.get_running_loop().sock_recv(connected, 1)
        running.cancel()
        return connected

    with socket.create_server(("127.0.0.1", 0)) as silent:
        silent.settimeout(0.0)
        with asyncio.run(scene(silent)) as connected:
            # It would give up in the end: nobody has waited for that.
            assert is_held(connected)


def test_a_name_server_that_says_nothing_keeps_nobody_from_leaving(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked, ended, answered = threading.Event(), threading.Event(), threading.Event()

    def find(*_args: object, **_more: object) -> None:
        asked.set()
        ended.wait(PATIENCE_SECONDS)
        answered.set()
        raise OSError("no such name")

    async def scene() -> None:
        running = asyncio.create_task(link_to(1, []).run())
        assert await asyncio.to_thread(asked.wait, PATIENCE_SECONDS)
        running.cancel()

    monkeypatch.setattr(socket, "getaddrinfo", find)
    asyncio.run(scene())
    assert not answered.is_set()
    ended.set()
    assert answered.wait(PATIENCE_SECONDS)


def test_the_password_of_a_broker_is_not_shown() -> None:
    broker = Broker("broker.example", 8883, "decroche", "hush", Path("ca.crt"))
    assert "hush" not in repr(broker)
