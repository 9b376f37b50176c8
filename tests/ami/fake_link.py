"""Stands where the link to Asterisk is: notes each action, and answers as a test says."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from typing import NamedTuple

from router.ami.errors import LinkDown
from router.ami.message import Message
from router.ami.pending import Fields
from router.ami.wire import render
from router.errors import AmiError


class Sent(NamedTuple):
    """An action that was written to the wire."""

    action: str
    fields: Fields
    answer: asyncio.Future[Message]


class FakeLink:
    """A link that is up until a test says otherwise; what cannot be sent it refuses like one."""

    def __init__(self, loop: asyncio.AbstractEventLoop | None = None) -> None:
        """Take the loop of the answers; without one it is the loop that runs."""
        self._loop = loop
        self.sent: list[Sent] = []
        self.is_down = False
        self.lists: dict[str, Sequence[Message] | AmiError] = {}
        """What a listing gives, or how it fails."""
        self.listed: list[str] = []
        self.given_up: list[Exception] = []
        self.is_given_up = asyncio.Event()
        self.answer_to: Callable[[Fields], Message] | None = None
        """Answers each action at once; without it a test answers."""

    def send(self, action: str, fields: Fields) -> asyncio.Future[Message]:
        if self.is_down:
            raise LinkDown("no link")
        render(action, fields)
        answer: asyncio.Future[Message] = self._futures().create_future()
        if self.answer_to is not None:
            answer.set_result(self.answer_to(fields))
        self.sent.append(Sent(action, fields, answer))
        return answer

    async def list(self, action: str, fields: Fields) -> Sequence[Message]:
        assert not fields
        if self.is_down:
            raise LinkDown("no link")
        self.listed.append(action)
        items = self.lists[action]
        if isinstance(items, AmiError):
            raise items
        return items

    def give_up(self, reason: Exception) -> None:
        self.is_down = True
        self.given_up.append(reason)
        self.is_given_up.set()

    def _futures(self) -> asyncio.AbstractEventLoop:
        return self._loop or asyncio.get_running_loop()
