"""One step of an engine, as it shows from outside: how calls stood before, and what was said."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from router.core.call import Call
from router.core.commands import AnyCommand, ReportRung, RingListener
from router.core.events import AnyEvent
from router.core.floor import State
from router.core.policy import Listener, Rung


@dataclass(slots=True)
class Stood:
    """How a call stood when the step before was over."""

    ladder: tuple[Rung, ...]
    rung: int
    asks: bool
    """Nobody's phone rang for it, and anybody's might who serves it."""


def stood(call: Call) -> Stood:
    """Note how a call stands."""
    return Stood(call.ladder, call.rung, asks(call))


def asks(call: Call) -> bool:
    """Say whether a call waits, with no phone that rings for it, for whoever serves it."""
    return call.state == "searching" and not call.offers and not call.is_kept_for_usual


def gives_way(call: Call) -> bool:
    """Say whether a call stands behind everybody for its number: nobody does who goes at once."""
    return call.stands_aside and not (call.head_of_line or call.in_shock)


@dataclass(frozen=True, slots=True)
class Ring:
    """A phone that a step has had ring."""

    said: RingListener
    call: Call
    """The call, or the search, for which it rings."""
    place: int
    """Among all that the step said."""


@dataclass(frozen=True, slots=True)
class Step:
    """An event, what was said to it, and the state after it."""

    event: AnyEvent
    said: Sequence[AnyCommand]
    before: dict[str, Stood]
    state: State

    def rings(self) -> Iterator[Ring]:
        """Give the phones that it has had ring, in their order."""
        for place, one in enumerate(self.said):
            if isinstance(one, RingListener):
                yield Ring(one, self.state.calls[self.state.offers[one.offer].call], place)

    def rungs_of(self, call: Call, place: int) -> range:
        """Give the rungs on which a call may have stood when this was said.

        A call climbs within a step, and tells so if it has a caller.
        """
        low, high = self.rung_before(call), call.rung
        for at, one in enumerate(self.said):
            if isinstance(one, ReportRung) and one.call == call.name:
                if at < place:
                    low = one.rung
                else:
                    high = min(high, one.rung - 1)
        return range(low, high + 1)

    def rung_before(self, call: Call) -> int:
        """Give the rung from which a call has climbed in this step: the first on a new ladder."""
        before = self.before.get(call.name)
        return before.rung if before is not None and before.ladder is call.ladder else 0

    def has_on_duty(self, ladder: Sequence[Rung]) -> bool:
        """Say whether somebody is on duty whom a rung of this ladder asks for."""
        rules, people = self.state.policy.listeners, self.state.listeners.values()
        there = [rules[one.name] for one in people if one.duty == "on" and one.name in rules]
        return any(serves(one, rung) for one in there for rung in ladder)


def serves(listener: Listener, rung: Rung) -> bool:
    """Say whether a rung asks for a listener: the pool, and each skill at its level."""
    is_open = not rung.pools or listener.pool in rung.pools
    return is_open and all(
        listener.skills.get(name, 0) >= rung.skills[name] for name in rung.skills
    )
