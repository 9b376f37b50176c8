"""The floor: every call, offer and listener there is now, and the indexes over them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TypeVar

from router.core.affinity import Acquaintances
from router.core.call import Call
from router.core.care import Sparing
from router.core.commands import AnyCommand
from router.core.deadlines import Deadlines
from router.core.explain import Decision
from router.core.fair_share import Guilds
from router.core.listener import ListenerState
from router.core.machine import UnknownId
from router.core.matching import Bench
from router.core.offer import Offer
from router.core.policy import Line, Policy, Rung
from router.core.promise import Promise
from router.core.queue import Queue

Owned = TypeVar("Owned", bound=Call | Promise)


@dataclass(slots=True)
class State:
    """All that a snapshot holds. The indexes are made from it."""

    policy: Policy = field(default_factory=lambda: Policy(lines={}, listeners={}))
    boot: str = ""
    pbx_up: bool = False
    now: float = 0.0
    """Own time; the clock may have been set back since."""
    set_back_seconds: float = 0.0
    """By how much own time runs ahead of the clock."""
    offers_made: int = 0
    calls_entered: int = 0
    idle_orders: int = 0
    calls: dict[str, Call] = field(default_factory=dict)
    offers: dict[str, Offer] = field(default_factory=dict)
    listeners: dict[str, ListenerState] = field(default_factory=dict)
    promises: dict[str, Promise] = field(default_factory=dict)
    promises_made: int = 0
    acquaintances: Acquaintances = field(default_factory=Acquaintances)
    guilds: Guilds = field(default_factory=dict)


def kept_calls(calls: Iterable[Call]) -> dict[str, dict[str, Call]]:
    """Index the calls that are kept for their usual listener, by that listener."""
    kept: dict[str, dict[str, Call]] = {}
    for call in calls:
        if call.is_kept_for_usual and call.usual is not None:
            kept.setdefault(call.usual, {})[call.name] = call
    return kept


def by_caller(held: Iterable[Owned]) -> dict[str, dict[str, Owned]]:
    """Index calls, or promises, by whose they are, as they stand in the state."""
    found: dict[str, dict[str, Owned]] = {}
    for one in held:
        if one.caller is not None:
            found.setdefault(one.caller, {})[one.name] = one
    return found


class Floor:
    """The state, its indexes, and what one step has touched and commanded."""

    def __init__(self, state: State) -> None:
        self.state = state
        self.watched: str | None = None
        """The call whose decisions are recorded, for `explain`."""
        self.decisions: list[Decision] = []
        self.commands: list[AnyCommand] = []
        self.touched_calls: dict[str, Call] = {}
        self.touched_offers: dict[str, Offer] = {}
        self.touched_listeners: dict[str, ListenerState] = {}
        self.caused_at = state.now
        """When this step's cause was: the event, or what was due first."""
        self.take_rules()
        self.reindex()

    def begin_step(self, now: float) -> None:
        """Forget what the step before has touched and commanded."""
        self.caused_at = now
        self.commands = []
        if self.touched_calls:
            self.touched_calls = {}
        if self.touched_offers:
            self.touched_offers = {}
        if self.touched_listeners:
            self.touched_listeners = {}

    def take_rules(self) -> None:
        """Have the rules of care at hand, which go by the wall clock and not by own time."""
        policy, ahead_seconds = self.state.policy, self.state.set_back_seconds
        self.sparing = Sparing(policy.care, policy.utc_offset_seconds - ahead_seconds)

    def follow_clock(self, set_back_seconds: float) -> None:
        """Have own time run ahead of the clock by so much from now on."""
        if set_back_seconds != self.state.set_back_seconds:
            self.state.set_back_seconds = set_back_seconds
            self.take_rules()

    def reindex(self) -> None:
        """Make the indexes anew from the state."""
        state = self.state
        self.bench = Bench(state.policy, state.listeners.values())
        self.queue = Queue(state.calls.values())
        self.kept = kept_calls(state.calls.values())
        self.calls_of = by_caller(state.calls.values())
        self.promises_of = by_caller(state.promises.values())
        self.deadlines = Deadlines(
            {
                "call": state.calls,
                "offer": state.offers,
                "listener": state.listeners,
                "promise": state.promises,
            }
        )

    def call(self, name: str) -> Call:
        """Give a call. Raises UnknownId if it is not held."""
        call = self.state.calls.get(name)
        if call is None:
            raise UnknownId("call not held")
        return call

    def offer(self, name: str) -> Offer:
        """Give an offer. Raises UnknownId if it is not held."""
        offer = self.state.offers.get(name)
        if offer is None:
            raise UnknownId("offer not held")
        return offer

    def listener(self, name: str) -> ListenerState:
        """Give a listener. Raises UnknownId if there is no such listener."""
        listener = self.state.listeners.get(name)
        if listener is None:
            raise UnknownId("no such listener")
        return listener

    def promise(self, name: str | None) -> Promise:
        """Give a promise. Raises UnknownId if it is not held."""
        promise = self.state.promises.get(name or "")
        if promise is None:
            raise UnknownId("no such promise")
        return promise

    def line(self, name: str) -> Line:
        """Give a line's rules; those of a line that the config does not name ask for anybody."""
        return self.state.policy.lines.get(name) or Line(name=name, ladder=(Rung(0.0, {}),))

    def order(self, command: AnyCommand) -> None:
        """Add a command to what this step gives out."""
        self.commands.append(command)

    def hold_call(self, call: Call) -> None:
        """Have a call be held from now on."""
        self.state.calls[call.name] = call
        if call.caller is not None:
            self.calls_of.setdefault(call.caller, {})[call.name] = call

    def drop_call(self, call: Call) -> None:
        """Have a call be held no longer."""
        del self.state.calls[call.name]
        _take_out(self.calls_of, call)

    def name_caller(self, call: Call, caller: str) -> None:
        """Know whose a call is, that is held already."""
        if call.caller != caller:
            _take_out(self.calls_of, call)
            call.caller = caller
            theirs = (one for one in self.state.calls.values() if one.caller == caller)
            self.calls_of.update(by_caller(theirs))

    def hold_promise(self, promise: Promise) -> None:
        """Have a promise be held from now on."""
        self.state.promises[promise.name] = promise
        self.promises_of.setdefault(promise.caller, {})[promise.name] = promise

    def drop_promise(self, promise: Promise) -> None:
        """Have a promise be held no longer."""
        del self.state.promises[promise.name]
        _take_out(self.promises_of, promise)

    def owe_to(self, promise: Promise, caller: str) -> None:
        """Know whom a promise is owed to, whose number is another than was known."""
        _take_out(self.promises_of, promise)
        promise.caller = caller
        theirs = (one for one in self.state.promises.values() if one.caller == caller)
        self.promises_of.update(by_caller(theirs))

    def touch_call(self, call: Call) -> None:
        """Have this step look at a call, and put it where it then belongs in the queue."""
        self.touched_calls[call.name] = call

    def keep_for_usual(self, call: Call) -> None:
        """Have nobody but its usual listener be asked for a call."""
        assert call.usual is not None, "there is somebody to keep it for"
        call.is_kept_for_usual = True
        self.kept.setdefault(call.usual, {})[call.name] = call

    def keep_for_nobody(self, call: Call) -> None:
        """Have anybody be asked for a call again."""
        if call.is_kept_for_usual and call.usual is not None:
            call.is_kept_for_usual = False
            del self.kept[call.usual][call.name]

    def touch_listener(self, listener: ListenerState) -> None:
        """Put a listener on or off the bench, and have this step look for a call for them."""
        self.bench.seat(listener)
        self.touched_listeners[listener.name] = listener

    def due_call(self, call: Call, at: float) -> None:
        """Set a call's deadline. To clear one, assign None: what was noted is passed over."""
        call.deadline = at
        self.deadlines.add(at, "call", call.name)

    def due_offer(self, offer: Offer, at: float) -> None:
        """Set an offer's deadline: each of its stages but the talk has one."""
        offer.deadline = at
        self.touched_offers[offer.name] = offer
        self.deadlines.add(at, "offer", offer.name)

    def due_promise(self, promise: Promise, at: float) -> None:
        """Set a promise's deadline."""
        promise.deadline = at
        self.deadlines.add(at, "promise", promise.name)

    def due_listener(self, listener: ListenerState, at: float) -> None:
        """Set a listener's deadline."""
        listener.deadline = at
        self.deadlines.add(at, "listener", listener.name)


def _take_out(index: dict[str, dict[str, Owned]], one: Owned) -> None:
    if one.caller is None:
        return
    theirs = index[one.caller]
    del theirs[one.name]
    if not theirs:
        del index[one.caller]
