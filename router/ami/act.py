"""From the engine's commands to Asterisk's actions."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Mapping
from datetime import datetime

import structlog
from msgspec import Struct

from router.ami import contract
from router.ami.after_talk import AfterTalk
from router.ami.briefing import Briefings
from router.ami.call_back import CallBacks
from router.ami.connect import Connector
from router.ami.errors import LinkDown
from router.ami.link import AmiLink
from router.ami.menu import MenuVerdict
from router.ami.message import Message
from router.ami.mirror import Mirror
from router.ami.pending import Fields
from router.ami.room import Rooms
from router.ami.variable import hear_variable
from router.ami.wake import WakeCalls
from router.ami.words import WAIT, owed_words, waiting_words
from router.core import commands
from router.core.commands import AnyCommand
from router.core.events import (
    AnyEvent,
    FallbackAnswered,
    OfferFailed,
    PbxResynced,
    TalkStarted,
)
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
        self.connector = Connector(mirror, self.send, self._ask, tell)
        self.rooms = Rooms(mirror, self.send, tell)
        self.wake_calls = WakeCalls(self.send, self._ring)
        self.call_backs = CallBacks(mirror, self.connector, self.send, tell, time.time)
        self.after_talk = AfterTalk(mirror, self.send, time.time)
        self._briefings = Briefings(mirror, self.call_backs.carry_out)
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
        self._briefings.forget_all()

    def carry_out(self, command: AnyCommand) -> None:
        """Do what a command says. Reports, and what the store does, are not for Asterisk."""
        match command:
            case commands.RingListener():
                if not self.wake_calls.make_way(command):
                    self._ring(command)
            case commands.DismissListener():
                self._dismiss(command)
            case commands.ConnectCall():
                self.call_backs.connecting(command.call, command.offer)
                self.connector.connect(command.call, command.offer)
            case commands.AcknowledgeCall():
                self._set(contract.ACK, "1", command.call)
            case commands.SendToFallback():
                self._redirect(command.call, contract.FALLBACK_CONTEXT, "asked")
            case commands.OfferChoice() | commands.SayWhileWaiting():
                self._say(command)
            case commands.StartConsult() | commands.BringCallerIn() | commands.TellListener():
                self._see_to_talk(command)
            case _ if self._link is not None:
                self._briefings.carry_out(command)
            case _:
                pass

    def settle(self) -> None:
        """Do what waited for Asterisk to have legs where they are needed."""
        self.connector.join_ready()
        self._briefings.dial_ready()
        self.call_backs.hang_up_dropped()

    def beat(self, now: float) -> None:
        """Tell the dialplan that the daemon is alive and routing; look for what Asterisk lost."""
        self._set(contract.BEAT, str(int(now)), None)
        self.connector.look_again()

    def tell_wait(self, call: str, prompt: str) -> None:
        """Tell the dialplan what to say once of a caller's wait; an empty prompt: nothing."""
        self._set(WAIT, prompt, call)

    def follow_up(self, event: AnyEvent, *, stored: bool = True) -> None:
        """Tell the dialplan what an event, now that it is taken, makes true of its legs.

        `stored`: the journal has it, so that the marks which it tells of are needed no more.
        """
        match event:
            case TalkStarted():
                self.mark_talk(event.call, event.offer)
            case FallbackAnswered():
                self.mark_talk(event.call, None)
            case PbxResynced():
                for seen in event.calls:
                    if seen.place == "talking":
                        self.mark_talk(seen.call, seen.offer)
                if event.talked and stored:
                    self._set(contract.TALKED, "", None)
            case _:
                pass

    def mark_talk(self, call: str, offer: str | None) -> None:
        """Tell the legs that they have talked, for when their bridge is over.

        Without an offer it is somebody of the fallback group with whom the caller talks.
        """
        self.connector.joined(call)
        self._set(contract.TALK, "1", call)
        if offer is not None:
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
                f"{contract.CALL_BACK}={int(command.to_call_back)}",
                f"{contract.PASS}={command.listener}/{command.call}",
                *self._owed(command),
            ],
        }
        self.send("Originate", fields, lambda: self._not_placed(command.offer))

    def _see_to_talk(
        self, command: commands.StartConsult | commands.BringCallerIn | commands.TellListener
    ) -> None:
        match command:
            case commands.TellListener(words="promised" | "not_promised" as words):
                self.after_talk.tell(command.offer, words)
            case _:
                self.rooms.carry_out(command)

    def _owed(self, command: commands.RingListener) -> list[str]:
        """Give what a listener hears of a call-back once they have taken it."""
        if command.due_by is None:
            return []
        due_at = datetime.fromtimestamp(command.due_by, self.call_backs.dialling.zone)
        return [f"{contract.OWED}={owed_words(due_at, command.attempt)}"]

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
            words = "not_reached" if command.why == "not_reached" else "taken"
            self._redirect(command.offer, contract.OFFER_CONTEXT, words)
        else:
            self.send("Hangup", {"Channel": command.offer})

    def _say(self, command: commands.OfferChoice | commands.SayWhileWaiting) -> None:
        leg = self._mirror.calls.get(command.call)
        calls_back = leg is not None and leg.line in self.call_backs.dialling.calling_back
        self._set(*waiting_words(command, calls_back=calls_back), command.call)

    def _redirect(self, channel: str, context: str, exten: str) -> None:
        where = {"Channel": channel, "Context": context, "Exten": exten, "Priority": "1"}
        self.send("Redirect", where)

    def _ask(self, leg: str, variable: str, hear: Callable[[str], None]) -> None:
        if self._link is not None:
            hear_variable(self._link, leg, variable, hear)

    def _set(self, variable: str, value: str, channel: str | None) -> None:
        fields = {"Variable": variable, "Value": value}
        if channel is not None:
            fields["Channel"] = channel
        self.send("Setvar", fields)
