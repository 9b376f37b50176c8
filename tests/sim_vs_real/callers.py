"""The callers on the farm: each comes, talks and leaves as the simulator would have it drawn."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Callable, Coroutine
from contextlib import suppress
from dataclasses import dataclass, field
from math import inf

from router.ami import contract
from router.core.offers import OFFER_PREFIX
from simulations.scenario import Scenario
from simulations.world.callers import Public, Try
from simulations.world.goodbyes import Goodbyes
from simulations.world.listeners import Manner
from simulations.world.talks import MORE_TO_SAY_SECONDS
from tests.sim_vs_real.phones import FALLBACK_PHONE, Phones
from tests.testbed.ami import Ami, AmiRefusedError, Message
from tests.testbed.behaviour import HUNG_UP, NETWORK_FAILED
from tests.testbed.farm import Farm

Deed = Callable[[], Coroutine[None, None, object]]


@dataclass
class Caller:
    """One call, as the two Asterisks and nobody else tell of it. Instants are Asterisk's own."""

    number: int
    attempt: Try
    talk_left_seconds: float
    on_farm: str = ""
    call: str = ""
    arrived_at: float = 0.0
    talks: list[tuple[str, float]] = field(default_factory=list)
    """With whom, and since when."""
    is_talking: bool = False
    leaves_after_seconds: float = inf
    """With a listener who will hang up first: from then to this caller's own end of the call."""
    due: list[asyncio.TimerHandle] = field(default_factory=list)
    """What this caller, or the listener's line, is about to do."""

    @property
    def caller_id(self) -> str:
        """The number that shows, which is no other caller's."""
        return f"06399800{self.number:02}"

    def forget_due(self) -> None:
        """Have nothing come of what was about to happen."""
        for handle in self.due:
            handle.cancel()
        self.due.clear()


def tries(scenario: Scenario, seed: int) -> list[Try]:
    """Give everybody who will call, in the order of their arrival."""
    public, end_seconds = Public(scenario, seed), scenario.days * 86_400.0
    found = []
    for line in scenario.lines:
        while (attempt := public.next_try(line)) is not None and attempt.at < end_seconds:
            found.append(attempt)
    return sorted(found, key=lambda attempt: attempt.at)


class Callers:
    """Lets everybody call in their time, and do what they would."""

    def __init__(
        self, farm: Farm, ours: Ami, phones: Phones, scenario: Scenario, people: list[Try]
    ) -> None:
        self.all = [
            Caller(number, attempt, attempt.talk_seconds) for number, attempt in enumerate(people)
        ]
        self._farm = farm
        self._ours = ours
        self._phones = phones
        self._goodbyes = Goodbyes(scenario.callers)
        self._leave_seconds = scenario.leave_seconds
        self._line_numbers = {name: line.number for name, line in scenario.lines.items()}
        self._by_caller_id = {caller.caller_id: caller for caller in self.all}
        self._by_call: dict[str, Caller] = {}
        self._couples: defaultdict[str, dict[str, str]] = defaultdict(dict)
        """Bridge to its caller's and its listener's legs."""
        self._listeners: dict[str, str] = {}
        """A listener's leg to whose it is."""
        self._tasks = asyncio.TaskGroup()
        self._still_to_leave = len(self.all)
        self._all_have_left = asyncio.Event()

    async def play(self) -> None:
        """Let everybody call, and wait until everybody has left."""
        async with self._tasks:
            for caller in self.all:
                self._in_time(caller, caller.attempt.at, lambda one=caller: self._dial(one))  # type: ignore[misc]
            await self._all_have_left.wait()

    async def follow(self, event: Message) -> None:
        """Take what our Asterisk tells."""
        name, leg, at = event["Event"], event["Uniqueid"], float(event["Timestamp"] or 0.0)
        in_talk = event["BridgeTechnology"] != contract.HOLDING_TECHNOLOGY
        if event["UserEvent"] == "DecrocheArrived":
            self._arrive(self._by_caller_id[event["CallerIDNum"]], event["Call"], at)
        elif event["UserEvent"] == "DecrocheFallbackAnswered":
            self._talk(self._by_call[event["Call"]], FALLBACK_PHONE, at)
        elif event["What"] == "accepted":
            await self._accept(event["Offer"])
        elif name == "BridgeEnter" and in_talk:
            self._enter(leg, event["BridgeUniqueid"], at)
        elif leg in self._by_call and name == "BridgeLeave" and in_talk:
            self._leave_talk(self._by_call[leg], at)
        elif leg in self._by_call and name == "Hangup":
            self._leave(self._by_call[leg], at)

    async def _dial(self, caller: Caller) -> None:
        number = self._line_numbers[caller.attempt.line]
        caller.on_farm = await self._farm.call(number, caller.caller_id)

    def _arrive(self, caller: Caller, call: str, at: float) -> None:
        caller.call, caller.arrived_at = call, at
        self._by_call[call] = caller
        self._begin_to_wait(caller)

    def _begin_to_wait(self, caller: Caller) -> None:
        patience_seconds = min(caller.attempt.patience_seconds, caller.leaves_after_seconds)
        caller.leaves_after_seconds = inf
        self._in_time(caller, patience_seconds, lambda: self._hang_up(caller))

    def _enter(self, leg: str, bridge: str, at: float) -> None:
        """Note who is in a bridge; once a caller and a listener are, they talk."""
        couple = self._couples[bridge]
        if leg in self._by_call:
            couple["call"] = leg
        elif leg.startswith(OFFER_PREFIX):
            couple["offer"] = leg
        if len(couple) == 2:
            caller = self._by_call[couple["call"]]
            self._talk(caller, self._listeners[couple["offer"]], at)

    async def _accept(self, offer: str) -> None:
        shown = await self._ours.send("Getvar", Channel=offer, Variable=contract.PASS)
        self._listeners[offer] = shown["Value"].partition("/")[0]

    def _talk(self, caller: Caller, listener: str, at: float) -> None:
        caller.forget_due()
        caller.talks.append((listener, at))
        caller.is_talking = True
        if listener == FALLBACK_PHONE:
            self._in_time(caller, caller.talk_left_seconds, lambda: self._hang_up(caller))
        else:
            self._plan_end(caller, listener, self._phones.homes[listener].next_talk())

    def _plan_end(self, caller: Caller, listener: str, manner: Manner) -> None:
        """Have a talk end as the listener, the caller or the network has it."""
        talk_seconds = caller.talk_left_seconds
        cut_at = talk_seconds * (manner.drops_at or manner.hangs_up_at or 0.0)
        is_cut = talk_seconds - cut_at >= MORE_TO_SAY_SECONDS
        if manner.drops_at is not None and is_cut:
            self._in_time(caller, cut_at, lambda: self._phones.end(listener, NETWORK_FAILED))
            return
        if manner.hangs_up_at is None:
            self._in_time(caller, talk_seconds, lambda: self._hang_up(caller))
            return
        goodbye = self._goodbyes.of(caller.attempt, len(caller.talks))
        if not (goodbye.stays and is_cut):
            cut_at, caller.leaves_after_seconds = talk_seconds, goodbye.after_seconds
        self._in_time(caller, cut_at, lambda: self._phones.end(listener, HUNG_UP))

    def _leave_talk(self, caller: Caller, at: float) -> None:
        if not caller.is_talking:
            return
        caller.is_talking = False
        caller.forget_due()
        listener, since = caller.talks[-1]
        caller.talk_left_seconds -= at - since
        if listener != FALLBACK_PHONE:
            # However short the talk was: a farm's phone has not always heard by then who it was.
            self._later(self._leave_seconds, lambda: self._phones.end(listener, HUNG_UP))
        self._begin_to_wait(caller)

    def _leave(self, caller: Caller, at: float) -> None:
        self._leave_talk(caller, at)
        caller.forget_due()
        del self._by_call[caller.call]
        self._still_to_leave -= 1
        if not self._still_to_leave:
            self._all_have_left.set()

    async def _hang_up(self, caller: Caller) -> None:
        await self._farm.hang_up(caller.on_farm)

    def _in_time(self, caller: Caller, seconds: float, deed: Deed) -> None:
        caller.due.append(self._later(seconds, deed))

    def _later(self, seconds: float, deed: Deed) -> asyncio.TimerHandle:
        def begin() -> None:
            if not self._all_have_left.is_set():
                self._tasks.create_task(_do(deed))

        return asyncio.get_running_loop().call_later(seconds, begin)


async def _do(deed: Deed) -> None:
    # A leg may have ended by itself just before somebody would have ended it.
    with suppress(AmiRefusedError):
        await deed()
