"""Listeners' apps, as docs/mqtt.md has them: who has one takes calls on it, and keys nothing."""

from __future__ import annotations

import asyncio
import time
from asyncio import TaskGroup
from random import Random
from typing import Final

import msgspec
from aiomqtt import Client, Message, MqttError, Will

from router.core.events import Disposition
from router.presence.topics import ROUTER_AVAILABILITY, topic_of
from router.presence.words_in import (
    RETAINED,
    SHAPES,
    Accept,
    AnyMessage,
    Availability,
    Decline,
    Dispose,
    State,
)
from router.presence.words_out import SENT, Call, Offer, RouterAvailability
from simulations.demo.broker import Broker

HAVE_ONE: Final = ("anne", "chloe", "gaelle", "ines")

AGAIN_SECONDS: Final = 1.0
"""After a broker that was lost."""
ACCEPTED_AFTER_SECONDS: Final = (0.8, 1.8)
"""From picking up: the words that say what the call is."""
DECLINED_SHARE: Final = 0.05
SAID_SHARE: Final = 0.8
"""Of the talks, after which their listener says what they led to."""
SAID_AFTER_SECONDS: Final = 0.5
LED_TO: Final[tuple[Disposition, ...]] = ("orientation", "nothing_more")
READY_SECONDS: Final = (20.0, 60.0)
BREAK_SECONDS: Final = 6.0

_WORDS: Final = {shape: word for word, shape in SHAPES.items()}


class App:
    """One listener's app, and the listener before it."""

    def __init__(self, listener: str, broker: Broker, chance: Random) -> None:
        self._listener = listener
        self._broker = broker
        self._chance = chance
        self._state = State("ready", time.time())
        self._picked_up = ""
        """The offer whose words the listener hears."""
        self._offers, self._calls = (topic_of(listener, word) for word in ("offer", "call"))

    async def run(self) -> None:
        """Be there, and be there again whenever the broker was lost."""
        gone = msgspec.json.encode(Availability(online=False))
        will = Will(topic_of(self._listener, "availability"), gone, qos=1, retain=True)
        while True:
            try:
                async with self._broker.client(self._listener, will) as client:
                    await self._live(client)
            except* MqttError:
                pass
            await asyncio.sleep(AGAIN_SECONDS)

    async def _live(self, client: Client) -> None:
        topics = (ROUTER_AVAILABILITY, *(topic_of(self._listener, word) for word in SENT))
        await client.subscribe([(topic, 1) for topic in topics])
        await self._say_all(client)
        async with TaskGroup() as hands:
            hands.create_task(self._take_breaks(client))
            async for message in client.messages:
                self._hear(message, client, hands)

    def _hear(self, message: Message, client: Client, hands: TaskGroup) -> None:
        topic, payload = message.topic.value, message.payload
        assert isinstance(payload, bytes), "so it comes"
        # Beside the hearing: who waits for a broker's receipt does not notice its death.
        if topic == ROUTER_AVAILABILITY:
            if msgspec.json.decode(payload, type=RouterAvailability).online:
                hands.create_task(self._say_all(client))
        elif topic == self._offers:
            hands.create_task(self._answer(client, msgspec.json.decode(payload, type=Offer)))
        elif topic == self._calls:
            call = msgspec.json.decode(payload, type=Call)
            if call.state == "over" and self._chance.random() < SAID_SHARE:
                hands.create_task(self._say_what_it_led_to(client))

    async def _say_all(self, client: Client) -> None:
        """Say what a broker, or a router, that was away does not know."""
        await self._say(client, Availability(online=True))
        await self._say(client, self._state)

    async def _answer(self, client: Client, offer: Offer) -> None:
        self._picked_up = offer.offer if offer.state == "picked_up" else ""
        if offer.state == "ringing" and self._chance.random() < DECLINED_SHARE:
            await self._say(client, Decline(offer.offer, time.time()))
        elif offer.state == "picked_up":
            await asyncio.sleep(self._chance.uniform(*ACCEPTED_AFTER_SECONDS))
            if self._picked_up == offer.offer:
                await self._say(client, Accept(offer.offer, time.time()))

    async def _say_what_it_led_to(self, client: Client) -> None:
        await asyncio.sleep(SAID_AFTER_SECONDS)
        await self._say(client, Dispose(self._chance.choice(LED_TO), time.time()))

    async def _take_breaks(self, client: Client) -> None:
        while True:
            await asyncio.sleep(self._chance.uniform(*READY_SECONDS))
            await self._intend(client, State("pause", time.time(), "break"))
            await asyncio.sleep(BREAK_SECONDS)
            await self._intend(client, State("ready", time.time()))

    async def _intend(self, client: Client, state: State) -> None:
        self._state = state
        await self._say(client, state)

    async def _say(self, client: Client, said: AnyMessage) -> None:
        word = _WORDS[type(said)]
        topic, retain = topic_of(self._listener, word), word in RETAINED
        await client.publish(topic, msgspec.json.encode(said), qos=1, retain=retain)
