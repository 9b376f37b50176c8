"""How often may be asked: a bucket of tokens for each client, for strangers, and for all."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Final

from router.web.api.clients import Client

MINUTE_SECONDS: Final = 60.0

STRANGERS_A_MINUTE: Final = 120
"""For who shows no token of ours, all of them together; they take nothing from the clients."""


class Bucket:
    """Holds a minute's requests when full, and fills evenly."""

    def __init__(self, a_minute: int, clock: Callable[[], float]) -> None:
        self._most = float(a_minute)
        self._clock = clock
        self._holds = self._most
        self._filled_at = clock()

    def missing_seconds(self) -> float:
        """Say after how many seconds there is one to take; 0: now."""
        now = self._clock()
        gained = (now - self._filled_at) * self._most / MINUTE_SECONDS
        self._holds = min(self._most, self._holds + max(0.0, gained))
        self._filled_at = now
        return max(0.0, 1.0 - self._holds) * MINUTE_SECONDS / self._most

    def take(self) -> None:
        """Take one, which is there."""
        self._holds -= 1.0


class Limits:
    """Lets requests in. `clock` may be any that only goes forward, in seconds."""

    def __init__(
        self, clients: Iterable[Client], requests_a_minute: int, clock: Callable[[], float]
    ) -> None:
        self._all = Bucket(requests_a_minute, clock)
        self._strangers = Bucket(STRANGERS_A_MINUTE, clock)
        self._clients = {one.name: Bucket(one.requests_a_minute, clock) for one in clients}

    def let_in(self, client: Client | None) -> float:
        """Take one request's worth, and give 0; or take nothing, and give when to try again."""
        buckets = [self._strangers]
        if client is not None:
            buckets = [self._clients[client.name], self._all]
        missing_seconds = max(bucket.missing_seconds() for bucket in buckets)
        if not missing_seconds:
            for bucket in buckets:
                bucket.take()
        return missing_seconds
