"""Phones of listeners on call, rung before there is a call for them: placed, heard, made way for.

A leg of this kind is no offer: the engine knows nothing of it. A call that comes meanwhile has the
phone: the leg is hung up, and the call rings as soon as the phone is free again.
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Callable, Iterable
from typing import Final

import structlog

from router.ami import contract
from router.ami.connect import Send
from router.ami.contract import Seal
from router.ami.menu import MenuVerdict
from router.ami.message import Message
from router.ami.parse import BadMessage, read_id
from router.core.commands import RingListener
from router.core.events import AnyEvent, ListenerCameOn, ListenerPaused

log = structlog.get_logger(__name__)

RING_SECONDS: Final = 18.0
"""Most voicemails pick up at 20 s, and nobody needs to find our words there."""

PHONE_FREES_SECONDS: Final = 2.0
"""On a mobile network the end of one ring and the begin of the next can pass each other: a call
that comes too soon finds the phone busy."""

WAKE_PREFIX: Final = "dcw-"
"""Begins the unique id of each leg of this kind."""

_CHOICES: Final[dict[str, tuple[Callable[[str], AnyEvent], str]]] = {
    "ready": (ListenerCameOn, "ready"),
    "pause": (ListenerPaused, "paused"),
}


def is_wake(leg: str) -> bool:
    """Say whether this is the unique id of a leg that wakes somebody."""
    return leg.startswith(WAKE_PREFIX)


class WakeCalls:
    """The legs that wake somebody now: at most one a listener."""

    def __init__(
        self,
        send: Send,
        ring: Callable[[RingListener], None],
        *,
        phone_frees_seconds: float = PHONE_FREES_SECONDS,
    ) -> None:
        """Take how actions are sent, and how a call rings its listener."""
        self._send = send
        self._ring = ring
        self._phone_frees_seconds = phone_frees_seconds
        self._legs: dict[str, str] = {}
        """Listener to leg."""
        self._waiting: dict[str, asyncio.TimerHandle] = {}
        """Offer to when its call rings."""

    def place(self, listener: str, endpoint: str, line: str, caller_id: str) -> None:
        """Ring a listener who is to be ready for calls of this line."""
        leg = f"{WAKE_PREFIX}{secrets.token_hex(8)}"
        self._legs[listener] = leg
        fields = {
            "ActionID": leg,
            "Channel": endpoint,
            "ChannelId": leg,
            "Context": contract.WAKE_CONTEXT,
            "Exten": "s",
            "Priority": "1",
            "Timeout": str(int(RING_SECONDS * 1000)),
            "CallerID": caller_id,
            "Variable": [f"{contract.LINE}={line}"],
        }
        self._send("Originate", fields)

    def make_way(self, command: RingListener) -> bool:
        """Say whether a call has to wait for the phone of its listener, and see that it gets it."""
        leg = self._legs.pop(command.listener, None)
        if leg is None:
            return False
        self._send("Hangup", {"Channel": leg})
        self._waiting[command.offer] = asyncio.get_running_loop().call_later(
            self._phone_frees_seconds, self._ring_now, command
        )
        return True

    def withdraw(self, offer: str) -> bool:
        """Say whether this offer still waited for its phone; if so it does not ring any more."""
        timer = self._waiting.pop(offer, None)
        if timer is not None:
            timer.cancel()
        return timer is not None

    def listener_of(self, leg: str) -> str | None:
        """Name whom a leg wakes; None: nobody any more."""
        return next((name for name, one in self._legs.items() if one == leg), None)

    def ended(self, leg: str) -> None:
        """Note that a leg is gone."""
        listener = self.listener_of(leg)
        if listener is not None:
            del self._legs[listener]

    def hang_up_all(self, listed: Iterable[str]) -> None:
        """End the legs of this kind among those that Asterisk holds on a new link."""
        for leg in filter(is_wake, listed):
            self._send("Hangup", {"Channel": leg})

    def forget_all(self) -> None:
        """Hold nothing any more: the link is lost, and the next one tells what is there."""
        for timer in self._waiting.values():
            timer.cancel()
        self._waiting.clear()
        self._legs.clear()

    def _ring_now(self, command: RingListener) -> None:
        del self._waiting[command.offer]
        self._ring(command)


class WakeDesk:
    """Reads what Asterisk says of legs that wake somebody."""

    def __init__(self, seal: Seal, calls: WakeCalls) -> None:
        self._seal = seal
        self._calls = calls

    def read(self, message: Message) -> MenuVerdict | None:
        """Give what somebody has keyed who was woken, and the words that answer it.

        Raises
        ------
        BadMessage
            if a message is about such a leg and cannot be true.

        """
        if message.name == "Hangup":
            self._calls.ended(message.get("Uniqueid"))
        elif message.name == "OriginateResponse" and message.get("Response") == "Failure":
            self._calls.ended(message.get("ActionID"))
        elif message.name == "UserEvent" and message.get("UserEvent") == "DecrocheWake":
            return self._keyed(message)
        return None

    def _keyed(self, message: Message) -> MenuVerdict | None:
        leg = read_id(message, "Wake")
        if not self._seal.fits(leg, message.get("Token")):
            raise BadMessage("wrong_token")
        choice = message.get("Choice")
        if choice not in _CHOICES:
            raise BadMessage("bad_choice")
        listener = self._calls.listener_of(leg)
        if listener is None:
            # Of a link before this one, or its phone is needed for a call by now.
            return None
        make_event, answer = _CHOICES[choice]
        log.info("wake_answered", listener=listener, choice=choice)
        return MenuVerdict(leg, make_event(listener), answer, contract.WAKE_CONTEXT)
