"""One leg: a channel, the step of the dialplan that it is in, and the person at its far end."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from simulations.pbx.clock import Clock
from simulations.pbx.message import Headers

if TYPE_CHECKING:
    from simulations.pbx.bridge import Bridge

NOBODY = "<unknown>"
"""What Asterisk writes for a number or a name that it does not know."""

DOWN, RINGING, UP = (0, "Down"), (5, "Ringing"), (6, "Up")


@dataclass(eq=False)
class Leg:
    """A leg lives from its `Newchannel` to its `Hangup`."""

    clock: Clock
    uniqueid: str
    channel: str
    number: str = NOBODY
    connected: str = NOBODY
    context: str = "from-trunk"
    exten: str = "s"
    priority: int = 1
    state: tuple[int, str] = DOWN
    application: str = "AppDial2"
    data: str = "(Outgoing Line)"
    variables: dict[str, str] = field(default_factory=dict)
    bridge: Bridge | None = None
    running: asyncio.Task[None] | None = None
    """Its way through the dialplan."""
    on_talk: Callable[[], None] = lambda: None
    """What the person does on hearing a human."""
    on_read: Callable[[], None] = lambda: None
    """What the person does when asked for keys."""
    before_end: Callable[[], None] = lambda: None
    """What is told before its Hangup."""
    at_end: Callable[[], None] = lambda: None
    """What the dialplan does by its hangup handler."""
    is_linked: bool = False
    """Whether Asterisk links it by another's id, with whom it was in a bridge for two."""
    timers: list[asyncio.TimerHandle] = field(default_factory=list)
    """What the person is about to do."""
    _keyed: deque[str] = field(default_factory=deque)
    """What was keyed, an entry for each time that the dialplan reads keys."""
    _is_reading: bool = False
    _step: asyncio.Future[str] | None = None
    _alarm: asyncio.TimerHandle | None = None

    def headers(self) -> Headers:
        """Give what every event and listing says of a channel."""
        number, name = self.state
        return [
            ("Channel", self.channel),
            ("ChannelState", str(number)),
            ("ChannelStateDesc", name),
            ("CallerIDNum", self.number),
            ("CallerIDName", NOBODY),
            ("ConnectedLineNum", self.connected),
            ("ConnectedLineName", NOBODY),
            ("Language", "fr"),
            ("AccountCode", ""),
            ("Context", self.context),
            ("Exten", self.exten),
            ("Priority", str(self.priority)),
            ("Uniqueid", self.uniqueid),
            ("Linkedid", self.uniqueid),
        ]

    def at(self, context: str, exten: str, priority: int) -> None:
        """Be at this place of the dialplan."""
        self.context, self.exten, self.priority = context, exten, priority

    def run(self, application: str, data: str) -> None:
        """Be in this application."""
        self.application, self.data = application, data

    def in_time(self, seconds: float, do: Callable[[], None]) -> None:
        """Have the person at the far end do something later, unless the leg ends before."""
        self.timers.append(self.clock.later(seconds, do))

    async def rest(self, seconds: float) -> str:
        """Stay in this step for so long, for as long as a talk lasts, or until a key is pressed.

        Gives the key, or the empty string.
        """
        self._step = asyncio.get_running_loop().create_future()
        self._alarm = self.clock.later(seconds, self.go_on)
        try:
            return await self._step
        finally:
            self._alarm.cancel()
            self._step = None

    async def read(self, seconds: float) -> str:
        """Give what the person keys; the empty string if that is nothing for so long."""
        self.on_read()
        if not self._keyed:
            self._is_reading = True
            try:
                await self.rest(seconds)
            finally:
                self._is_reading = False
        return self._keyed.popleft() if self._keyed else ""

    def press(self, keys: str) -> None:
        """Key this; whatever is keyed too early is read later."""
        self._keyed.append(keys)
        if self._is_reading:
            self.go_on()

    def borrow(self) -> None:
        """Hold it in its step for as long as somebody else has it in a bridge."""
        if self._alarm is not None:
            self._alarm.cancel()

    def go_on(self, key: str = "") -> None:
        """Go on with the next step."""
        if self._step is not None and not self._step.done():
            self._step.set_result(key)


Place = tuple[str, str]
"""Of the dialplan: context and extension."""

Step = Callable[[Leg], Awaitable[Place | None]]
"""Leads a leg through one extension, and gives the next; None: the leg ends."""
