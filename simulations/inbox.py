"""What the engine of a simulation is to take now."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable

from router.core.events import AnyEvent


class Inbox:
    """Events that have come to the engine, in their order."""

    def __init__(self) -> None:
        self.pending: deque[AnyEvent] = deque()

    def say(self, event: AnyEvent) -> None:
        """Give the engine what the daemon itself makes: it comes once, whatever the link does."""
        self.pending.append(event)

    def hand_over(self, take: Callable[[AnyEvent], None]) -> None:
        """Have all taken, and what comes of that as well."""
        pending = self.pending
        while pending:
            take(pending.popleft())
