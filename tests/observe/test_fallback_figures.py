"""That the dialplan rings its fallback group is seen as it begins, whoever began it."""

from __future__ import annotations

import pytest

from router.core.events import (
    CallArrived,
    CallerHungUp,
    CallerPutThrough,
    CallWaiting,
    FallbackAnswered,
    FallbackBegan,
    PbxLost,
    PbxResynced,
)
from router.core.seen import SeenCall
from tests.observe.crowd import Crowd

CALLER = "1700000000.90"


@pytest.fixture
def crowd() -> Crowd:
    return Crowd(0, 0)


def began(crowd: Crowd) -> float | None:
    crowd.scrape()
    found = "decroche_fallback_began_total"
    return crowd.metrics.registry.get_sample_value(found, {"line": "health"})


def resynced(crowd: Crowd, *seen: SeenCall) -> None:
    crowd.tell(PbxLost(), PbxResynced(seen, ()))


def test_it_is_counted_as_it_begins_and_not_once_more_when_they_hang_up(crowd: Crowd) -> None:
    assert began(crowd) == 0.0
    crowd.tell(FallbackBegan(CALLER, "health", None, crowd.now))
    assert began(crowd) == 1.0
    crowd.tell(FallbackAnswered(CALLER))
    crowd.now += 2_700.0
    crowd.tell(CallerHungUp(CALLER))
    assert began(crowd) == 1.0


def test_what_began_while_there_was_no_link_is_counted_when_there_is(crowd: Crowd) -> None:
    crowd.tell(CallArrived(CALLER, "health", None, crowd.now))
    other = SeenCall("1700000000.91", "health", None, crowd.now, "talking")
    resynced(crowd, SeenCall(CALLER, "health", None, crowd.now, "fallback"), other)
    assert began(crowd) == 2.0


def test_what_has_been_heard_is_not_counted_again_at_a_resync(crowd: Crowd) -> None:
    crowd.tell(FallbackBegan(CALLER, "health", None, crowd.now))
    resynced(crowd, SeenCall(CALLER, "health", None, crowd.now, "fallback"))
    resynced(crowd, SeenCall(CALLER, "health", None, crowd.now, "talking"))
    assert began(crowd) == 1.0


def test_whom_a_listener_has_put_through_is_no_fallback_at_a_resync_either(crowd: Crowd) -> None:
    crowd.tell(CallArrived(CALLER, "health", None, crowd.now), CallerPutThrough(CALLER))
    resynced(crowd, SeenCall(CALLER, "health", None, crowd.now, "fallback"))
    crowd.tell(FallbackAnswered(CALLER))
    resynced(crowd, SeenCall(CALLER, "health", None, crowd.now, "talking"))
    assert began(crowd) == 0.0


def test_nor_who_talks_with_others_without_a_word_of_their_being_rung(crowd: Crowd) -> None:
    crowd.tell(CallArrived(CALLER, "health", None, crowd.now), FallbackAnswered(CALLER))
    resynced(crowd, SeenCall(CALLER, "health", None, crowd.now, "talking"))
    assert began(crowd) == 0.0


def test_who_waits_or_talks_with_a_listener_as_the_link_comes_up_is_not_counted(
    crowd: Crowd,
) -> None:
    other = SeenCall("1700000000.91", "health", None, crowd.now, "talking", "offer-1-boot")
    resynced(crowd, SeenCall(CALLER, "health", None, crowd.now, "waiting"), other)
    assert began(crowd) == 0.0


def test_who_waited_with_us_in_between_is_counted_again(crowd: Crowd) -> None:
    crowd.tell(FallbackBegan(CALLER, "health", None, crowd.now))
    crowd.tell(CallWaiting(CALLER, "health", None, crowd.now))
    resynced(crowd, SeenCall(CALLER, "health", None, crowd.now, "fallback"))
    assert began(crowd) == 2.0
