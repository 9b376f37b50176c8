"""A little Asterisk: callers, listeners' legs, and the events that it tells in order."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field

from router.core import commands, events, promise_commands
from router.core.commands import AnyCommand
from router.core.events import AnyEvent, FailureReason, LegEnd
from router.core.promise_commands import ChangeNumber, CloseNumber, NotePromise
from router.core.promise_events import (
    CallBackEnd,
    CallBackEnded,
    CallBackTaken,
)
from router.core.seen import SeenOffer
from tests.core.pbx_legs import Caller, Dialled, Leg, is_ready, seen_caller, waits
from tests.core.store import Store

GONE_WITHIN_SECONDS = 5.0
"""A leg that is sent away says its words and is gone."""


@dataclass
class Pbx:
    """What there really is. `true_now` never goes back, whatever the daemon's clock does."""

    true_now: float
    callers: dict[str, Caller] = field(default_factory=dict)
    legs: dict[str, Leg] = field(default_factory=dict)
    dialled: dict[str, Dialled] = field(default_factory=dict)
    wire: deque[AnyEvent] = field(default_factory=deque)
    store: Store = field(default_factory=Store)
    unseen: set[str] = field(default_factory=set)
    """Calls in a talk of which nobody has heard that it began."""
    talked: set[str] = field(default_factory=set)
    """Those of them in which it is over: Asterisk keeps a mark of that."""
    linked: bool = True
    entered: int = 0
    next_bridge_fails: bool = False

    def truth(self) -> events.PbxResynced:
        """Give all that there is, as a resync would see it."""
        return events.PbxResynced(
            tuple(seen_caller(one) for one in self.callers.values()),
            tuple(
                SeenOffer(one.name, one.listener, one.call, one.stage) for one in self.legs.values()
            ),
            tuple(self.dialled),
            tuple(sorted(self.talked)),
        )

    def cut(self) -> None:
        """Lose the link, and with it what was on the wire."""
        self.linked = False
        begun = [one.call for one in self.wire if isinstance(one, events.TalkStarted)]
        self.unseen |= {one for one in begun if one in self.callers}
        self.wire.clear()

    def carry_out(self, command: AnyCommand) -> None:
        """Obey, if the link is there to be told; the store needs none."""
        match command:
            case NotePromise() | ChangeNumber() | CloseNumber():
                self.store.carry_out(command)
            case _ if self.linked:
                self._obey(command)
            case _:
                pass

    def _obey(self, command: AnyCommand) -> None:
        match command:
            case promise_commands.DialCaller():
                self._dial(command)
            case promise_commands.DropCallBack():
                self.dialled.pop(command.leg, None)
            case commands.RingListener():
                leg = Leg(command.offer, command.listener, command.call)
                self.legs[leg.name] = leg
            case commands.DismissListener():
                self._send_away(command.offer)
            case commands.ConnectCall():
                self._connect(command)
            case commands.StartConsult():
                self._put_aside(command)
            case commands.BringCallerIn():
                self._bring_in(command)
            case commands.SendToFallback():
                self.go_to_fallback(command.call)
            case _:
                pass

    def let_pass(self, seconds: float) -> None:
        """Let true time pass: legs that were sent away go."""
        self.true_now += seconds
        for leg in list(self.legs.values()):
            if leg.sent_away_at is None:
                continue
            if self.true_now - leg.sent_away_at >= GONE_WITHIN_SECONDS:
                self.end_leg(leg.name, "hung_up")

    def _dial(self, command: promise_commands.DialCaller) -> None:
        if command.leg in self.dialled or command.leg in self.callers:
            # Asterisk makes no second leg of one id: that is the fence against dialling twice.
            self._tell(CallBackEnded(command.leg, "unreachable"))
            return
        caller = self.store.kept[command.promise].caller
        assert all(one.caller != caller for one in self.dialled.values()), "two dials at once"
        self.dialled[command.leg] = Dialled(command.leg, command.line, caller)

    def answer_call_back(self, leg: str) -> None:
        """Have whom we ring press the key: from then on they are a caller like any other."""
        one = self.dialled.pop(leg)
        self.callers[leg] = Caller(leg, one.line, None, self.true_now)
        self._tell(CallBackTaken(leg))

    def end_call_back(self, leg: str, how: CallBackEnd) -> None:
        self.dialled.pop(leg)
        self._tell(CallBackEnded(leg, how))

    def arrive(self, line: str, caller: str | None, at: float) -> None:
        self.entered += 1
        one = Caller(f"1700000000.{self.entered}", line, caller, at)
        self.callers[one.name] = one
        self._tell(events.CallArrived(one.name, one.line, one.caller, one.arrived))

    def hang_up(self, call: str) -> None:
        one = self.callers.pop(call)
        self._talk_over(one)
        if one.partner is not None and not self.legs[one.partner].in_room:
            self._send_away(one.partner)
        for leg in self._with(one):
            leg.stage = "accepted"
        self._tell(events.CallerHungUp(call))

    def press(self, call: str, key: AnyEvent) -> None:
        """Have a caller who waits press a key; elsewhere nobody listens to it."""
        if self.callers[call].place == "waiting":
            self._tell(key)

    def ask_for_help(self, name: str, kind: events.Help) -> None:
        """Have a listener press the key for help; it works in talks and consults alone."""
        leg = self.legs[name]
        if leg.stage == "talking" or leg.in_room:
            self._tell(events.HelpAsked(name, kind))

    def announce(self, call: str) -> None:
        """Turn the hold loop once; from the fallback, come back to it."""
        one = self.callers[call]
        if one.place != "talking":
            one.place = "aside" if one.place == "aside" else "waiting"
            self._tell(events.CallWaiting(one.name, one.line, one.caller, one.arrived))

    def go_to_fallback(self, call: str) -> None:
        one = self.callers.get(call)
        if one is not None and one.place in ("waiting", "aside"):
            one.place = "fallback"
            self._tell(events.FallbackBegan(one.name, one.line, one.caller, one.arrived))

    def fallback_answers(self, call: str) -> None:
        one = self.callers[call]
        if one.place == "fallback":
            one.place = "fallback_talking"
            self._tell(events.FallbackAnswered(call))

    def put_through(self, call: str, *, listener_first: bool, answered: bool) -> None:
        """Have a caller sent to others: by their listener, who leaves, or out of hold."""
        one = self.callers[call]
        partner = self.legs.get(one.partner or "")
        if one.place not in ("waiting", "talking") or (partner is not None and partner.in_room):
            return
        one.place, one.partner = "fallback", None
        if partner is not None and listener_first:
            self.end_leg(partner.name, "hung_up")
        self._tell(events.CallerPutThrough(call))
        if partner is not None and not listener_first:
            self.end_leg(partner.name, "hung_up")
        if answered:
            self.fallback_answers(call)

    def ring(self, name: str) -> None:
        self._tell(events.ListenerRang(name))

    def pick_up(self, name: str) -> None:
        if self.legs[name].stage == "ringing":
            self.legs[name].stage = "picked_up"
            self._tell(events.ListenerPickedUp(name))

    def press_accept(self, name: str) -> None:
        if self.legs[name].stage == "picked_up":
            self.legs[name].stage = "accepted"
            self._tell(events.OfferAccepted(name))

    def press_other(self, name: str) -> None:
        if self.legs[name].stage == "picked_up":
            self._send_away(name)
            self._tell(events.OfferDeclined(name))

    def press_nothing(self, name: str) -> None:
        if self.legs[name].stage == "picked_up":
            self._send_away(name)
            self._tell(events.OfferFailed(name, "no_key"))

    def fail(self, name: str, reason: FailureReason) -> None:
        if self.legs[name].stage == "ringing":
            self._tell(events.OfferFailed(name, reason))
            self.end_leg(name, "network")

    def end_leg(self, name: str, how: LegEnd) -> None:
        leg = self.legs.pop(name)
        self._tell(events.ListenerLegEnded(name, how))
        caller = self.callers.get(leg.call)
        if caller is not None and caller.partner == name:
            self._leave_with(caller)

    def _talk_over(self, caller: Caller) -> None:
        if not self.linked and caller.name in self.unseen and caller.place == "talking":
            self.talked.add(caller.name)

    def _leave_with(self, caller: Caller) -> None:
        """Have a caller whose partner has gone stay with the other, or be alone again."""
        others = [leg.name for leg in self._in_room(caller.name)]
        if others:
            caller.partner = others[0]
        else:
            self._talk_over(caller)
            caller.place, caller.partner = "waiting", None

    def _in_room(self, call: str) -> list[Leg]:
        return [one for one in self.legs.values() if one.in_room and one.call == call]

    def _with(self, caller: Caller) -> list[Leg]:
        """Give the legs that this caller talks with."""
        if caller.place != "talking":
            return []
        return self._in_room(caller.name) or [self.legs[caller.partner or ""]]

    def _put_aside(self, command: commands.StartConsult) -> None:
        caller, leg = self.callers.get(command.call), self.legs.get(command.offer)
        helper = self.legs.get(command.helper)
        if caller is None or leg is None or not is_ready(helper) or caller.partner != leg.name:
            return
        caller.place, caller.partner = "aside", None
        for one in (leg, helper):
            one.stage, one.in_room = "talking", True
        self._tell(events.ConsultStarted(leg.name, helper.name))

    def _bring_in(self, command: commands.BringCallerIn) -> None:
        caller, leg = self.callers.get(command.call), self.legs.get(command.offer)
        if caller is None or caller.place not in ("aside", "talking"):
            return
        if leg is not None and leg.sent_away_at is None:
            leg.in_room = True
        there = [one for one in self._in_room(caller.name) if one.sent_away_at is None]
        if not there:
            caller.place, caller.partner = "waiting", None
            return
        caller.place, caller.partner = "talking", there[0].name
        for one in there:
            one.stage = "talking"
        self._tell(events.TalkStarted(caller.name, there[0].name))

    def _connect(self, command: commands.ConnectCall) -> None:
        caller, leg = self.callers.get(command.call), self.legs.get(command.offer)
        fails, self.next_bridge_fails = self.next_bridge_fails, False
        if not fails and waits(caller) and is_ready(leg):
            caller.place, caller.partner, leg.stage = "talking", leg.name, "talking"
            leg.in_room, leg.call = False, caller.name
            self._tell(events.TalkStarted(caller.name, leg.name))
        else:
            self._tell(events.ConnectFailed(command.call, command.offer))

    def _send_away(self, name: str) -> None:
        leg = self.legs.get(name)
        if leg is not None and leg.sent_away_at is None:
            leg.sent_away_at = self.true_now

    def _tell(self, event: AnyEvent) -> None:
        if self.linked:
            self.wire.append(event)
