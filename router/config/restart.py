"""Which keys of the main file a reload leaves as they were at the start."""

from __future__ import annotations

from typing import Final

from router.config.settings import Settings

WANT_A_RESTART: Final = (
    "asterisk.host",
    "asterisk.port",
    "asterisk.username",
    "asterisk.secret_file",
    "store",
    "secrets",
    "web",
    "log",
    "api.port",
    "mqtt",
)
"""A table's name stands for all that is in it."""


def wants_a_restart(key: str) -> bool:
    """Say whether a dotted key is one of these, or stands in a table that is."""
    return any(f"{key}.".startswith(f"{one}.") for one in WANT_A_RESTART)


def waiting_for_a_restart(begun_with: Settings, read: Settings) -> list[str]:
    """Name those of these keys that were read otherwise than at the start."""
    return [key for key in WANT_A_RESTART if _value(begun_with, key) != _value(read, key)]


def _value(settings: Settings, key: str) -> object:
    value: object = settings
    for part in key.split("."):
        value = getattr(value, part, None)
    return value
