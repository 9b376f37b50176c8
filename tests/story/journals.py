"""Journals with something amiss in them, written by a desk."""

from __future__ import annotations

from router.core.commands import AnyCommand
from router.core.entry import Entry
from router.core.events import AnyEvent, EngineStarted, PolicyLoaded
from router.core.policy import Policy
from router.past.journal import Journal
from tests.core.drive import Desk, rules, seen_call, seen_offer


class Written(Desk):
    """A desk of which a journal is kept."""

    def __init__(self, policy: Policy) -> None:
        self.entries: list[Entry] = []
        super().__init__(policy)

    def tell(self, *happened: AnyEvent) -> list[AnyCommand]:
        self.entries += [Entry(self.now, event) for event in happened]
        return super().tell(*happened)


def talk_over_a_crash() -> Journal:
    """Give the journal of a talk during which the daemon was killed and another one began."""
    desk = Written(rules(listeners={"ana": {}}))
    desk.arrive("c1")
    offer = desk.offer_of("ana")
    desk.accept("ana")
    desk.wait(2.0)
    # The talk begins while nobody listens.
    here = seen_call(place="talking", offer=offer)
    desk.tell(EngineStarted("another"), PolicyLoaded(rules(listeners={"ana": {}})))
    desk.wait(3.0)
    desk.resync((here,), (seen_offer(offer, "talking"),))
    desk.wait(60.0)
    desk.hang_up("c1")
    desk.leg_ends("ana")
    return Journal("a journal", tuple(desk.entries))


def after_an_outage(*, lasts: bool = False) -> tuple[Written, int, bytes]:
    """Give a journal that lacks a whole call; with its place, and the state right after it."""
    desk = Written(rules(listeners={"ana": {}, "bea": {}}))
    talking = []
    if lasts:
        desk.arrive("c0")
        talking.append(("c0", taken(desk)))
    before = list(desk.entries)
    desk.arrive("c1")
    missing = taken(desk)
    desk.hang_up("c1")
    desk.leg_ends(missing)
    desk.wait(600.0)
    state, desk.entries = desk.engine.snapshot(), before
    index = len(before)
    desk.arrive("c2")
    talking.append(("c2", taken(desk)))
    desk.wait(30.0)
    for call, listener in talking:
        desk.hang_up(call)
        desk.leg_ends(listener)
    return desk, index, state


def taken(desk: Desk) -> str:
    """Have one whose phone rings take the call, and talk."""
    offers = desk.engine.state.offers.values()
    rung = next(one.listener for one in offers if one.state == "ringing")
    desk.talk(rung)
    desk.wait(5.0)
    return rung
