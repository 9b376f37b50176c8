"""A little store: what it holds of promises, and what it answers when it is asked to take one."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field

from msgspec.structs import replace

from router.core.events import AnyEvent
from router.core.promise_commands import ChangeNumber, CloseNumber, NotePromise
from router.core.promise_events import NumberChanged, PromiseNoted, PromiseNotNoted

TERMS = ("origin", "place_at", "not_before", "due_by", "usual")
"""What becomes of two promises that are one is kept with the number of the one that stands."""


@dataclass
class Store:
    """It is there whether or not Asterisk is, and answers beside the wire."""

    to_note: deque[NotePromise | ChangeNumber] = field(default_factory=deque)
    """What it has been asked to take."""
    kept: dict[str, PromiseNoted] = field(default_factory=dict)
    """The promises whose numbers it holds."""

    def carry_out(self, command: NotePromise | ChangeNumber | CloseNumber) -> None:
        """Do, or put off until it answers, what is asked of it."""
        if isinstance(command, CloseNumber):
            self._join(command)
            self.kept.pop(command.promise, None)
        else:
            self.to_note.append(command)

    def note(self, *, durable: bool) -> AnyEvent:
        """Have the store answer to what it was asked first."""
        asked = self.to_note.popleft()
        is_closed = isinstance(asked, ChangeNumber) and asked.promise not in self.kept
        if not durable or is_closed:
            return PromiseNotNoted(asked.promise, asked.call)
        if isinstance(asked, ChangeNumber):
            before = self.kept[asked.promise]
            self.kept[asked.promise] = replace(before, caller=asked.caller)
            return NumberChanged(asked.promise, asked.call, asked.caller)
        noted = self.kept[asked.promise] = PromiseNoted(
            asked.promise,
            asked.line,
            asked.caller,
            asked.origin,
            asked.place_at,
            asked.not_before,
            asked.due_by,
            asked.call,
            asked.usual,
            asked.by_senior,
        )
        return noted

    def _join(self, command: CloseNumber) -> None:
        joined = command.joined
        if joined is not None and joined.promise in self.kept:
            terms = {name: getattr(joined, name) for name in TERMS}
            self.kept[joined.promise] = replace(self.kept[joined.promise], **terms)
