"""The secrets of a running daemon."""

from __future__ import annotations

from dataclasses import dataclass, field

from router.ami.link import Account
from router.config import Settings
from router.config.secret import (
    ami_secret,
    caller_secret,
    dialplan_secret,
    master_secrets,
    vault_secret,
    wallboard_secret,
)
from router.store.master_keys import MasterKeys


@dataclass(frozen=True)
class Secrets:
    """Read once at the start; never shown."""

    ami: str = field(repr=False)
    caller: bytes = field(repr=False)
    dialplan: bytes = field(repr=False)
    vault: MasterKeys | None = field(repr=False)
    """None: no line calls back."""
    wallboard: bytes | None = field(repr=False)
    """None: the wallboard has no token."""


def load_secrets(settings: Settings) -> Secrets:
    """Read all of them.

    Raises
    ------
    ConfigError
        if one is missing, short or readable by others.

    """
    keeps_numbers = settings.keeps_numbers() or vault_secret(settings).is_given()
    wallboard = wallboard_secret(settings)
    return Secrets(
        ami=ami_secret(settings).load().decode(errors="surrogateescape"),
        caller=caller_secret(settings).load(),
        dialplan=dialplan_secret(settings).load(),
        vault=MasterKeys(*master_secrets(settings)) if keeps_numbers else None,
        wallboard=wallboard.load() if wallboard is not None else None,
    )


def account(settings: Settings, own: Secrets) -> Account:
    """Give our account at Asterisk."""
    asterisk = settings.asterisk
    return Account(asterisk.host, asterisk.port, asterisk.username, own.ami)
