"""Everything that can go wrong around the engine, as rules that a test draws from."""

from __future__ import annotations

from typing import get_args

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from router.core import events
from router.core.events import AnyEvent, FailureReason, LegEnd
from router.core.presence_events import ListenerHeard, ListenerUnheard
from router.core.promise_events import (
    CallBackAsked,
    CallBackEnd,
    NumberLost,
    NumberTyped,
    PromiseCancelled,
    PromiseGiven,
    WhyNotNoted,
)
from tests.core.stage import Stage
from tests.core.world import PEOPLE, POLICIES

some = st.integers(min_value=0, max_value=11)
LegActs = st.sampled_from(
    ["ring", "pick_up", "press_accept", "press_accept", "press_other", "press_nothing"]
)


KEYS = ("shock", "code", "language", "wait", "another", "call_back", "call_back")


class Chaos(Stage):
    """Every rule is something that can go wrong, or right."""

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
            "call_back": CallBackAsked(call),
        }
        self.pbx.press(call, keys[what])

    @precondition(lambda self: self.pbx.callers)
    @rule(which=some, who=some)
    def caller_types_a_number(self, which: int, who: int) -> None:
        call, typed = self._call(which), f"hash-{who}" if who else None
        refused: WhyNotNoted | None = None if typed else "emergency"
        self.pbx.press(call, NumberTyped(call, typed, refused))

    @precondition(lambda self: self.pbx.store.to_note)
    @rule(durable=st.booleans())
    def store_answers(self, durable: bool) -> None:  # noqa: FBT001 - both ways
        self.step(self.pbx.store.note(durable=durable))

    @precondition(lambda self: self.pbx.dialled)
    @rule(which=some, how=st.sampled_from(["taken", "taken", *get_args(CallBackEnd)]))
    def call_back_is_answered(self, which: int, how: str) -> None:
        leg = list(self.pbx.dialled)[which % len(self.pbx.dialled)]
        if how == "taken":
            self.pbx.answer_call_back(leg)
        else:
            self.pbx.end_call_back(leg, how)  # type: ignore[arg-type]  # one of those drawn

    @precondition(lambda self: self.ledger.engine.state.promises)
    @rule(which=some, given=st.booleans())
    def senior_sees_to_a_promise(self, which: int, given: bool) -> None:  # noqa: FBT001 - both ways
        names = list(self.ledger.engine.state.promises)
        name = names[which % len(names)]
        self.step(PromiseGiven(name) if given else PromiseCancelled(name, "senior"))

    @precondition(lambda self: self.ledger.engine.state.promises)
    @rule(which=some)
    def number_is_lost(self, which: int) -> None:
        names = list(self.ledger.engine.state.promises)
        self.step(NumberLost(names[which % len(names)]))

    @precondition(lambda self: self.pbx.callers)
    @rule(which=some, answered=st.booleans())
    def dialplan_takes_over(self, which: int, answered: bool) -> None:  # noqa: FBT001 - both ways
        call = self._call(which)
        self.pbx.go_to_fallback(call)
        if answered:
            self.pbx.fallback_answers(call)

    @precondition(lambda self: self.pbx.callers)
    @rule(which=some, listener_first=st.booleans(), answered=st.booleans())
    def caller_is_put_through(self, which: int, listener_first: bool, answered: bool) -> None:  # noqa: FBT001 - both ways
        call = self._call(which)
        self.pbx.put_through(call, listener_first=listener_first, answered=answered)

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

    @rule(
        who=st.sampled_from([*PEOPLE, "stranger"]),
        what=st.sampled_from(get_args(events.Disposition)),
    )
    def listener_says_what_came_of_it(self, who: str, what: events.Disposition) -> None:
        at = self.now + 900.0 if what == "follow_up" else None
        self.step(events.TalkDisposed(who, what, None, at))

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
                ListenerUnheard,
                ListenerHeard,
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
        for name, noted in list(self.pbx.store.kept.items()):
            if name not in self.ledger.engine.state.promises:
                self.step(noted)

    @rule()
    def twin_is_made_anew(self) -> None:
        self.ledger.restore_twin()

    @precondition(lambda self: self.pbx.callers)
    @rule(which=some)
    def decisions_are_watched(self, which: int) -> None:
        self.ledger.watch(self._call(which))
