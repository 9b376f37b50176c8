"""The floor: every call, offer and listener there is now, and the indexes over them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

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
from router.core.policy import Policy
from router.core.queue import Queue


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
    acquaintances: Acquaintances = field(default_factory=Acquaintances)
    guilds: Guilds = field(default_factory=dict)


def kept_calls(calls: Iterable[Call]) -> dict[str, dict[str, Call]]:
    """Index the calls that are kept for their usual listener, by that listener."""
    kept: dict[str, dict[str, Call]] = {}
    for call in calls:
        if call.is_kept_for_usual and call.usual is not None:
            kept.setdefault(call.usual, {})[call.name] = call
    return kept


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
        self.take_rules()
        self.reindex()

    def begin_step(self) -> None:
        """Forget what the step before has touched and commanded."""
        self.commands = []
        if self.touched_calls:
            self.touched_calls = {}
        if self.touched_offers:
            self.touched_offers = {}
        if self.touched_listeners:
            self.touched_listeners = {}

    def take_rules(self) -> None:
        """Have the rules of care at hand."""
        policy = self.state.policy
        self.sparing = Sparing(policy.care, policy.utc_offset_seconds)

    def reindex(self) -> None:
        """Make the indexes anew from the state."""
        state = self.state
        self.bench = Bench(state.policy, state.listeners.values())
        self.queue = Queue(state.calls.values())
        self.kept = kept_calls(state.calls.values())
        self.deadlines = Deadlines(
            {"call": state.calls, "offer": state.offers, "listener": state.listeners}
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

    def order(self, command: AnyCommand) -> None:
        """Add a command to what this step gives out."""
        self.commands.append(command)

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

    def due_listener(self, listener: ListenerState, at: float) -> None:
        """Set a listener's deadline."""
        listener.deadline = at
        self.deadlines.add(at, "listener", listener.name)
