"""The stage for the chaos: an engine, a little Asterisk, true time; and the calm at the end."""

from __future__ import annotations

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule

from router.core import events
from router.core.commands import AnyCommand, ConnectCall, DismissListener
from router.core.events import AnyEvent
from router.core.promise_events import PbxBooted
from tests.core.drive import START, of
from tests.core.ledger import Ledger
from tests.core.pbx import Pbx
from tests.core.world import BELIEFS, POLICIES

SLICE_SECONDS = 2.5
CALM_SECONDS = 1800.0
"""More than the longest rest, the fallback's time and a few talks together."""
TALK_SECONDS = 60.0
DAYS_SECONDS = 200_000.0
"""In which every promise is kept, or a senior's: all attempts, each in its hours."""


class Stage(RuleBasedStateMachine):
    """Where it is played, and what makes it come right once nothing goes wrong any more."""

    @initialize()
    def start(self) -> None:
        self.now = START
        self.policy = policy = POLICIES["usual"]
        self.pbx = Pbx(START)
        self.ledger = Ledger(self.pbx)
        self.step(events.EngineStarted("boot"))
        self.step(events.PolicyLoaded(policy))
        self.step(self.pbx.truth())
        for name in policy.listeners:
            self.step(events.ListenerCameOn(name))

    def step(self, event: AnyEvent) -> list[AnyCommand]:
        said = self.ledger.step(event, self.now)
        self._carry_out(said)
        return said

    def _carry_out(self, said: list[AnyCommand]) -> None:
        for command in said:
            self.pbx.carry_out(command)
        self.ledger.check_kept()

    def deliver_all(self) -> None:
        while self.pbx.wire:
            self.step(self.pbx.wire.popleft())

    @rule(seconds=st.sampled_from([0.1, 5.0, 21.0, 95.0]), heard=st.booleans())
    def time_passes(self, seconds: float, heard: bool) -> None:  # noqa: FBT001 - both ways
        while seconds > 0.0:
            taken = min(seconds, SLICE_SECONDS)
            seconds -= taken
            self.now += taken
            self.pbx.let_pass(taken)
            if heard:
                self.deliver_all()
            self._wake()

    def resync(self) -> None:
        talks = {one.partner for one in self.pbx.callers.values()} - {None}
        callers = self.pbx.callers.values()
        waiting = [one.name for one in callers if one.place in ("waiting", "aside")]
        self.pbx.linked = True
        self.step(PbxBooted(START))
        said = self.ledger.step(self.pbx.truth(), self.now)
        self._check_talked()
        assert not [one for one in of(DismissListener, said) if one.offer in talks], "a talk cut"
        assert all(one.call in waiting for one in of(ConnectCall, said)), "pulled out of a talk"
        self._check_belief()
        self._carry_out(said)

    def _check_talked(self) -> None:
        """Nobody who has talked meanwhile is owed by that call what it was to keep."""
        for call in self.pbx.talked - set(self.pbx.callers):
            owed = [one for one in self.ledger.engine.state.promises.values() if one.leg == call]
            assert owed == [], "rung again after a talk"
        self.pbx.unseen.clear()
        self.pbx.talked.clear()

    def _check_belief(self) -> None:
        state = self.ledger.engine.state
        callers = {name for name, call in state.calls.items() if call.has_leg}
        assert callers == set(self.pbx.callers)
        for name, caller in self.pbx.callers.items():
            assert state.calls[name].state in BELIEFS[caller.place], name
        for leg in self.pbx.legs.values():
            listener = state.listeners.get(leg.listener)
            assert listener is None or listener.offer is not None, "a phone in use is not free"

    def teardown(self) -> None:
        if not hasattr(self, "ledger"):
            return
        self.pbx.cut()
        self.step(events.PbxLost())
        self.resync()
        for name in self.policy.listeners:
            self.step(events.ListenerCameOn(name))
        talking_since: dict[str, float] = {}
        self.calm_until = self.pbx.true_now + DAYS_SECONDS
        until = self.pbx.true_now + CALM_SECONDS
        while self.pbx.callers and self.pbx.true_now < until:
            self._be_good(talking_since)
        assert self.pbx.callers == {}, "somebody was never reached"
        self.time_passes(CALM_SECONDS, heard=True)
        state = self.ledger.engine.state
        while any(one.state != "with_seniors" for one in state.promises.values()):
            self._keep_promises()
        assert self.ledger.engine.state.calls == {}
        assert self.ledger.engine.state.offers == {}

    def _keep_promises(self) -> None:
        """Have the store, the listeners and whom we ring do what they should."""
        while self.pbx.store.to_note:
            self.step(self.pbx.store.note(durable=True))
        for leg in list(self.pbx.dialled):
            self.pbx.answer_call_back(leg)
        self._be_good({})
        for name, one in list(self.pbx.callers.items()):
            if one.place == "talking":
                self.pbx.hang_up(name)
        assert self.pbx.true_now < self.calm_until, "a promise was never kept"
        if not (self.pbx.legs or self.pbx.dialled or self.pbx.callers):
            self.time_passes(12.0, heard=True)

    def _be_good(self, talking_since: dict[str, float]) -> None:
        for leg in list(self.pbx.legs):
            self.pbx.pick_up(leg)
            self.pbx.press_accept(leg)
        for name, one in list(self.pbx.callers.items()):
            self.pbx.fallback_answers(name)
            if one.place == "waiting":
                self.pbx.announce(name)
                continue
            since = talking_since.setdefault(name, self.pbx.true_now)
            if self.pbx.true_now - since > TALK_SECONDS:
                self.pbx.hang_up(name)
        self.time_passes(5.0, heard=True)

    def _wake(self) -> None:
        due = self.ledger.engine.next_deadline()
        assert due == self.ledger.twin.next_deadline()
        if due is not None and due <= self.now:
            self.step(events.TimeReached())

    def _call(self, which: int) -> str:
        return list(self.pbx.callers)[which % len(self.pbx.callers)]

    def _leg(self, which: int) -> str:
        return list(self.pbx.legs)[which % len(self.pbx.legs)]
