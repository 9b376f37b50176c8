"""At the last everybody rings, and again: nobody waits there with every phone silent."""

from __future__ import annotations

from router.core import events
from router.core.commands import SendToFallback
from router.core.policy import EVERYBODY, Line, Listener, Policy, Rung
from router.core.width import RING_AGAIN_SECONDS
from tests.core.drive import START, Desk, of, rung

PEOPLE = ("ana", "bob", "cleo")
LAST_AFTER_SECONDS = 45.0
LINE = Line("general", (Rung(0.0, {}, None), Rung(LAST_AFTER_SECONDS, {}, EVERYBODY)))
LEG_SECONDS = 1.0
"""A leg that was told to end takes no longer."""


def asleep(fallback_after_seconds: float = 600.0) -> Desk:
    """Give a desk where all are on duty, nobody wakes up, and a call waits."""
    line = Line("general", LINE.ladder, fallback_after_seconds=fallback_after_seconds)
    here = Desk(Policy({"general": line}, {name: Listener(name, {}) for name in PEOPLE}))
    here.arrive("c1")
    return here


def sleep_on(here: Desk, seconds: float) -> list[str]:
    """Let every ring be missed for so long; give who was rung, in order."""
    names: list[str] = []
    until = here.now + seconds
    while here.now < until:
        said = here.wait(LEG_SECONDS)
        for offer in list(here.engine.state.offers.values()):
            if offer.state == "leaving":
                said += here.leg_ends(offer.listener)
        names += [name for name, _ in rung(said)]
    return names


def test_whom_the_first_ring_has_only_woken_is_rung_again_within_the_minute() -> None:
    here = asleep()
    sleep_on(here, LAST_AFTER_SECONDS)
    for _ in range(5):
        assert set(sleep_on(here, LINE.ring_seconds + RING_AGAIN_SECONDS + 5.0)) == set(PEOPLE)


def test_before_the_last_rung_who_has_missed_a_ring_rests() -> None:
    here = asleep()
    assert set(sleep_on(here, LINE.ring_seconds + RING_AGAIN_SECONDS)) == set()


def test_a_caller_who_comes_back_from_the_fallback_has_every_phone_ring_at_once() -> None:
    here = asleep()
    sleep_on(here, 200.0)
    here.tell(events.FallbackBegan("c1", "general", None, START))
    sleep_on(here, 30.0)
    said = here.tell(events.CallWaiting("c1", "general", None, START))
    assert {name for name, _ in rung(said)} == set(PEOPLE)


def test_nobody_is_woken_in_the_instant_in_which_the_caller_goes_to_the_fallback() -> None:
    here = asleep(fallback_after_seconds=90.0)
    while not of(SendToFallback, said := here.wait(LEG_SECONDS)):
        for offer in list(here.engine.state.offers.values()):
            if offer.state == "leaving":
                here.leg_ends(offer.listener)
    assert rung(said) == []
