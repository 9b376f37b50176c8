"""The broker: who may say what there, and what happens when it, or an app, is gone."""

from __future__ import annotations

import asyncio
import os
import signal
import ssl
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Literal

import pytest
from aiomqtt import Client, MqttCodeError, ProtocolVersion
from paho.mqtt import client as paho
from paho.mqtt.enums import CallbackAPIVersion, MQTTProtocolVersion
from structlog.testing import capture_logs

from router.core.events import ListenerCameOn
from router.presence import link
from router.presence.client import Client as LinkClient
from router.presence.topics import ROUTER_AVAILABILITY
from router.presence.words_out import Brief, Offer
from tests.presence.app import KEEPALIVE_SECONDS, App, connection
from tests.presence.broker import CONFIG, HOST, PATIENCE_SECONDS, ROUTER, Broker, password_of
from tests.presence.rig import Rig

pytestmark = pytest.mark.slow

MakeRig = Callable[[], Rig]

UNKNOWN_WITHIN_SECONDS = 20.0
OF_KEEPALIVE = 1.5
"""So much of it may pass without a word of an app: MQTT-3.1.2-22."""
LOOKS_AFTER_SECONDS = 6.0
"""At the latest then does mosquitto see that it has: it looks each 5 s, by whole seconds."""

FROZEN = """
import asyncio, sys
from pathlib import Path
from tests.presence import app
from tests.presence.app import App
from tests.presence.broker import Broker
app.KEEPALIVE_SECONDS = 4
async def main():
    broker = Broker.__new__(Broker)
    broker.port, broker.ca_file = int(sys.argv[1]), Path(sys.argv[2])
    async with App(broker, "anne") as anne:
        await asyncio.Event().wait()
asyncio.run(main())
"""


def test_a_listener_cannot_write_anothers_topic_nor_the_routers(
    broker: Broker, rig: MakeRig
) -> None:
    async def scene() -> None:
        async with rig() as site, connection(broker, "bruno") as bruno:
            at = time.time()
            ready = f'{{"state": "ready", "at": {at}}}'
            for topic in (
                "decroche/v1/listener/anne/state",
                "decroche/v1/listener/anne/offer",
                "decroche/v1/listener/bruno/refused",
                "decroche/v1/router/availability",
                "decroche/v1/listener/bruno/state",
            ):
                await bruno.publish(topic, ready, qos=1)
            await site.until(lambda: site.told)
            # The last came after all of the others.
            assert site.told == [ListenerCameOn("bruno", at)]

    asyncio.run(scene())


def test_a_listener_hears_no_other_listeners_calls(broker: Broker, rig: MakeRig) -> None:
    async def scene() -> None:
        async with rig() as site, App(broker, "anne") as anne, connection(broker, "bruno") as bruno:
            await bruno.subscribe([("decroche/v1/listener/+/offer", 1), ("#", 1)])
            site.step(ListenerCameOn("anne"))
            await anne.until_told("offer", offer=site.ring())
            await bruno.publish("decroche/v1/listener/bruno/availability", '{"online": true}')
            async with asyncio.timeout(PATIENCE_SECONDS):
                heard = await anext(bruno.messages)
                while heard.topic.value == "decroche/v1/router/availability":
                    heard = await anext(bruno.messages)
            assert heard.topic.value == "decroche/v1/listener/bruno/availability"

    asyncio.run(scene())


def test_nobody_is_let_in_without_a_password_or_without_tls(broker: Broker) -> None:
    async def attempt(username: str | None, password: str | None) -> None:
        trusted = ssl.create_default_context(cafile=broker.ca_file)
        async with Client(
            HOST,
            broker.port,
            username=username,
            password=password,
            protocol=ProtocolVersion.V5,
            timeout=PATIENCE_SECONDS,
            tls_context=trusted,
        ):
            pass

    for username, password in ((None, None), ("anne", "a guess")):
        with pytest.raises(MqttCodeError, match="Not authorized"):
            asyncio.run(attempt(username, password))
    assert not is_let_in_without_tls(broker, "anne")


def is_let_in_without_tls(broker: Broker, user: str) -> bool:
    def is_in(*_: object) -> None:
        let_in.append(True)
        client.disconnect()

    let_in: list[bool] = []
    client = paho.Client(
        CallbackAPIVersion.VERSION2, protocol=MQTTProtocolVersion.MQTTv5, reconnect_on_failure=False
    )
    client.username_pw_set(user, password_of(user))
    client.on_connect = is_in
    client.connect(HOST, broker.port)
    # Until one of the two hangs up.
    client.loop_forever()
    return bool(let_in)


def test_nobody_takes_the_routers_place_by_its_client_id(broker: Broker, rig: MakeRig) -> None:
    async def scene() -> None:
        async with rig() as site:
            bruno = connection(broker, "bruno")
            bruno._client._client_id = ROUTER.encode()
            with capture_logs() as logs:
                async with bruno, App(broker, "anne") as anne:
                    await anne.say_state("ready", time.time())
                    await site.until(lambda: site.duty("anne") == "on")
            assert "broker_lost" not in [line["event"] for line in logs]

    asyncio.run(scene())


def test_all_goes_on_without_the_broker_and_is_right_again_when_it_is_back(
    broker: Broker, rig: MakeRig
) -> None:
    async def scene() -> None:
        async with rig() as site, App(broker, "anne") as anne, App(broker, "bruno") as bruno:
            await anne.say_state("ready", time.time())
            await bruno.say_state("ready", time.time())
            await site.until(lambda: site.duty("anne") == site.duty("bruno") == "on")
            broker.kill()
            await site.until(lambda: not site.figure("decroche_broker_connected", protocol="mqtt"))
            assert site.figure("decroche_presence_apps", state="unknown") == 2
            assert site.duty("anne") == "on"
            unsent = site.figure("decroche_presence_unsent_total")
            assert site.ring()
            assert site.figure("decroche_presence_unsent_total") > unsent
            await anne.until(lambda: not anne.connected, "the app to notice")
            await anne.say_state("pause", time.time())
            broker.start()
            await site.until(lambda: site.duty("anne") == "paused")
            await site.until(lambda: site.figure("decroche_presence_apps", state="online") == 2)
            assert site.duty("bruno") == "on"

    asyncio.run(scene())


def test_a_router_that_goes_just_as_the_broker_lets_it_in_does_not_say_that_it_is_there(
    broker: Broker, rig: MakeRig, monkeypatch: pytest.MonkeyPatch
) -> None:
    class LetInLate(LinkClient):
        async def subscribe(self, *words: Any, **more: Any) -> Any:
            await site.part.close()
            return await super().subscribe(*words, **more)

    async def scene() -> None:
        async with App(broker, "anne") as anne:
            async with asyncio.timeout(PATIENCE_SECONDS):
                await site.part.run(site.engine)
            async with connection(broker, ROUTER) as router:
                await router.publish(ROUTER_AVAILABILITY, '{"online": false}', qos=1)
            await anne.until_told("router")
            assert anne.told("router") == [{"online": False}]

    monkeypatch.setattr(link, "Client", LetInLate)
    site = rig()
    asyncio.run(scene())


def test_every_phone_of_a_large_house_may_ring_and_each_app_is_told_in_order(
    tmp_path: Path, brokers: Callable[..., Broker], monkeypatch: pytest.MonkeyPatch
) -> None:
    # It is about how many are under way at once, and not about how soon they all are received.
    monkeypatch.setattr(link, "ANSWER_SECONDS", PATIENCE_SECONDS)

    async def scene() -> None:
        broker = brokers(["l0", "l999"])
        names = [f"l{number}" for number in range(1_000)]
        async with Rig(tmp_path, broker, names, monkeypatch) as site, App(broker, "l999") as last:
            brief = Brief("carers", "caller", known_caller=False)
            states: tuple[Literal["ringing", "picked_up", "over"], ...]
            states = ("ringing", "picked_up", "over")
            for state in states:
                for name in names:
                    site.part._send(name, Offer(f"dcr-{name}", state, time.time(), brief))
            await last.until_told("offer", state="over")
            told = [one["state"] for one in last.told("offer")]
            assert told == ["ringing", "picked_up", "over"]
            assert site.figure("decroche_presence_unsent_total") == 0

    asyncio.run(scene())


@pytest.mark.slow
def test_a_frozen_app_turns_its_listener_to_unknown_and_takes_nobody_off_duty(
    broker: Broker, rig: MakeRig
) -> None:
    async def scene() -> None:
        async with rig() as site:
            words = [sys.executable, "-c", FROZEN, str(broker.port), str(broker.ca_file)]
            app = await asyncio.create_subprocess_exec(*words)
            try:
                await site.until(lambda: site.figure("decroche_presence_apps", state="online"))
                site.step(ListenerCameOn("anne"))
                os.kill(app.pid, signal.SIGSTOP)
                async with asyncio.timeout(UNKNOWN_WITHIN_SECONDS):
                    await site.until(lambda: site.figure("decroche_presence_apps", state="unknown"))
                assert site.duty("anne") == "on"
                await site.until(lambda: site.engine.state.listeners["anne"].unheard)
            finally:
                app.kill()
                await app.wait()

    asyncio.run(scene())


def test_an_app_as_we_ask_for_it_is_missed_as_soon_as_is_promised() -> None:
    page = (CONFIG.parents[1] / "docs/mqtt.md").read_text(encoding="utf-8")
    assert f"Keep-alive {KEEPALIVE_SECONDS} s" in page
    assert OF_KEEPALIVE * KEEPALIVE_SECONDS + LOOKS_AFTER_SECONDS < UNKNOWN_WITHIN_SECONDS


def test_a_broker_that_is_restarted_in_good_order_makes_no_app_unheard(
    broker: Broker, rig: MakeRig
) -> None:
    async def scene() -> None:
        async with rig() as site, App(broker, "anne") as anne, App(broker, "bruno"):
            at = time.time()
            await anne.say_state("ready", at)
            await site.until(lambda: site.figure("decroche_presence_apps", state="online") == 2)
            await asyncio.to_thread(broker.stop)
            await site.until(lambda: not site.figure("decroche_broker_connected", protocol="mqtt"))
            broker.start()
            await site.until(lambda: site.figure("decroche_presence_apps", state="online") == 2)
            assert site.told == [ListenerCameOn("anne", at)]

    asyncio.run(scene())
