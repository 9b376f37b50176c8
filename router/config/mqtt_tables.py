"""What the config file says of the broker through which listeners' apps speak, as plain data."""

from __future__ import annotations

from pathlib import Path

from router.config.fields import Host, Name, Port
from router.config.table import Table


class Mqtt(Table, frozen=True):
    """The broker. It is spoken with over TLS alone."""

    host: Host
    """As its certificate names it."""
    port: Port = 8883
    """Of the listener that speaks TLS."""
    username: Name = "decroche"
    """Ours; a listener's app has the listener's name."""
    password_file: Path | None = None
    """None: the credential `decroche.mqtt`, or the environment's DECROCHE_MQTT_SECRET."""
    ca_file: Path | None = None
    """Who has signed the broker's certificate; None: those whom the machine trusts."""
