"""Calling somebody back, and telling who asks for it what is promised.

A number is here for as long as one action takes to be written, and is in nothing else.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime, tzinfo
from typing import Final

import structlog
from msgspec import Struct

from router.ami import contract
from router.ami.connect import Connector, Send
from router.ami.mirror import DialledLeg, Mirror, is_call_back
from router.ami.words import due_words
from router.core.commands import AnyCommand
from router.core.events import AnyEvent
from router.core.promise_commands import DialCaller, DropCallBack, SayNotPromised, SayPromised
from router.core.promise_events import CallBackEnded
from router.errors import DecrocheError

log = structlog.get_logger(__name__)

NUMBER_SECONDS: Final = 2.0
"""A listener waits meanwhile; a store that takes longer is down for this attempt."""

NUMBER: Final = re.compile(r"\+?[0-9]{3,15}")
"""What may become part of a dial string."""

NumberOf = Callable[[str], Awaitable[str | None]]
"""Reads the number that a promise is owed to; None: it cannot be read now."""

Chosen = Callable[[str], int | None]
"""Says which number of a call is promised to be called: 0, the one it shows; else, the one typed at
that try; None: it has given none."""


class Dialling(Struct, frozen=True):
    """How callers are dialled. `{number}` stands for +33..., `{digits}` for that without the +."""

    endpoint: str = ""
    """Asterisk dial string; empty: nobody can be called back."""
    calling_back: frozenset[str] = frozenset()
    """Lines whose callers may ask to be called back."""
    caller_ids: Mapping[str, str] = {}
    """Line to the number that those see who are called back."""
    zone: tzinfo = UTC
    """Where the site is: what time it is there is said."""


def none_chosen(_call: str) -> None:
    """Stand in where no numbers are kept."""


def no_epoch() -> int:
    """Stand in where there is one daemon only."""
    return 0


async def nobodys_number(_promise: str) -> str | None:
    """Stand in where no numbers are kept."""
    return None


class CallBacks:
    """Dials callers, hangs up on them, and has words said to those who wait."""

    def __init__(
        self,
        mirror: Mirror,
        connector: Connector,
        send: Send,
        tell: Callable[[AnyEvent], None],
        clock: Callable[[], float],
    ) -> None:
        self.dialling = Dialling()
        self.number_of: NumberOf = nobodys_number
        self.chosen: Chosen = none_chosen
        self.epoch: Callable[[], int] = no_epoch
        self._mirror = mirror
        self._connector = connector
        self._send = send
        self._tell = tell
        self._clock = clock
        self._looking: set[asyncio.Task[None]] = set()

    def carry_out(self, command: AnyCommand) -> None:
        """Do what a command says, if it is about being called back."""
        match command:
            case DialCaller():
                self._look_up(command)
            case DropCallBack():
                self._drop(command.leg)
            case SayPromised():
                self._say_promised(command)
            case SayNotPromised() if command.why != "not_offered":
                self._tell_caller(command.call, command.why)
            case _:
                pass

    def hang_up_dropped(self) -> None:
        """End the legs that are wanted no more, as soon as Asterisk has made them."""
        for name, leg in self._mirror.dialled.items():
            if leg.dropped and leg.exists and not leg.told_to_go:
                leg.told_to_go = True
                self._send("Hangup", _of(name))

    def connecting(self, call: str, offer: str) -> None:
        """Note that this listener, who was rung for a promise, is to talk on this leg of it."""
        leg = self._mirror.offers.get(offer)
        if leg is not None and is_call_back(call):
            leg.call = call
            shown = {"Variable": contract.PASS, "Value": f"{leg.listener}/{call}"}
            self._send("Setvar", {**_of(offer), **shown})

    def _say_promised(self, command: SayPromised) -> None:
        due = self._clock() + max(0.0, command.within_seconds)
        words = due_words(datetime.fromtimestamp(due, self.dialling.zone))
        self._send("Setvar", {**_of(command.call), "Variable": contract.DUE, "Value": words})
        chosen = self.chosen(command.call)
        at = "" if chosen is None else str(chosen)
        self._send("Setvar", {**_of(command.call), "Variable": contract.AT, "Value": at})
        self._tell_caller(command.call, "noted")

    def _look_up(self, command: DialCaller) -> None:
        # Known from now on, so that it can be dropped while its number is read.
        self._mirror.dialled[command.leg] = DialledLeg()
        task = asyncio.get_running_loop().create_task(self._dial(command))
        self._looking.add(task)
        task.add_done_callback(self._looking.discard)

    async def _dial(self, command: DialCaller) -> None:
        phone = await self._phone_of(command)
        leg = self._mirror.dialled.get(command.leg)
        if leg is None:
            return
        if phone is None or leg.dropped:
            self._not_placed(command.leg, leg)
            return
        fields = {
            "ActionID": command.leg,
            "Channel": contract.FENCE,
            "ChannelId": command.leg,
            # By itself it would begin as the leg's, and `Bridge` takes whichever begins so.
            "OtherChannelId": f"other-{command.leg}",
            "Context": contract.CALL_BACK_CONTEXT,
            "Exten": "s",
            "Priority": "1",
            "Timeout": str(int(command.ring_seconds * 1000)),
            "CallerID": self.dialling.caller_ids.get(command.line, ""),
            "Variable": [
                f"{contract.LINE}={command.line}",
                f"{contract.DIAL}={phone}",
                f"{contract.DIAL_EPOCH}={self.epoch()}",
            ],
        }
        self._send("Originate", fields, lambda: self._refused(command.leg))

    async def _phone_of(self, command: DialCaller) -> str | None:
        try:
            async with asyncio.timeout(NUMBER_SECONDS):
                number = await self.number_of(command.promise)
        except (DecrocheError, OSError):
            number = None
        endpoint = self.dialling.endpoint
        if number is None or not endpoint or NUMBER.fullmatch(number) is None:
            why = "number" if endpoint else "trunk"
            log.warning("call_back_not_dialled", promise=command.promise, missing=why)
            return None
        return endpoint.replace("{number}", number).replace("{digits}", number.lstrip("+"))

    def _not_placed(self, name: str, leg: DialledLeg) -> None:
        del self._mirror.dialled[name]
        if not leg.dropped:
            self._tell(CallBackEnded(name, "unreachable"))

    def _refused(self, name: str) -> AnyEvent:
        self._mirror.dialled.pop(name, None)
        return CallBackEnded(name, "unreachable")

    def _drop(self, name: str) -> None:
        # Who has said in the meantime that it is them is on the line, and is let in as they wait.
        if name in self._mirror.dialled:
            self._mirror.dialled[name].dropped = True

    def _tell_caller(self, call: str, words: str) -> None:
        """Send a caller to words, but none who is with somebody, or is just being brought there."""
        leg = self._mirror.calls.get(call)
        if leg is None or leg.in_fallback or self._mirror.talking(call):
            return
        if not self._connector.is_joining(call):
            where = {"Context": contract.PROMISE_CONTEXT, "Exten": words, "Priority": "1"}
            self._send("Redirect", {**_of(call), **where})


def _of(leg: str) -> dict[str, str]:
    return {"Channel": leg}
