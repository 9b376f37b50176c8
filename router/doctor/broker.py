"""Whether the broker of listeners' apps lets us in."""

from __future__ import annotations

import asyncio
import re
from typing import Final

from aiomqtt import Client, MqttCodeError, MqttError, ProtocolVersion

from router.config.mqtt import mqtt_secret
from router.config.mqtt_tables import Mqtt
from router.doctor.finding import Verdict, fail, fine, skip
from router.doctor.page import page_of
from router.errors import ConfigError
from router.presence.link import Broker

ANSWER_SECONDS = 3.0
"""A broker takes milliseconds; a look should be over before whoever ran it gives up."""

_LOGGED_IN: Final = re.compile(rb'^decroche_broker_connected\{[^}]*"mqtt"[^}]*\} 1', re.MULTILINE)


def check_broker(mqtt: Mqtt, web_port: int) -> Verdict:
    """Log in as the daemon does, unless one that runs has: two of one name part each other."""
    where = f"{mqtt.host}:{mqtt.port}"
    if _LOGGED_IN.search(page_of(web_port, "/metrics") or b""):
        return fine(f"the daemon that runs is logged in at {where}")
    try:
        password = mqtt_secret(mqtt).load().decode(errors="surrogateescape")
    except ConfigError:
        return skip("we have no MQTT secret", "see secrets")
    broker = Broker(mqtt.host, mqtt.port, mqtt.username, password, mqtt.ca_file)
    try:
        asyncio.run(_log_in(broker))
    except MqttCodeError as error:
        return fail(
            f"{where}: refused as {mqtt.username}: {error}",
            f"give {mqtt.username} our MQTT secret there, by mosquitto_passwd, and have it read it",
        )
    except (MqttError, OSError, ValueError) as error:
        return fail(
            f"{where}: {error}",
            "start the broker, or correct host, as its certificate names it, and ca_file in [mqtt]",
        )
    return fine(f"as {mqtt.username} at {where}")


async def _log_in(broker: Broker) -> None:
    async with Client(
        broker.host,
        broker.port,
        username=broker.username,
        password=broker.password,
        identifier=broker.username,
        protocol=ProtocolVersion.V5,
        clean_start=True,
        timeout=ANSWER_SECONDS,
        tls_context=broker.tls(),
    ):
        """Nothing is asked: to be let in is all."""
