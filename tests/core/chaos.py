"""Everything that can go wrong around the engine, as rules that a test draws from."""

from __future__ import annotations

from typing import get_args

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule

from router.core import events
from router.core.commands import AnyCommand, ConnectCall, DismissListener
from router.core.events import AnyEvent, FailureReason, LegEnd
from tests.core.drive import START, of
from tests.core.ledger import Ledger
from tests.core.pbx import Pbx
from tests.core.world import BELIEFS, PEOPLE, POLICIES

SLICE_SECONDS = 2.5
CALM_SECONDS = 1800.0
"""More than the longest rest, the fallback's time and a few talks together."""
TALK_SECONDS = 60.0

some = st.integers(min_value=0, max_value=11)
LegActs = st.sampled_from(
    ["ring", "pick_up", "press_accept", "press_accept", "press_other", "press_nothing"]
)


KEYS = ("shock", "code", "language", "wait", "another")


class Chaos(RuleBasedStateMachine):
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
        for command in said:
            self.pbx.carry_out(command)
        return said

    def deliver_all(self) -> None:
        while self.pbx.wire:
            self.step(self.pbx.wire.popleft())

    @rule(on=st.sampled_from(["general", "police", "night", "nowhere"]), who=some)
    def somebody_calls(self, on: str, who: int) -> None:
        self.pbx.arrive(on, f"hash-{who}" if who else None, self.now)

    @precondition(lambda self: self.pbx.callers)
    @rule(which=some)
    def caller_hangs_up(self, which: int) -> None:
        self.pbx.hang_up(self._call(which))

    @precondition(lambda self: self.pbx.callers)
    @rule(which=some)
    def hold_turns(self, which: int) -> None:
        self.pbx.announce(self._call(which))

    @precondition(lambda self: self.pbx.callers)
    @rule(which=some, what=st.sampled_from(KEYS), who=st.sampled_from(list(PEOPLE)))
    def caller_presses(self, which: int, what: str, who: str) -> None:
        call = self._call(which)
        keys: dict[str, AnyEvent] = {
            "shock": events.CallerInShock(call),
            "code": events.CallerAskedFor(call, who),
            "language": events.CallerChoseSkills(call, {"police": 1}, ("fr",)),
            "wait": events.CallerChose(call, "wait"),
            "another": events.CallerChose(call, "another"),
        }
        self.pbx.press(call, keys[what])

    @precondition(lambda self: self.pbx.callers)
    @rule(which=some, answered=st.booleans())
    def dialplan_takes_over(self, which: int, answered: bool) -> None:  # noqa: FBT001 - both ways
        call = self._call(which)
        self.pbx.go_to_fallback(call)
        if answered:
            self.pbx.fallback_answers(call)

    @precondition(lambda self: self.pbx.legs)
    @rule(which=some, does=LegActs)
    def listener_does(self, which: int, does: str) -> None:
        getattr(self.pbx, does)(self._leg(which))

    @precondition(lambda self: self.pbx.legs)
    @rule(which=some, kind=st.sampled_from(get_args(events.Help)))
    def listener_asks_for_help(self, which: int, kind: events.Help) -> None:
        self.pbx.ask_for_help(self._leg(which), kind)

    @precondition(lambda self: self.pbx.legs)
    @rule(which=some, kind=st.sampled_from(get_args(events.Help)))
    def help_comes(self, which: int, kind: events.Help) -> None:
        """Have a listener ask while others are ready; whose phone rings takes the ring at once."""
        asking = self._leg(which)
        for name in self.policy.listeners:
            self.step(events.ListenerCameOn(name))
        self.pbx.ask_for_help(asking, kind)
        self.deliver_all()
        for leg in list(self.pbx.legs.values()):
            if leg.call == self.pbx.legs[asking].call and leg.name != asking:
                self.pbx.pick_up(leg.name)
                self.pbx.press_accept(leg.name)
        self.deliver_all()

    @rule(who=st.sampled_from([*PEOPLE, "stranger"]))
    def listener_says_what_came_of_it(self, who: str) -> None:
        self.step(events.TalkDisposed(who, "orientation", "maison-bleue"))

    @rule(who=some)
    def caller_is_forgotten(self, who: int) -> None:
        self.step(events.CallerForgotten(f"hash-{who}"))

    @precondition(lambda self: self.pbx.legs)
    @rule(which=some, how=st.sampled_from(get_args(LegEnd)))
    def leg_ends(self, which: int, how: LegEnd) -> None:
        self.pbx.end_leg(self._leg(which), how)

    @precondition(lambda self: self.pbx.legs)
    @rule(which=some, why=st.sampled_from(get_args(FailureReason)))
    def leg_fails(self, which: int, why: FailureReason) -> None:
        self.pbx.fail(self._leg(which), why)

    @rule()
    def next_bridge_fails(self) -> None:
        self.pbx.next_bridge_fails = True

    @rule(
        who=st.sampled_from([*PEOPLE, "stranger"]),
        says=st.sampled_from(
            [
                events.ListenerCameOn,
                events.ListenerCameOn,
                events.ListenerPaused,
                events.ListenerWentOff,
                events.TalkMarkedHard,
            ]
        ),
    )
    def listener_says(self, who: str, says: type[events.ListenerCameOn]) -> None:
        self.step(says(who))

    @rule(which=st.sampled_from(list(POLICIES)))
    def rules_change(self, which: str) -> None:
        self.policy = POLICIES[which]
        self.step(events.PolicyLoaded(self.policy))

    @rule()
    def wire_is_heard(self) -> None:
        self.deliver_all()

    @precondition(lambda self: self.pbx.wire)
    @rule()
    def one_event_is_lost(self) -> None:
        self.pbx.wire.popleft()

    @precondition(lambda self: self.pbx.wire)
    @rule()
    def one_event_comes_twice(self) -> None:
        event = self.pbx.wire.popleft()
        self.step(event)
        self.step(event)

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

    @rule(seconds=st.sampled_from([0.5, 30.0, 3600.0]))
    def clock_goes_back(self, seconds: float) -> None:
        self.now -= seconds

    @precondition(lambda self: self.pbx.linked)
    @rule()
    def link_is_lost(self) -> None:
        self.pbx.cut()
        self.step(events.PbxLost())

    @precondition(lambda self: not self.pbx.linked)
    @rule()
    def link_is_back(self) -> None:
        self.resync()

    @rule(forgotten=st.booleans())
    def daemon_restarts(self, forgotten: bool) -> None:  # noqa: FBT001 - both ways
        self.pbx.cut()
        if forgotten:
            self.ledger.forget()
        else:
            self.ledger.engine = type(self.ledger.engine).restore(self.ledger.engine.snapshot())
            self.ledger.decisions = []
        self.step(events.EngineStarted(f"boot{len(self.ledger.journal)}"))
        self.step(events.PolicyLoaded(self.policy))

    @rule()
    def twin_is_made_anew(self) -> None:
        self.ledger.restore_twin()

    @precondition(lambda self: self.pbx.callers)
    @rule(which=some)
    def decisions_are_watched(self, which: int) -> None:
        self.ledger.watch(self._call(which))

    def resync(self) -> None:
        talks = {one.partner for one in self.pbx.callers.values()} - {None}
        callers = self.pbx.callers.values()
        waiting = [one.name for one in callers if one.place in ("waiting", "aside")]
        self.pbx.linked = True
        said = self.ledger.step(self.pbx.truth(), self.now)
        assert not [one for one in of(DismissListener, said) if one.offer in talks], "a talk cut"
        assert all(one.call in waiting for one in of(ConnectCall, said)), "pulled out of a talk"
        self._check_belief()
        for command in said:
            self.pbx.carry_out(command)

    def _check_belief(self) -> None:
        state = self.ledger.engine.state
        callers = {name for name, call in state.calls.items() if call.help_wanted is None}
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
        until = self.pbx.true_now + CALM_SECONDS
        while self.pbx.callers and self.pbx.true_now < until:
            self._be_good(talking_since)
        assert self.pbx.callers == {}, "somebody was never reached"
        self.time_passes(CALM_SECONDS, heard=True)
        assert self.ledger.engine.state.calls == {}
        assert self.ledger.engine.state.offers == {}

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
