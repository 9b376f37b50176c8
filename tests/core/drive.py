"""A tiny driver: an engine that is told things in the tests' own words, checked at every step."""

from __future__ import annotations

from typing import Literal, TypeVar

from router.core import commands, events
from router.core.command import Command
from router.core.commands import AnyCommand
from router.core.engine import Engine
from router.core.events import AnyEvent, LegEnd
from router.core.invariants import violations
from router.core.machine import EventRefused
from router.core.policy import Care, Line, Listener, Policy, Rung, Skills
from router.core.seen import SeenCall, SeenOffer

START = 1_700_000_000.0
"""Some epoch second: where every test's time begins."""

Said = list[AnyCommand] | str
"""What an engine says to an event; the name of the refusal if it refuses."""

Place = Literal["waiting", "fallback", "talking"]
Stage = Literal["ringing", "picked_up", "accepted", "talking"]

CommandT = TypeVar("CommandT", bound=Command)


def line(
    name: str = "general", skills: Skills | None = None, *, ladder: tuple[Rung, ...] = ()
) -> Line:
    """Make a line that asks for these skills, or has this ladder."""
    return Line(name=name, ladder=ladder or (Rung(0.0, skills or {}),))


def rules(
    *lines: Line, listeners: dict[str, Skills] | None = None, care: Care | None = None
) -> Policy:
    """Make a policy of lines, and of listeners given by their skills."""
    return Policy(
        lines={one.name: one for one in lines or (line(),)},
        listeners={name: Listener(name, skills) for name, skills in (listeners or {}).items()},
        care=care or Care(),
    )


def of(kind: type[CommandT], said: list[AnyCommand]) -> list[CommandT]:
    """Pick the commands of one kind."""
    return [one for one in said if isinstance(one, kind)]


def hear(engine: Engine, event: AnyEvent, now: float) -> Said:
    """Give what an engine says to an event, all that must hold being checked, or its refusal."""
    try:
        said = engine.step(event, now)
    except EventRefused as refused:
        return type(refused).__name__
    assert violations(engine.state) == [], event
    return said


class Desk:
    """An engine with its link up. Listeners come on in the order of the policy unless told."""

    def __init__(self, policy: Policy, *, on: tuple[str, ...] | None = None) -> None:
        self.engine = Engine()
        self.now = START
        self.said: list[AnyCommand] = []
        self.tell(events.EngineStarted("boot"), events.PolicyLoaded(policy))
        self.tell(events.PbxResynced((), ()))
        for name in policy.listeners if on is None else on:
            self.tell(events.ListenerCameOn(name))

    def tell(self, *happened: AnyEvent) -> list[AnyCommand]:
        """Tell what has happened, now, and give what is to be done."""
        said: list[AnyCommand] = []
        for event in happened:
            said += self.engine.step(event, self.now)
            assert violations(self.engine.state) == []
        self.said += said
        return said

    def wait(self, seconds: float) -> list[AnyCommand]:
        """Let time pass, with the engine woken whenever it wants to be."""
        until = self.now + seconds
        said: list[AnyCommand] = []
        while (due := self.engine.next_deadline()) is not None and due <= until:
            self.now = max(self.now, due)
            said += self.tell(events.TimeReached())
        self.now = until
        return said

    def arrive(self, call: str, on: str = "general", caller: str | None = None) -> list[AnyCommand]:
        """Have a call come in now."""
        return self.tell(events.CallArrived(call, on, caller, self.now))

    def pick_up(self, listener: str) -> list[AnyCommand]:
        """Have a listener's ringing phone answered, with no key pressed yet."""
        offer = self.offer_of(listener)
        return self.tell(events.ListenerRang(offer), events.ListenerPickedUp(offer))

    def accept(self, listener: str) -> list[AnyCommand]:
        """Have a listener pick up and press the accept key."""
        return [*self.pick_up(listener), *self.tell(events.OfferAccepted(self.offer_of(listener)))]

    def talk(self, listener: str) -> list[AnyCommand]:
        """Have a listener accept, and the two be in one bridge."""
        said = self.accept(listener)
        call = self.engine.state.offers[self.offer_of(listener)].call
        return [*said, *self.tell(events.TalkStarted(call, self.offer_of(listener)))]

    def leg_ends(self, listener: str, how: LegEnd = "hung_up") -> list[AnyCommand]:
        """Have a listener's leg end."""
        return self.tell(events.ListenerLegEnded(self.offer_of(listener), how))

    def hang_up(self, call: str) -> list[AnyCommand]:
        """Have a caller hang up."""
        return self.tell(events.CallerHungUp(call))

    def resync(
        self, calls: tuple[SeenCall, ...] = (), offers: tuple[SeenOffer, ...] = ()
    ) -> list[AnyCommand]:
        """Have the link come back, with all that Asterisk holds."""
        return self.tell(events.PbxResynced(calls, offers))

    def offer_of(self, listener: str) -> str:
        """Give the offer that holds a listener."""
        offer = self.engine.state.listeners[listener].offer
        assert offer is not None, f"{listener} is rung for nobody"
        return offer

    def state_of(self, call: str) -> str:
        """Give the state of a call."""
        return self.engine.state.calls[call].state

    def doing(self, listener: str) -> str:
        """Give what a listener is doing."""
        return self.engine.state.listeners[listener].activity


def rung(said: list[AnyCommand]) -> list[tuple[str, str]]:
    """Give who is rung, and for which call, in order."""
    return [(one.listener, one.call) for one in of(commands.RingListener, said)]


def results(said: list[AnyCommand]) -> list[tuple[str, str]]:
    """Give how offers ended: listener and result."""
    return [(one.listener, one.result) for one in of(commands.ReportOffer, said)]


def outcomes(said: list[AnyCommand]) -> list[tuple[str, str]]:
    """Give how calls ended: call and outcome."""
    return [(one.call, one.outcome) for one in of(commands.ReportOutcome, said)]


def dismissed(said: list[AnyCommand]) -> list[tuple[str, str]]:
    """Give which legs are sent away, and why."""
    return [(one.offer, one.why) for one in of(commands.DismissListener, said)]


def seen_call(
    name: str = "c1", place: Place = "waiting", offer: str | None = None, *, ago: float = 0.0
) -> SeenCall:
    """Describe a caller's leg as a resync sees it; `ago` is seconds before the tests' time."""
    return SeenCall(name, "general", None, START - ago, place, offer)


def seen_offer(offer: str, stage: Stage, listener: str = "ana", call: str = "c1") -> SeenOffer:
    """Describe a listener's leg as a resync sees it."""
    return SeenOffer(offer, listener, call, stage)
