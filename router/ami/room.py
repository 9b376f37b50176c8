"""The room where a listener speaks with who came to help, and where the caller may join them.

It is a conference named after the call. Whoever is sent there goes on in the dialplan afterwards; a
leg that is not there yet, or no more, is sent once more.
"""

from __future__ import annotations

from collections.abc import Callable

from router.ami import contract
from router.ami.connect import Send
from router.ami.mirror import Mirror
from router.ami.pending import Fields
from router.core.commands import BringCallerIn, StartConsult, TellListener
from router.core.events import AnyEvent, ConsultStarted, TalkStarted

WHISPER_TIMEOUT_MS = 3000
"""Asterisk picks up both ends of its own line at once."""


class Rooms:
    """Sends legs to the room of their call, and tells one listener what nobody else hears."""

    def __init__(self, mirror: Mirror, send: Send, tell: Callable[[AnyEvent], None]) -> None:
        self._mirror = mirror
        self._send = send
        self._tell = tell

    def carry_out(self, command: StartConsult | BringCallerIn | TellListener) -> None:
        """Do what a command says."""
        match command:
            case StartConsult():
                self._start_consult(command)
            case BringCallerIn():
                self._bring_in(command)
            case TellListener():
                self._tell_listener(command)

    def dismiss(self, offer: str) -> None:
        """Have a listener who was sent to a room leave it, now that all is said."""
        leg = self._mirror.offers.get(offer)
        if leg is not None and leg.in_room:
            leg.in_room = False
            self._send("Redirect", {"Channel": offer, **_place(contract.OFFER_CONTEXT, "over")})

    def _start_consult(self, command: StartConsult) -> None:
        """Have listener and helper meet; the caller is sent to wait, wherever they are."""
        room = contract.room_of(command.call)
        met = all(self._mirror.is_in(leg, room) for leg in (command.offer, command.helper))
        if met and not self._mirror.is_in(command.call, room):
            self._tell(ConsultStarted(command.offer, command.helper))
            return
        self._move(command.call, "consult", command.offer)
        if not self._mirror.is_in(command.helper, room):
            self._send("Redirect", {"Channel": command.helper, **self._to_room(command.helper)})

    def _bring_in(self, command: BringCallerIn) -> None:
        """Have the caller join those in the room, of whom this listener is one."""
        room = contract.room_of(command.call)
        if all(self._mirror.is_in(leg, room) for leg in (command.call, command.offer)):
            self._tell(TalkStarted(command.call, command.offer))
            return
        self._move(command.call, "together", command.offer)

    def _tell_listener(self, command: TellListener) -> None:
        """Say a prompt to a listener alone, by a line of Asterisk's own from it to their ear."""
        fields = {
            "Channel": f"Local/s@{contract.WHISPER_CONTEXT}/n",
            **_place(contract.WHISPER_CONTEXT, command.words),
            "Timeout": str(WHISPER_TIMEOUT_MS),
            "Variable": [f"{contract.WHISPER_TO}={command.offer}"],
        }
        self._send("Originate", fields)

    def _move(self, call: str, exten: str, offer: str) -> None:
        """Send the caller to this extension and the listener to the room, if they are not there.

        Both by one action where both go: when one of two who talk is taken away, Asterisk would let
        the other one go on in the dialplan as after a talk.
        """
        self._mirror.send_elsewhere(call)
        caller = _place(contract.SENIOR_CONTEXT, exten)
        if self._mirror.is_in(offer, contract.room_of(call)):
            self._send("Redirect", {"Channel": call, **caller})
            return
        extra = {f"Extra{name}": value for name, value in caller.items()}
        listener = {"Channel": offer, **self._to_room(offer)}
        self._send("Redirect", {**listener, "ExtraChannel": call, **extra})

    def _to_room(self, offer: str) -> Fields:
        self._mirror.send_elsewhere(offer)
        leg = self._mirror.offers.get(offer)
        if leg is not None:
            leg.in_room = True
        return _place(contract.SENIOR_CONTEXT, "room")


def _place(context: str, exten: str) -> dict[str, str]:
    return {"Context": context, "Exten": exten, "Priority": "1"}
