"""The link to the broker: made anew, for ever, whenever it is lost. Routing never waits for it."""

from __future__ import annotations

import asyncio
import contextlib
import ssl
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import aiomqtt
import msgspec
import structlog
from aiomqtt import MqttCodeError, MqttError, ProtocolVersion, Will
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties

from router.presence.client import Client
from router.presence.paho_text import read_as_the_standard_has_it
from router.presence.queue import BoundedQueue
from router.presence.topics import ROUTER_AVAILABILITY, subscriptions
from router.presence.words_out import RouterAvailability

log = structlog.get_logger(__name__)

KEEPALIVE_SECONDS: Final = 10
"""A broker takes half as long again to miss us, and our will then tells the apps."""
FIRST_RETRY_SECONDS: Final = 0.5
LONGEST_RETRY_SECONDS: Final = 4.0
"""A broker that is back is found well within 30 s."""
ANSWER_SECONDS: Final = 5.0
"""For the broker to answer anything."""
GOODBYE_SECONDS: Final = 1.0
"""Nothing that the callers need waits for the broker at the end."""
MOST_ATTEMPTS: Final = 12
"""To have the broker tell again what it keeps: a minute long."""
LARGEST_PACKET_BYTES: Final = 8_192
"""Larger ones, the broker keeps to itself; those from what we take to this are counted."""
MOST_UNSENT: Final = 5_000
"""Every phone of a large house rings, and falls silent, at once. Beyond so many under way the
broker is too slow, and a word to an app comes too late."""

_BIRTH: Final = msgspec.json.encode(RouterAvailability(online=True))
_WILL: Final = msgspec.json.encode(RouterAvailability(online=False))


@dataclass(frozen=True)
class Broker:
    """Where the broker is, and who we are there."""

    host: str
    port: int
    username: str
    password: str = field(repr=False)
    ca_file: Path | None
    """None: those that the machine trusts."""

    def tls(self) -> ssl.SSLContext:
        """Give what the broker's certificate is checked by.

        Raises
        ------
        OSError
            if the file cannot be read, or holds no certificates.

        """
        return ssl.create_default_context(cafile=self.ca_file)


class Link:
    """`run` holds the link; `on_message` is told topic, payload, and whether it was retained."""

    def __init__(
        self,
        broker: Broker,
        *,
        on_message: Callable[[str, bytes, bool], None],
        on_change: Callable[[bool], None],
        on_unsent: Callable[[], None],
        jitter: Callable[[], float],
    ) -> None:
        self._broker = broker
        self._on_message = on_message
        self._on_change = on_change
        self._on_unsent = on_unsent
        self._jitter = jitter
        read_as_the_standard_has_it()
        self._client: Client | None = None
        self._sending: set[asyncio.Task[None]] = set()
        self._leaves = False

    async def run(self) -> None:
        """Hold the link until it is closed."""
        retry_seconds = FIRST_RETRY_SECONDS
        while not self._leaves:
            try:
                async with await self._new_client() as client:
                    retry_seconds = FIRST_RETRY_SECONDS
                    await self._serve(client)
            except (MqttError, OSError, ValueError) as error:
                # paho raises these of its own for what it cannot connect to.
                log.warning("broker_lost", problem=str(error), again_in_seconds=retry_seconds)
            except Exception:
                # Whatever a broker makes the library raise: calls are routed, it is tried again.
                log.exception("broker_link_broke", again_in_seconds=retry_seconds)
            await asyncio.sleep(retry_seconds * (0.5 + self._jitter() / 2))
            retry_seconds = min(retry_seconds * 2, LONGEST_RETRY_SECONDS)

    async def close(self) -> None:
        """Tell the apps that we go: who leaves in good order has no will."""
        self._leaves = True
        client, self._client = self._client, None
        if client is not None:
            with contextlib.suppress(MqttError):
                await client.publish(
                    ROUTER_AVAILABILITY, _WILL, qos=1, retain=True, timeout=GOODBYE_SECONDS
                )

    def ask_again(self) -> None:
        """Have the broker tell again all that it keeps: somebody is to be heard from now on."""
        if self._client is not None:
            self._begin(self._subscribe(self._client))

    def send(self, topic: str, payload: bytes, expiry_seconds: int) -> None:
        """Publish, in the order of the calls; what cannot go out now is never sent later."""
        if self._client is None or len(self._sending) >= MOST_UNSENT:
            self._on_unsent()
            return
        self._begin(self._publish(self._client, topic, payload, expiry_seconds))

    def _begin(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._sending.add(task)
        task.add_done_callback(self._sending.discard)

    async def _new_client(self) -> Client:
        tls_context = await asyncio.to_thread(self._broker.tls)
        properties = Properties(PacketTypes.CONNECT)  # type: ignore[no-untyped-call]
        properties.MaximumPacketSize = LARGEST_PACKET_BYTES
        client = Client(
            self._broker.host,
            self._broker.port,
            username=self._broker.username,
            password=self._broker.password,
            # The same for each life: the broker ends the one before, and with it its will.
            identifier=self._broker.username,
            protocol=ProtocolVersion.V5,
            clean_start=True,
            properties=properties,
            will=Will(ROUTER_AVAILABILITY, _WILL, qos=1, retain=True),
            keepalive=KEEPALIVE_SECONDS,
            timeout=ANSWER_SECONDS,
            tls_context=tls_context,
            queue_type=BoundedQueue,
            max_queued_outgoing_messages=MOST_UNSENT,
        )
        # Below it nothing is amiss, and it would be logged with each word.
        client.pending_calls_threshold = MOST_UNSENT
        return client

    async def _serve(self, client: Client) -> None:
        await client.subscribe([(topic, 1) for topic in subscriptions()])
        if self._leaves:
            # Our goodbye is behind us: for the apps, we would now be there for ever.
            return
        self._client = client
        self._on_change(True)  # noqa: FBT003 - it is what the link now is
        log.info("broker_up", host=self._broker.host, port=self._broker.port)
        try:
            await client.publish(ROUTER_AVAILABILITY, _BIRTH, qos=1, retain=True)
            async for message in client.messages:
                self._hear(message)
        finally:
            self._client = None
            self._on_change(False)  # noqa: FBT003 - likewise

    async def _subscribe(self, client: Client) -> None:
        for _ in range(MOST_ATTEMPTS):
            try:
                await client.subscribe([(topic, 1) for topic in subscriptions()])
            except MqttCodeError:
                # A link that is lost meanwhile is made anew, and then all of it is told.
                return
            except MqttError:
                # No answer in time: behind a flood it comes late, and so did what is kept.
                continue
            return

    def _hear(self, message: aiomqtt.Message) -> None:
        payload = message.payload if isinstance(message.payload, bytes) else b""
        self._on_message(message.topic.value, payload, bool(message.retain))

    async def _publish(
        self, client: Client, topic: str, payload: bytes, expiry_seconds: int
    ) -> None:
        properties = Properties(PacketTypes.PUBLISH)  # type: ignore[no-untyped-call]
        properties.MessageExpiryInterval = expiry_seconds
        try:
            await client.publish(topic, payload, qos=1, properties=properties)
        except MqttError:
            self._on_unsent()
