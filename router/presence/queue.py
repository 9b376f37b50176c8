"""What has come from the broker and was not looked at yet."""

from __future__ import annotations

import asyncio
from collections import Counter
from typing import Final

from aiomqtt import Message

from router.presence.topics import read_topic

MOST_MESSAGES: Final = 10_000
"""Far beyond what listeners say; what comes on top of it is counted and thrown away."""

MOST_OF_ONE: Final = 50
"""More than the gate lets in of one listener: who floods fills nobody else's place."""


class BoundedQueue(asyncio.Queue[Message]):
    """Takes the client's place for a queue. `thrown_away` is of all of them, for the metrics."""

    thrown_away = 0

    def _init(self, maxsize: int) -> None:
        super()._init(maxsize)
        self._waiting: Counter[str] = Counter()

    def put_nowait(self, item: Message) -> None:
        """Add a message, or count it where there is no room."""
        if self.qsize() >= MOST_MESSAGES or self._waiting[_whose(item)] >= MOST_OF_ONE:
            BoundedQueue.thrown_away += 1
        else:
            super().put_nowait(item)

    def _put(self, item: Message) -> None:
        super()._put(item)
        self._waiting[_whose(item)] += 1

    def _get(self) -> Message:
        item = super()._get()
        whose = _whose(item)
        self._waiting[whose] -= 1
        if not self._waiting[whose]:
            del self._waiting[whose]
        return item


def _whose(message: Message) -> str:
    read = read_topic(message.topic.value)
    return read[0] if read is not None else ""
