"""From the engine's commands to Asterisk's actions."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping

import structlog
from msgspec import Struct

from router.ami import contract
from router.ami.connect import Connector
from router.ami.errors import LinkDown
from router.ami.link import AmiLink
from router.ami.menu import MenuVerdict
from router.ami.message import Message
from router.ami.mirror import Mirror
from router.ami.pending import Fields
from router.ami.room import Rooms
from router.ami.wake import WakeCalls
from router.ami.words import WAIT, waiting_words
from router.core import commands
from router.core.commands import AnyCommand
from router.core.events import AnyEvent, OfferFailed, PbxResynced, TalkStarted
from router.errors import AmiError

log = structlog.get_logger(__name__)

RING_MARGIN_SECONDS = 5.0
"""Asterisk ends a ring by itself so much later, should the engine's own word not reach it."""


class Phones(Struct, frozen=True):
    """What the engine does not know: how listeners are dialled, and what their phones show."""

    endpoints: Mapping[str, str]
    """Listener name to Asterisk dial string."""
    caller_ids: Mapping[str, str]
    """Line name to the number that is shown to its listeners."""


class Actor:
    """Carries commands out, in order, on the link that is up. What fails is told as an event."""

    def __init__(self, mirror: Mirror, phones: Phones, tell: Callable[[AnyEvent], None]) -> None:
        self.phones = phones
        self.connector = Connector(mirror, self.send)
        self.rooms = Rooms(mirror, self.send, tell)
        self.wake_calls = WakeCalls(self.send, self._ring)
        self._mirror = mirror
        self._tell = tell
        self._link: AmiLink | None = None
        self.doubts = False
        """Asterisk has refused an action: something is not as we believe."""

    def use(self, link: AmiLink | None) -> None:
        """Act on this link from now on; without one, commands come to nothing."""
        self._link = link
        self.doubts = False
        self.connector.forget_all()
        self.wake_calls.forget_all()

    def carry_out(self, command: AnyCommand) -> None:
        """Do what a command says. Reports are not for Asterisk."""
        match command:
            case commands.RingListener():
                if not self.wake_calls.make_way(command):
                    self._ring(command)
            case commands.DismissListener():
                self._dismiss(command)
            case commands.ConnectCall():
                self.connector.connect(command.call, command.offer)
            case commands.AcknowledgeCall():
                self._set(contract.ACK, "1", command.call)
            case commands.SendToFallback():
                self._redirect(command.call, contract.FALLBACK_CONTEXT, "asked")
            case commands.OfferChoice() | commands.SayWhileWaiting():
                self._set(*waiting_words(command), command.call)
            case commands.StartConsult() | commands.BringCallerIn() | commands.TellListener():
                self.rooms.carry_out(command)
            case _:
                pass

    def beat(self, now: float) -> None:
        """Tell the dialplan that the daemon is alive and routing."""
        self._set(contract.BEAT, str(int(now)), None)

    def tell_wait(self, call: str, prompt: str) -> None:
        """Tell the dialplan what to say once of a caller's wait; an empty prompt: nothing."""
        self._set(WAIT, prompt, call)

    def follow_up(self, event: AnyEvent) -> None:
        """Tell the dialplan what an event, now that it is taken, makes true of its legs."""
        match event:
            case TalkStarted():
                self.mark_talk(event.call, event.offer)
            case PbxResynced():
                for seen in event.calls:
                    if seen.offer is not None:
                        self.mark_talk(seen.call, seen.offer)
            case _:
                pass

    def mark_talk(self, call: str, offer: str) -> None:
        """Tell both legs that they have talked, for when their bridge is over."""
        self.connector.joined(call)
        self._set(contract.TALK, "1", call)
        self._set(contract.TALK, "1", offer)

    def answer_menu(self, verdict: MenuVerdict) -> None:
        """Send a listener who has keyed something to the words that answer it."""
        self._redirect(verdict.channel, verdict.context, verdict.answer)

    def send(
        self, action: str, fields: Fields, if_refused: Callable[[], AnyEvent] | None = None
    ) -> None:
        """Send an action; if Asterisk says no, tell the event that this makes."""
        if self._link is None:
            return
        try:
            future = self._link.send(action, fields)
        except LinkDown:
            return
        except AmiError as error:
            log.warning("action_not_sent", action=action, reason=str(error))
            if if_refused is not None:
                self._tell(if_refused())
            return
        future.add_done_callback(lambda answer: self._hear(action, answer, if_refused))

    def _hear(
        self,
        action: str,
        answer: asyncio.Future[Message],
        if_refused: Callable[[], AnyEvent] | None,
    ) -> None:
        if answer.cancelled() or answer.exception() is not None:
            # The link's own watch finds out whether Asterisk is still there.
            return
        if not answer.result().refused:
            return
        log.info("action_refused", action=action)
        self.doubts = True
        if if_refused is not None:
            self._tell(if_refused())

    def _ring(self, command: commands.RingListener) -> None:
        endpoint = self.phones.endpoints.get(command.listener)
        if endpoint is None:
            self._tell(OfferFailed(command.offer, "refused"))
            return
        if self._link is None:
            # Noted as ordered, a leg that was never asked for would be believed in for good.
            return
        leg = self._mirror.offer(command.offer)
        leg.listener, leg.call = command.listener, command.call
        timeout_ms = int((command.ring_seconds + RING_MARGIN_SECONDS) * 1000)
        fields = {
            "ActionID": command.offer,
            "Channel": endpoint,
            "ChannelId": command.offer,
            "Context": contract.OFFER_CONTEXT,
            "Exten": "s",
            "Priority": "1",
            "Timeout": str(timeout_ms),
            "CallerID": self.phones.caller_ids.get(command.line, ""),
            "Variable": [
                f"{contract.LINE}={command.line}",
                f"{contract.KNOWN}={int(command.known_caller)}",
                f"{contract.HELP}={int(command.to_help)}",
                f"{contract.PASS}={command.listener}/{command.call}",
            ],
        }
        self.send("Originate", fields, lambda: self._not_placed(command.offer))

    def _not_placed(self, offer: str) -> OfferFailed:
        self._mirror.hang_up(offer)
        return OfferFailed(offer, "refused")

    def _dismiss(self, command: commands.DismissListener) -> None:
        self.connector.withdraw(command.offer)
        if self.wake_calls.withdraw(command.offer):
            self._tell(OfferFailed(command.offer, "refused"))
            return
        leg = self._mirror.offers.get(command.offer)
        if command.why == "talk_over":
            # Where two have talked, their bridge is over and the leg goes on by itself.
            self.rooms.dismiss(command.offer)
            return
        if leg is not None and leg.picked_up and command.why != "unknown":
            self._redirect(command.offer, contract.OFFER_CONTEXT, "taken")
        else:
            self.send("Hangup", {"Channel": command.offer})

    def _redirect(self, channel: str, context: str, exten: str) -> None:
        where = {"Channel": channel, "Context": context, "Exten": exten, "Priority": "1"}
        self.send("Redirect", where)

    def _set(self, variable: str, value: str, channel: str | None) -> None:
        fields = {"Variable": variable, "Value": value}
        if channel is not None:
            fields["Channel"] = channel
        self.send("Setvar", fields)
