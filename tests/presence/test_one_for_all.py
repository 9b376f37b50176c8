"""One listener's app, faulty or hostile, takes nobody else's word away, nor its listener's own."""

from __future__ import annotations

import asyncio
import json
import sys
import time
from collections.abc import Callable
from math import inf
from pathlib import Path

import pytest
from aiomqtt import Client
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties
from structlog.testing import capture_logs

from router.presence.gate import BURST_MESSAGES
from router.runtime import lost_words
from tests.presence.app import connection
from tests.presence.broker import Broker, password_of
from tests.presence.rig import Rig

pytestmark = pytest.mark.slow

Brokers = Callable[..., Broker]
TEAM = [f"l{number}" for number in range(10)]
ASK_AGAIN_SECONDS = 2.5
"""Sooner than ever, and yet not so often that the two words which the broker keeps of each listener
would be more than the gate lets in: one a second."""
TOPIC = "decroche/v1/listener/{}/{}"

FLOOD = """
import signal, sys
from paho.mqtt.client import CallbackAPIVersion, Client, MQTTv5

port, ca_file, password = sys.argv[1:]
client = Client(CallbackAPIVersion.VERSION2, client_id="anne", protocol=MQTTv5)
client.username_pw_set("anne", password)
client.tls_set(ca_file)
client.connect("127.0.0.1", int(port), 10)
client.on_connect = lambda *_: setattr(client, "there", True)
client.there = False
while not client.there:
    client.loop(0.1)
topic = b"decroche/v1/listener/anne/directory"
body = len(topic).to_bytes(2, "big") + topic + b"\\x00" + b"x"
many = (bytes([0x30, len(body)]) + body) * 400
link = client.socket()
link.setblocking(True)
print("begun", flush=True)
for _ in range(100):
    link.sendall(many)
signal.pause()
"""
"""It ends: else the slower the machine, the more of it would stand before the others' words."""


async def says(
    app: Client, listener: str, state: str, properties: Properties | None = None
) -> None:
    said = json.dumps({"state": state, "at": time.time()})
    await app.publish(TOPIC.format(listener, "state"), said, 1, retain=True, properties=properties)


async def is_ready(broker: Broker, listener: str) -> None:
    async with connection(broker, listener) as app:
        await says(app, listener, "ready")


@pytest.mark.parametrize("text", ["a\ufeffb", "\ufeff"])
def test_what_paho_takes_for_no_text_does_not_end_the_link(
    tmp_path: Path, brokers: Brokers, monkeypatch: pytest.MonkeyPatch, text: str
) -> None:
    async def scene() -> None:
        broker = brokers(["anne", "bruno"])
        odd = Properties(PacketTypes.PUBLISH)  # type: ignore[no-untyped-call]
        odd.UserProperty = ("x", text)
        async with Rig(tmp_path, broker, ["anne", "bruno"], monkeypatch) as site:
            with capture_logs() as logs:
                async with connection(broker, "anne") as anne, connection(broker, "bruno") as bruno:
                    await says(anne, "anne", "ready", odd)
                    await says(bruno, "bruno", "ready")
                    await site.until(lambda: site.duty("anne") == site.duty("bruno") == "on")
            assert "broker_lost" not in [line["event"] for line in logs]

    asyncio.run(scene())


def test_who_floods_has_nobody_elses_word_lost(
    tmp_path: Path, brokers: Brokers, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lost_words, "ASK_AGAIN_SECONDS", ASK_AGAIN_SECONDS)
    # However long it takes here to hear them all.
    monkeypatch.setattr(lost_words, "TELL_AGAIN_SECONDS", inf)

    async def scene() -> None:
        broker = brokers(["anne", *TEAM])
        async with Rig(tmp_path, broker, ["anne", *TEAM], monkeypatch) as site:
            words = (sys.executable, "-c", FLOOD, str(broker.port), str(broker.ca_file))
            flood = await asyncio.create_subprocess_exec(
                *words, password_of("anne"), stdout=asyncio.subprocess.PIPE
            )
            try:
                assert flood.stdout is not None
                assert await flood.stdout.readline()
                await site.until(lambda: site.refused("flood") > 0)
                await asyncio.gather(*(is_ready(broker, one) for one in TEAM))
            finally:
                flood.kill()
                await flood.wait()
            await site.until(
                lambda: all(site.duty(one) == "on" for one in TEAM),
                grows=lambda: site.refused("flood"),
            )

    with capture_logs() as logs:
        asyncio.run(scene())
    floods = [line["listener"] for line in logs if line["event"] == "app_floods"]
    assert floods == ["anne"], "it is told who, and not with each word"


def test_who_said_too_much_on_a_bad_network_is_heard_in_the_end(
    tmp_path: Path, brokers: Brokers, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lost_words, "ASK_AGAIN_SECONDS", ASK_AGAIN_SECONDS)

    async def scene() -> None:
        broker = brokers(["anne"])
        async with Rig(tmp_path, broker, ["anne"], monkeypatch) as site:
            async with connection(broker, "anne") as anne:
                await says(anne, "anne", "ready")
                await site.until(lambda: site.duty("anne") == "on")
                # All within a second, however slow the machine is.
                site.clock.stop()
                here = json.dumps({"online": True})
                for _ in range(BURST_MESSAGES):
                    await anne.publish(TOPIC.format("anne", "availability"), here, 1, retain=True)
                await site.until(lambda: site.refused("flood") == 1)
                await says(anne, "anne", "off")
                await site.until(lambda: site.refused("flood") > 1)
                assert site.duty("anne") == "on"
                site.clock.go_on()
            await site.until(lambda: site.duty("anne") == "off")

    asyncio.run(scene())
