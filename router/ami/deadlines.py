"""How long each step of a link's life may take, and why."""

from __future__ import annotations

from dataclasses import dataclass

CONNECT_SECONDS = 3.0
"""Beside us a connection takes a millisecond; over a bad network a lost SYN is sent again once."""

LOGIN_SECONDS = 5.0
"""Asterisk answers at once, but waits a second before it says no to a wrong secret."""

BOOT_SECONDS = 20.0
"""An Asterisk that has just started lets us in some seconds before its modules are loaded."""

ACTION_SECONDS = 3.0
"""Acknowledgements come within milliseconds; after that a caller is better served otherwise."""

LIST_SECONDS = 5.0
"""A listing of thousands of channels takes well under a second."""

PING_EVERY_SECONDS = 4.0
"""With the next: a peer that fell silent is noticed within 10 s, of the 15 s that are promised."""

PONG_SECONDS = 6.0
"""Longer than an Asterisk in a burst of calls is late; twice an action's own deadline."""


@dataclass(frozen=True)
class Deadlines:
    """The deadlines of one link, in seconds."""

    connect_seconds: float = CONNECT_SECONDS
    login_seconds: float = LOGIN_SECONDS
    boot_seconds: float = BOOT_SECONDS
    action_seconds: float = ACTION_SECONDS
    list_seconds: float = LIST_SECONDS
    ping_every_seconds: float = PING_EVERY_SECONDS
    pong_seconds: float = PONG_SECONDS


USUAL = Deadlines()
