"""The secrets of a running daemon."""

from __future__ import annotations

from dataclasses import dataclass, field

from router.config import Settings
from router.config.secret import ami_secret, caller_secret, dialplan_secret


@dataclass(frozen=True)
class Secrets:
    """Read once at the start; never shown."""

    ami: str = field(repr=False)
    caller: bytes = field(repr=False)
    dialplan: bytes = field(repr=False)


def load_secrets(settings: Settings) -> Secrets:
    """Read all three.

    Raises
    ------
    ConfigError
        if one is missing, short or readable by others.

    """
    return Secrets(
        ami=ami_secret(settings).load().decode(errors="surrogateescape"),
        caller=caller_secret(settings).load(),
        dialplan=dialplan_secret(settings).load(),
    )
