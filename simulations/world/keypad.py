"""The keys that callers press: for shock, a listener's code, a choice while that one is busy."""

from __future__ import annotations

from router.core.commands import OfferChoice
from router.core.events import AnyEvent, CallerAskedFor, CallerChose, CallerInShock
from simulations.clock import Clock
from simulations.scenario.shape import Scenario
from simulations.world.caller import Caller
from simulations.world.pbx import Pbx
from simulations.world.sampling import sampler
from simulations.world.streams import stream
from simulations.world.wire import Wire


class Keypad:
    """Has callers press what they press, while they wait, each attempt alike in every run."""

    def __init__(self, clock: Clock, wire: Wire, pbx: Pbx, scenario: Scenario) -> None:
        self._clock = clock
        self._wire = wire
        self._pbx = pbx
        self._habits = habits = scenario.callers
        self._works = scenario.rules.keys
        self._listener_of: dict[str, str] = {}
        """Person to whom they last talked with."""
        self._shock_key_after = sampler(habits.shock_key_after)
        self._code_after = sampler(habits.code_after)
        self._choice_after = sampler(habits.choice_after)
        patience = habits.usual_patience
        self._usual_patience = None if patience is None else sampler(patience)
        pbx.obeys[OfferChoice] = self._ask

    def greet(self, caller: Caller) -> None:
        """Have a caller who arrives hear the welcome menu."""
        attempt, habits = caller.attempt, self._habits
        if not self._works:
            return
        if attempt.in_shock:
            after_seconds = self._shock_key_after(stream(attempt.luck, "shock"))
            self._press_later(after_seconds, caller, CallerInShock(caller.name))
        listener = self._listener_of.get(attempt.person.name)
        if attempt.person.withheld and listener is not None and habits.types_code > 0.0:
            chance = stream(attempt.luck, "code")
            if chance.random() < habits.types_code:
                code = CallerAskedFor(caller.name, listener)
                self._press_later(self._code_after(chance), caller, code)

    def acquaint(self, caller: Caller) -> None:
        """Note whom a caller has talked with: that listener gives them a code."""
        if caller.answered_by is not None:
            self._listener_of[caller.attempt.person.name] = caller.answered_by

    def _ask(self, order: OfferChoice) -> None:
        caller = self._pbx.callers.get(order.call)
        if caller is None or not self._works:
            return
        chance = stream(caller.attempt.luck, "choice")
        waits = chance.random() < self._habits.waits_for_usual
        choice = CallerChose(caller.name, "wait" if waits else "another")
        after_seconds = self._choice_after(chance)
        self._press_later(after_seconds, caller, choice)
        if waits and self._usual_patience is not None:
            patience_seconds = self._usual_patience(chance)
            self._clock.call_in(after_seconds, self._have_patience, caller, patience_seconds)

    def _press_later(self, after_seconds: float, caller: Caller, event: AnyEvent) -> None:
        self._clock.call_in(after_seconds, self._press, caller, caller.moves, event)

    def _press(self, caller: Caller, moves: int, event: AnyEvent) -> None:
        if caller.moves == moves:
            self._wire.tell(event)

    def _have_patience(self, caller: Caller, seconds: float) -> None:
        if caller.place == "waiting":
            self._pbx.be_patient(caller, seconds)
