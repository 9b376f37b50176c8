"""The book of the promises that were closed lately: how each ended, and nothing of the caller."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

import msgspec
import structlog
from msgspec.structs import replace

from router.core.commands import AnyCommand
from router.core.promise import Promise
from router.core.promise_commands import CloseNumber, ReportPromise
from router.runtime.number_writer import NumberWriter
from router.store.kept_numbers import CLOSED, Changes
from router.web.counter import Standing

MOST_CLOSED: Final = 1_000
"""Some days of a line in a crisis; each is a few hundred bytes."""

log = structlog.get_logger(__name__)


def standing_of(promise: Promise) -> Standing:
    """Say how a promise stands."""
    return Standing(
        promise=promise.name,
        line=promise.line,
        state=promise.state,
        origin=promise.origin,
        noted_at=promise.noted_at,
        not_before=promise.not_before,
        due_by=promise.due_by,
        attempts=promise.attempts,
        next_at=promise.deadline if promise.state == "waiting" else None,
        usual=promise.usual,
        by_senior=promise.by_senior,
        history=tuple(promise.history),
    )


class ClosedPromises:
    """Keeps the last ones, on disk too."""

    def __init__(self, writer: NumberWriter) -> None:
        self._promises: Callable[[], Mapping[str, Promise]] = dict
        self._writer = writer
        self._open: dict[str, Promise] = {}
        """The engine forgets a promise as it closes it: how it ended is still to be seen here."""
        self._joined: dict[str, str] = {}
        self._closed: dict[str, Standing] = {}

    def watch(self, promises: Callable[[], Mapping[str, Promise]]) -> None:
        """Keep track of the promises that this gives, which are the engine's."""
        self._promises = promises
        self._open = dict(promises())

    def find(self, promise: str) -> Standing | None:
        """Give how a promise ended; None where it is not known any more."""
        return self._closed.get(promise)

    def take_up(self, closed: Mapping[str, bytes]) -> None:
        """Know again what an earlier daemon has left in the store."""
        read = [_read(name, content) for name, content in closed.items()]
        known = sorted((one for one in read if one is not None), key=_ended_at)
        self._closed = {one.promise: one for one in known} | self._closed
        unknown = [name for name in closed if name not in self._closed]
        self._write({(CLOSED, name): None for name in [*unknown, *self._trim()]})

    def carry_out(self, command: AnyCommand) -> None:
        """Keep track of what the engine says of its promises."""
        match command:
            case ReportPromise(promise=name, into=into):
                promise = self._promises().get(name)
                if promise is not None:
                    self._open[name] = promise
                if into is not None:
                    self._joined[name] = into
            case CloseNumber(promise=name):
                self._close(name)
            case _:
                pass

    def _close(self, name: str) -> None:
        promise, into = self._open.pop(name, None), self._joined.pop(name, None)
        if promise is None:
            return
        one = self._closed[name] = replace(standing_of(promise), joined=into)
        content = msgspec.json.encode(one)
        self._write({(CLOSED, name): content, **{(CLOSED, old): None for old in self._trim()}})

    def _trim(self) -> list[str]:
        too_many = list(self._closed)[: max(0, len(self._closed) - MOST_CLOSED)]
        for name in too_many:
            del self._closed[name]
        return too_many

    def _write(self, changes: Changes) -> None:
        if changes:
            self._writer.insist(lambda: changes)


def _ended_at(closed: Standing) -> float:
    return closed.history[-1][0] if closed.history else closed.noted_at


def _read(name: str, content: bytes) -> Standing | None:
    try:
        return msgspec.json.decode(content, type=Standing)
    except msgspec.DecodeError as error:
        log.error("closed_promise_unreadable", promise=name, problem=type(error).__name__)
        return None
