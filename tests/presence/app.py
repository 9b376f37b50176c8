"""A listener's app, as somebody would write it: its will, its birth, and what it says and hears."""

from __future__ import annotations

import asyncio
import contextlib
import json
import ssl
import time
from collections.abc import Callable
from functools import cache
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from aiomqtt import Client, MqttError, ProtocolVersion, Will

from tests.presence.broker import HOST, PATIENCE_SECONDS, Broker, password_of
from tests.tasks import end

KEEPALIVE_SECONDS = 8
"""As docs/mqtt.md has it."""


def connection(broker: Broker, user: str, will: Will | None = None) -> Client:
    """Give a client that may log in as this user."""
    return Client(
        HOST,
        broker.port,
        username=user,
        password=password_of(user),
        identifier=user,
        protocol=ProtocolVersion.V5,
        keepalive=KEEPALIVE_SECONDS,
        timeout=PATIENCE_SECONDS,
        tls_context=_trusting(broker.ca_file),
        will=will,
    )


@cache
def _trusting(ca_file: Path) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=ca_file)


class App:
    """`async with App(broker, "anne") as anne`. It says again what it has said at each birth."""

    def __init__(self, broker: Broker, listener: str, retry_seconds: float = 0.2) -> None:
        self._retry_seconds = retry_seconds
        self.heard: list[tuple[str, Any]] = []
        """Last levels of the topic, and payload."""
        self.state: dict[str, object] | None = None
        self._broker = broker
        self._base = f"decroche/v1/listener/{listener}"
        self._listener = listener
        self._client: Client | None = None
        self._changed = asyncio.Event()
        self._running: asyncio.Task[None] | None = None
        self._answer: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        self._running = asyncio.create_task(self._run())
        await self.until(lambda: self._client is not None, "the app to be connected")
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        assert self._running is not None
        await end(self._running)
        self._answer_no_more()

    @property
    def connected(self) -> bool:
        return self._client is not None

    async def say_state(self, state: str, at: float, **more: object) -> None:
        """Say what the listener wants; kept for the next birth, too."""
        self.state = {"state": state, "at": at, **more}
        if self._client is not None:
            await self.say("state", **self.state)

    async def say(self, word: str, **fields: object) -> None:
        assert self._client is not None
        topic, retain = f"{self._base}/{word}", word in ("state", "availability")
        await self._client.publish(topic, json.dumps(fields), qos=1, retain=retain)

    async def until(self, holds: Callable[[], object], what: str) -> None:
        """Wait for something that what is heard makes true."""
        try:
            async with asyncio.timeout(PATIENCE_SECONDS):
                while not holds():
                    self._changed.clear()
                    await self._changed.wait()
        except TimeoutError:
            raise AssertionError(f"waited for {what}; heard {self.heard}") from None

    async def until_told(self, word: str, /, **fields: object) -> dict[str, Any]:
        """Wait to be told this, and give the whole of it."""
        await self.until(lambda: self.told(word, **fields), f"{word} with {fields}")
        return self.told(word, **fields)[0]

    async def until_all_is_told(self) -> None:
        """Wait for all that this app was told before: what an app is told comes in order."""
        await self.say("directory", request="last", department="69", at=time.time())
        await self.until_told("directory/answer", request="last")

    def told(self, word: str, /, **fields: object) -> list[dict[str, Any]]:
        return [
            payload
            for topic, payload in self.heard
            if topic == word and fields.items() <= payload.items()
        ]

    async def _run(self) -> None:
        will = Will(f"{self._base}/availability", '{"online": false}', qos=1, retain=True)
        while True:
            try:
                async with connection(self._broker, self._listener, will) as client:
                    words = ("offer", "call", "wake", "directory/answer", "refused")
                    topics = [f"{self._base}/{word}" for word in words]
                    await client.subscribe(
                        [(one, 1) for one in ("decroche/v1/router/availability", *topics)]
                    )
                    self._client = client
                    await self.say_again()
                    self._changed.set()
                    async for message in client.messages:
                        self._hear(message.topic.value, message.payload)
            except MqttError:
                self._client = None
                self._answer_no_more()
                self._changed.set()
                await _a_moment(self._retry_seconds)

    def _hear(self, topic: str, payload: object) -> None:
        assert isinstance(payload, bytes)
        said = json.loads(payload)
        if topic == "decroche/v1/router/availability":
            word = "router"
            if said["online"]:
                # Beside the hearing: who waits for a broker's receipt does not notice its death.
                self._answer_no_more()
                self._answer = asyncio.create_task(self._answer_birth())
        else:
            word = topic.removeprefix(f"{self._base}/")
        self.heard.append((word, said))
        self._changed.set()

    async def _answer_birth(self) -> None:
        with contextlib.suppress(MqttError):
            await self.say_again()

    def _answer_no_more(self) -> None:
        if self._answer is not None:
            self._answer.cancel()

    async def say_again(self) -> None:
        """Say all that a birth is answered by."""
        await self.say("availability", online=True)
        if self.state is not None:
            await self.say("state", **self.state)


async def _a_moment(seconds: float) -> None:
    """Let some time pass before the next attempt, as any client does."""
    never = asyncio.Event()
    try:
        async with asyncio.timeout(seconds):
            await never.wait()
    except TimeoutError:
        return
