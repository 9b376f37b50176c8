"""Actions on their way: each waits for its own answer, and for nothing else."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from panoramisk.actions import Action
from panoramisk.utils import IdGenerator

from router.ami.errors import ActionRefused
from router.ami.message import Message
from router.ami.wire import render

Fields = Mapping[str, str | Sequence[str]]

MAX_LIST_MESSAGES = 20_000
"""A hundred times the channels a helpline has; a listing that goes on is a runaway."""

_list_ids = IdGenerator("list")

LIST_ID_PREFIX = f"list/{_list_ids.uid}/"
"""Begins the ActionID of each listing. Nobody can guess it, so no other event gets into one."""


class PendingAction(Action):  # type: ignore[misc]  # panoramisk has no types
    """An action and the future of its answer, which is its acknowledgement alone.

    panoramisk's own guesses from the answer's words whether more will come, and lets an event
    resolve an action: an `OriginateResponse` would never reach the events.
    """

    def __init__(self, action: str, fields: Fields) -> None:
        super().__init__(fields)
        self.name = action
        if action.lower() == "originate":
            # Without it Asterisk does nothing else for us until the phone is answered.
            self["Async"] = "true"

    def __repr__(self) -> str:
        # The fields hold our secret or a number to be dialled.
        return f"<{type(self).__name__} {self.name}>"

    def __bytes__(self) -> bytes:
        return render(self.name, self)

    def take(self, message: Message) -> None:
        """Take the acknowledgement; whatever comes after it changes nothing."""
        if not self.future.done():
            self.future.set_result(message)


class PendingList(PendingAction):
    """A listing: its answer is the events between the acknowledgement and its own end."""

    def __init__(self, action: str, fields: Fields) -> None:
        super().__init__(action, {**fields, "ActionID": _list_ids()})
        self.collected: list[Message] = []

    def take(self, message: Message) -> None:
        """Take one more message; the one that says `EventList: Complete` ends the listing."""
        if self.future.done():
            return
        if message.refused:
            self.future.set_exception(ActionRefused(f"Asterisk refused to list: {self.name}"))
        elif message.is_event and message.get("EventList").lower() == "complete":
            self.future.set_result(self.collected)
        elif message.is_event:
            self._collect(message)

    def _collect(self, message: Message) -> None:
        self.collected.append(message)
        if len(self.collected) > MAX_LIST_MESSAGES:
            self.collected = []
            self.future.set_exception(
                ActionRefused(f"{self.name}: over {MAX_LIST_MESSAGES} answers, and no end"),
            )
