"""What does not fit together in what the config says of the broker, and where its password is."""

from __future__ import annotations

from collections.abc import Container

from router.config.mqtt_tables import Mqtt
from router.config.reader import Reader
from router.config.secret import Secret


def check_mqtt(mqtt: Mqtt, listeners: Container[str], reader: Reader) -> None:
    """Put on the list what is wrong with the broker's table."""
    if mqtt.username in listeners:
        reader.complain("mqtt.username", f"a listener is named {mqtt.username!r}: take another")


def mqtt_secret(mqtt: Mqtt) -> Secret:
    """Tell where our password at the broker is."""
    return Secret("MQTT secret", "DECROCHE_MQTT_SECRET", mqtt.password_file, 12)
