"""A small AMI client for tests, written apart from the daemon's own so that neither hides a bug."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass

ANSWER_SECONDS = 30.0
"""Asterisk answers an action within milliseconds, once a loaded machine lets it run."""

BUSY_FACTOR = 2.0
HANGS_SECONDS = 30.0
"""While all workers start their Asterisks at once, everything takes longer: so many times a
deadline, and never less than this. A deadline is there to end a test that fails; what must be quick
is measured."""


class AmiRefusedError(Exception):
    """Asterisk answered an action with an error; the message is Asterisk's."""


@dataclass(frozen=True)
class Message:
    """A response or an event: its headers in order, doubled ones included."""

    headers: tuple[tuple[str, str], ...]

    def __getitem__(self, name: str) -> str:
        """Give the first header of this name, or the empty string."""
        return next((value for key, value in self.headers if key == name), "")

    def is_user_event(self, name: str, **headers: str) -> bool:
        """Tell whether this is the user event of this name with these headers."""
        return self["UserEvent"] == name and self.has(**headers)

    def has(self, **headers: str) -> bool:
        """Tell whether each of these headers has this value."""
        return all(self[key] == value for key, value in headers.items())


@dataclass(frozen=True)
class Account:
    """Where an AMI listens, and who may come in."""

    port: int
    username: str
    secret: str
    host: str = "127.0.0.1"


class Ami:
    """A logged-in AMI session. Every event seen stays in `events`, in order."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.events: list[Message] = []
        self._reader = reader
        self._writer = writer
        self._action_ids = itertools.count(1)
        self._answers: dict[str, asyncio.Future[Message]] = {}
        self._news = asyncio.Condition()

    async def send(
        self, action: str, variables: Mapping[str, str] | None = None, /, **fields: str
    ) -> Message:
        """Send an action and give its response.

        Raises
        ------
        AmiRefusedError
            if Asterisk answers with an error.

        """
        action_id = f"t{next(self._action_ids)}"
        lines = [f"Action: {action}", f"ActionID: {action_id}"]
        lines += [f"{name}: {value}" for name, value in fields.items()]
        lines += [f"Variable: {name}={value}" for name, value in (variables or {}).items()]
        answer = asyncio.get_running_loop().create_future()
        self._answers[action_id] = answer
        self._writer.write("\r\n".join([*lines, "", ""]).encode())
        async with asyncio.timeout(ANSWER_SECONDS):
            response: Message = await answer
        if response["Response"] not in ("Success", "Goodbye"):
            raise AmiRefusedError(f"{action}: {response['Message']}")
        return response

    async def list_of(self, action: str) -> list[Message]:
        """Send an action that answers with a list, and give the list's events."""
        begun = len(self.events)
        action_id = (await self.send(action))["ActionID"]
        await self.wait_for(
            lambda event: event.has(ActionID=action_id, EventList="Complete"),
            ANSWER_SECONDS,
            since=begun,
        )
        listed = [event for event in self.events[begun:] if event["ActionID"] == action_id]
        return listed[:-1]

    async def wait_for(
        self, predicate: Callable[[Message], bool], deadline_seconds: float, since: int = 0
    ) -> Message:
        """Give the first event, of those after the first `since` ones, that fits the predicate.

        Raises
        ------
        TimeoutError
            if there is none within the deadline; the message tells the user events seen.

        """
        position = since
        deadline_seconds = max(BUSY_FACTOR * deadline_seconds, HANGS_SECONDS)
        try:
            async with asyncio.timeout(deadline_seconds), self._news:
                while True:
                    for event in itertools.islice(self.events, position, None):
                        position += 1
                        if predicate(event):
                            return event
                    await self._news.wait()
        except TimeoutError:
            seen = [
                f"{event['UserEvent']} {event['Listener'] or event['Caller']}".strip()
                for event in self.events
                if event["UserEvent"]
            ]
            raise TimeoutError(f"not within {deadline_seconds} s; user events: {seen}") from None

    async def read(self) -> None:
        """Take in what Asterisk sends until it closes the connection."""
        with suppress(asyncio.IncompleteReadError, ConnectionResetError):
            while True:
                block = await self._reader.readuntil(b"\r\n\r\n")
                await self._take(_parse(block.decode()))

    async def _take(self, message: Message) -> None:
        # An `OriginateResponse` of another session has the id of that session's action.
        is_answer = bool(message["Response"]) and not message["Event"]
        answer = self._answers.pop(message["ActionID"], None) if is_answer else None
        if answer is not None and not answer.done():
            answer.set_result(message)
        if message["Event"]:
            async with self._news:
                self.events.append(message)
                self._news.notify_all()


@asynccontextmanager
async def connected(account: Account) -> AsyncIterator[Ami]:
    """Log in, and stay so for the length of the `async with`.

    Raises
    ------
    AmiRefusedError
        if Asterisk does not let the account in.

    """
    reader, writer = await asyncio.open_connection(account.host, account.port, limit=2**20)
    await reader.readuntil(b"\r\n")
    ami = Ami(reader, writer)
    reading = asyncio.create_task(ami.read())
    try:
        await ami.send("Login", Username=account.username, Secret=account.secret)
        yield ami
    finally:
        reading.cancel()
        writer.close()
        with suppress(asyncio.CancelledError):
            await reading


def _parse(text: str) -> Message:
    pairs = (line.partition(": ")[::2] for line in text.split("\r\n") if line)
    return Message(tuple((name.rstrip(":"), value) for name, value in pairs))
