"""Who may ask: each client has a token, of which we know only the hash."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Sequence
from typing import Final

from msgspec import Struct

TOKEN_BYTES: Final = 32
"""Of chance: nobody finds a token by trying, so that a plain hash of it is enough to keep."""

_SCHEME: Final = "bearer "


class Client(Struct, frozen=True):
    """A site or an app that asks for call-backs."""

    name: str
    token_sha256: str
    """In hex."""
    requests_a_minute: int


def token_hash(token: str) -> str:
    """Give what is kept of a token."""
    return hashlib.sha256(token.encode("utf-8", "surrogateescape")).hexdigest()


class Clients:
    """Knows clients by their tokens."""

    def __init__(self, clients: Sequence[Client]) -> None:
        self._clients = tuple(clients)

    def of(self, authorization: str) -> Client | None:
        """Give the client whose token an `Authorization` header holds; None: nobody's.

        All are compared, each in constant time: how long it takes tells nothing.
        """
        scheme, token = authorization[: len(_SCHEME)], authorization[len(_SCHEME) :].strip()
        shown = token_hash(token)
        found = None
        for client in self._clients:
            if hmac.compare_digest(shown, client.token_sha256):
                found = client
        return found if scheme.lower() == _SCHEME and token else None
