"""The daemon itself, with a broker, on an emulated PBX."""

from __future__ import annotations

from simulations.demo.house import House
from simulations.demo.team import Listener
from tests.presence.broker import HOST, ROUTER, Broker, password_of

LINES: dict[str, dict[str, object]] = {
    "health": {"number": "0805232336", "skills": {"health": 2}, "ring_seconds": 10.0}
}
CARE = {"wrap_up_seconds": 1.0}


class PresenceHouse(House):
    """`async with PresenceHouse(listeners, broker) as house`. Nobody is on duty by a shift."""

    def __init__(self, listeners: list[Listener], broker: Broker) -> None:
        super().__init__(listeners, LINES, CARE)
        self._broker = broker

    def _write(self, ami_port: int) -> None:
        super()._write(ami_port)
        password = self._folder / "mqtt.secret"
        password.touch(mode=0o600)
        password.write_text(password_of(ROUTER))
        table = {
            "host": HOST,
            "port": self._broker.port,
            "password_file": "mqtt.secret",
            "ca_file": str(self._broker.ca_file),
        }
        lines = "\n".join(f"{key} = {value!r}" for key, value in table.items())
        config = self._folder / "c.toml"
        config.write_text(f"{config.read_text()}\n[mqtt]\n{lines}\n")
        people = self._folder / "listeners.toml"
        # One listener is there by shift, whose phone is off: without any, a config is refused.
        first, *others = people.read_text().split("[listeners.")[1:]
        absent = [one.replace('"always"', '"none"') for one in others]
        people.write_text("".join(f"[listeners.{one}" for one in (first, *absent)))
