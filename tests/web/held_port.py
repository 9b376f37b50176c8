"""A port that stays ours while none of our servers listens there."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager

HOST = "127.0.0.1"


@contextmanager
def held_port() -> Iterator[int]:
    """Give a port that nobody else is given meanwhile.

    It is bound, and not listened on: whoever asks the kernel for any port gets another one, and a
    server that takes an address over from who has just left it, as ours do, may listen there.
    """
    with socket.socket() as holder:
        holder.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        holder.bind((HOST, 0))
        yield int(holder.getsockname()[1])
