from __future__ import annotations

import pytest

from router.ami.mirror import CallerLeg, Mirror, is_fallback, is_offer
from tests.ami.words import CALL, HOLD_BRIDGE, OFFER, TALK_BRIDGE


@pytest.fixture
def mirror() -> Mirror:
    """Give a mirror with a caller's leg and a listener's leg that has a channel."""
    mirror = Mirror()
    mirror.add_call(CALL, CallerLeg("health", None, 1700000000.0))
    mirror.offer(OFFER).exists = True
    return mirror


def bridge_both(mirror: Mirror) -> None:
    mirror.enter_bridge(CALL, TALK_BRIDGE, holding=False)
    mirror.enter_bridge(OFFER, TALK_BRIDGE, holding=False)


def test_a_leg_in_no_bridge_is_neither_held_nor_talking(mirror: Mirror) -> None:
    assert (mirror.held(CALL), mirror.talking(CALL), mirror.couple_of(CALL)) == (False, False, None)


def test_a_leg_is_in_one_bridge_at_a_time(mirror: Mirror) -> None:
    mirror.enter_bridge(CALL, HOLD_BRIDGE, holding=True)
    assert (mirror.held(CALL), mirror.talking(CALL)) == (True, False)
    mirror.enter_bridge(CALL, TALK_BRIDGE, holding=False)
    assert (mirror.held(CALL), mirror.talking(CALL)) == (False, True)
    mirror.leave_bridge(CALL)
    assert (mirror.held(CALL), mirror.talking(CALL)) == (False, False)


def test_each_of_a_couple_has_the_same_couple(mirror: Mirror) -> None:
    bridge_both(mirror)
    assert mirror.couple_of(CALL) == mirror.couple_of(OFFER) == (CALL, OFFER)
    mirror.leave_bridge(OFFER)
    assert mirror.couple_of(CALL) is None


def test_a_couple_in_a_holding_bridge_is_none(mirror: Mirror) -> None:
    mirror.enter_bridge(CALL, HOLD_BRIDGE, holding=True)
    mirror.enter_bridge(OFFER, HOLD_BRIDGE, holding=True)
    assert mirror.couple_of(CALL) is None


def test_a_leg_that_hangs_up_leaves_its_bridge_and_the_other_stays(mirror: Mirror) -> None:
    bridge_both(mirror)
    mirror.hang_up(CALL)
    assert (list(mirror.calls), list(mirror.offers)) == ([], [OFFER])
    assert (mirror.couple_of(OFFER), mirror.talking(OFFER)) == (None, True)


def test_a_bridge_that_was_left_by_all_is_forgotten_with_its_kind(mirror: Mirror) -> None:
    mirror.enter_bridge(CALL, HOLD_BRIDGE, holding=True)
    mirror.leave_bridge(CALL)
    mirror.enter_bridge(CALL, HOLD_BRIDGE, holding=False)
    assert not mirror.held(CALL)


def test_nothing_is_held_after_the_link_is_lost(mirror: Mirror) -> None:
    bridge_both(mirror)
    mirror.forget_all()
    assert (mirror.calls, mirror.offers) == ({}, {})
    assert not mirror.talking(CALL)
    mirror.begin_check()
    assert mirror.end_check() == []
    mirror.leave_bridge(CALL)
    mirror.add_call(CALL, CallerLeg("health", None, 1700000000.0))
    mirror.enter_bridge(CALL, TALK_BRIDGE, holding=False)
    assert mirror.couple_of(CALL) is None


def test_a_leg_that_the_listing_names_stays(mirror: Mirror) -> None:
    mirror.begin_check()
    assert mirror.confirm(CALL)
    assert mirror.confirm(OFFER)
    assert mirror.end_check() == []


def test_a_leg_that_the_listing_does_not_name_is_dropped_once_and_out_of_its_bridge(
    mirror: Mirror,
) -> None:
    bridge_both(mirror)
    mirror.begin_check()
    mirror.confirm(OFFER)
    assert mirror.end_check() == [CALL]
    assert (list(mirror.calls), mirror.couple_of(OFFER)) == ([], None)
    mirror.begin_check()
    mirror.confirm(OFFER)
    assert mirror.end_check() == []


def test_a_leg_that_was_ordered_and_not_made_yet_is_not_doubted(mirror: Mirror) -> None:
    mirror.offer("dcr-2")
    mirror.begin_check()
    assert mirror.end_check() == [CALL, OFFER]
    assert list(mirror.offers) == ["dcr-2"]


def test_a_leg_that_came_after_the_question_is_not_doubted(mirror: Mirror) -> None:
    mirror.begin_check()
    mirror.add_call("2", CallerLeg("health", None, 1700000001.0))
    mirror.confirm(CALL)
    mirror.confirm(OFFER)
    assert mirror.end_check() == []
    assert list(mirror.calls) == [CALL, "2"]


def test_a_leg_that_hung_up_after_the_question_stands_no_more_and_was_not_missed(
    mirror: Mirror,
) -> None:
    mirror.begin_check()
    mirror.hang_up(CALL)
    assert not mirror.confirm(CALL)
    assert mirror.confirm(OFFER)
    assert mirror.end_check() == []


def test_an_end_before_the_question_says_nothing_of_the_listing(mirror: Mirror) -> None:
    mirror.hang_up(CALL)
    mirror.begin_check()
    assert mirror.confirm(CALL)


def test_the_listing_tells_of_moves_that_were_missed(mirror: Mirror) -> None:
    mirror.enter_bridge(CALL, HOLD_BRIDGE, holding=True)
    mirror.begin_check()
    mirror.confirm_bridge(CALL, TALK_BRIDGE, holding=False)
    mirror.confirm_bridge(OFFER, TALK_BRIDGE, holding=False)
    assert mirror.couple_of(CALL) == (CALL, OFFER)
    mirror.confirm_bridge(CALL, "", holding=False)
    assert not mirror.talking(CALL)


def test_moves_since_the_question_are_newer_than_the_listing(mirror: Mirror) -> None:
    mirror.begin_check()
    mirror.enter_bridge(CALL, TALK_BRIDGE, holding=False)
    mirror.leave_bridge(OFFER)
    mirror.confirm_bridge(CALL, HOLD_BRIDGE, holding=True)
    mirror.confirm_bridge(OFFER, HOLD_BRIDGE, holding=True)
    assert (mirror.talking(CALL), mirror.held(OFFER)) == (True, False)


def test_what_kind_of_bridge_it_is_an_event_knew_better(mirror: Mirror) -> None:
    mirror.enter_bridge(CALL, HOLD_BRIDGE, holding=True)
    mirror.begin_check()
    mirror.confirm_bridge(CALL, HOLD_BRIDGE, holding=False)
    assert mirror.held(CALL)


def test_moves_before_the_question_are_older_than_the_listing(mirror: Mirror) -> None:
    mirror.enter_bridge(CALL, HOLD_BRIDGE, holding=True)
    mirror.begin_check()
    mirror.confirm_bridge(CALL, TALK_BRIDGE, holding=False)
    assert mirror.talking(CALL)


@pytest.mark.parametrize(
    ("leg", "ours"),
    [(OFFER, True), (f"{OFFER};2", False), (CALL, False), ("", False), ("x-dcr-1", False)],
)
def test_a_listeners_leg_is_known_by_its_id(leg: str, ours: bool) -> None:  # noqa: FBT001  a row
    assert is_offer(leg) is ours


def test_every_context_of_the_fallback_is_one() -> None:
    assert is_fallback("decroche-fallback")
    assert is_fallback("decroche-fallback-member")
    assert not is_fallback("decroche-hold")
