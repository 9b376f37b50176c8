"""What the config file says of who may ask for call-backs over HTTP, as plain data."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta

from router.config.fields import Name, Port
from router.config.table import Table

TokenHash = Annotated[
    str,
    Meta(
        pattern=r"\A[0-9a-f]{64}\Z",
        extra={"expected": "what 'decroche token' prints as token_sha256", "private": True},
    ),
]
Requests = Annotated[
    int, Meta(ge=1, le=100_000, extra={"expected": "a number of requests from 1 to 100000"})
]


class ApiClient(Table, frozen=True):
    """A site or an app that asks for call-backs."""

    token_sha256: TokenHash
    """The token itself is the client's alone."""
    requests_a_minute: Requests = 30
    """A minute's worth at once."""


class Api(Table, frozen=True):
    """Where call-backs are asked for over HTTP."""

    clients: dict[Name, ApiClient]
    """By the name that logs and metrics have. Its promises are found by it: it is not to change."""
    port: Port = 8078
    """On 127.0.0.1: a reverse proxy speaks TLS with the world."""
    requests_a_minute: Requests = 120
    """Of all clients together."""
