"""A listener asks for a senior in a talk: the two confer while the caller waits, then go on."""

from __future__ import annotations

from router.core.commands import BringCallerIn, StartConsult
from router.core.events import ConsultStarted, HelpAsked, TalkStarted
from simulations.clock import Clock
from simulations.world.caller import Caller
from simulations.world.legs import Leg
from simulations.world.listeners import Consult
from simulations.world.pbx import Pbx
from simulations.world.wire import Wire


class Consults:
    """Has listeners press the key for a senior, and the dialplan's room do what it is told."""

    def __init__(self, clock: Clock, wire: Wire, pbx: Pbx) -> None:
        self._clock = clock
        self._wire = wire
        self._pbx = pbx
        pbx.talks.when_help_is_due = self._ask
        pbx.obeys[StartConsult] = self._put_aside
        pbx.obeys[BringCallerIn] = self._bring_in

    def _ask(self, caller: Caller, moves: int, plan: Consult) -> None:
        """Press the key, if the listener still talks with this caller."""
        if caller.moves == moves and caller.partner is not None:
            caller.consult = plan
            self._wire.tell(HelpAsked(caller.partner.name))

    def _put_aside(self, order: StartConsult) -> None:
        caller, legs = self._pbx.callers.get(order.call), self._pbx.legs
        leg, helper = legs.by_name.get(order.offer), legs.by_name.get(order.helper)
        if caller is None or not _can_confer(caller, leg, helper):
            self._pbx.when_refused()
            return
        assert helper is not None, "there is somebody to confer with"
        assert caller.consult is not None, "the listener has asked"
        moves = self._pbx.put_aside(caller, helper)
        legs.start_talk(helper)
        self._wire.tell(ConsultStarted(order.offer, order.helper))
        plan = caller.consult
        self._clock.call_in(plan.seconds, self._confer_no_more, caller, moves, plan)

    def _confer_no_more(self, caller: Caller, moves: int, plan: Consult) -> None:
        """Hand the caller over, or have them join the two."""
        if caller.moves != moves or caller.partner is None or caller.helper is None:
            return
        if plan.hands_over:
            self._pbx.legs.end(caller.partner)
        else:
            self._wire.tell(HelpAsked(caller.partner.name))

    def _bring_in(self, order: BringCallerIn) -> None:
        caller = self._pbx.callers.get(order.call)
        leg = caller.partner if caller is not None else None
        if caller is None or leg is None or caller.place not in ("aside", "talking"):
            self._pbx.when_refused()
            return
        self._pbx.bring_in(caller)
        self._wire.tell(TalkStarted(caller.name, leg.name))


def _can_confer(caller: Caller, leg: Leg | None, helper: Leg | None) -> bool:
    """Say whether the caller talks with this listener, and the helper is there to be joined."""
    if leg is None or caller.partner is not leg or caller.place != "talking":
        return False
    return helper is not None and helper.stage == "accepted" and not helper.leaving
