"""Free ports of this machine."""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator
from itertools import cycle

HERE = "127.0.0.1"

PORTS = range(20_000, 32_000)
"""Linux gives those from 32768 on to whoever binds or connects and names none: what is free now may
be anybody's by the time that it is bound. Of these it gives none."""

PORTS_EACH = 12
"""A process begins so far from the next one: two that start side by side do not meet."""


def free_port() -> int:
    """Give a port that nobody listens at, and that stays free until it is bound."""
    return first_free(_ports)


def first_free(ports: Iterator[int], kind: socket.SocketKind = socket.SOCK_STREAM) -> int:
    """Give the first of these ports that nobody has."""
    return next(port for port in ports if _is_free(port, kind))


def _ports_from_ours() -> Iterator[int]:
    begin = os.getpid() * PORTS_EACH % len(PORTS)
    return cycle([*PORTS[begin:], *PORTS[:begin]])


def _is_free(port: int, kind: socket.SocketKind) -> bool:
    with socket.socket(socket.AF_INET, kind) as probe:
        try:
            probe.bind((HERE, port))
        except OSError:
            return False
    return True


_ports = _ports_from_ours()
