from __future__ import annotations

import pytest

from router.ami.mirror import CallerLeg, Mirror, is_fallback, is_offer
from tests.ami.words import CALL, HOLD_BRIDGE, OFFER, TALK_BRIDGE, put_in


@pytest.fixture
def mirror() -> Mirror:
    """Give a mirror with a caller's leg and a listener's leg, on a link that has been resynced."""
    mirror = Mirror()
    know_both(mirror)
    mirror.end_resync()
    return mirror


@pytest.fixture
def resyncing() -> Mirror:
    """Give a mirror of a link that is new: Asterisk has been asked, and has told of both legs."""
    mirror = Mirror()
    know_both(mirror)
    return mirror


def know_both(mirror: Mirror) -> None:
    mirror.add_call(CALL, CallerLeg("health", None, 1700000000.0))
    mirror.offer(OFFER)


def bridge_both(mirror: Mirror) -> None:
    put_in(mirror, CALL, TALK_BRIDGE)
    put_in(mirror, OFFER, TALK_BRIDGE)


def held(mirror: Mirror, leg: str) -> bool:
    return mirror.held_in(leg, "decroche-hold")


def test_a_leg_in_no_bridge_is_neither_held_nor_talking(mirror: Mirror) -> None:
    assert (held(mirror, CALL), mirror.talking(CALL), mirror.couple_of(CALL)) == (
        False,
        False,
        None,
    )


def test_a_leg_is_in_one_bridge_at_a_time(mirror: Mirror) -> None:
    put_in(mirror, CALL, HOLD_BRIDGE)
    assert (held(mirror, CALL), mirror.talking(CALL)) == (True, False)
    put_in(mirror, CALL, TALK_BRIDGE)
    assert (held(mirror, CALL), mirror.talking(CALL)) == (False, True)
    mirror.leave_bridge(CALL)
    assert (held(mirror, CALL), mirror.talking(CALL)) == (False, False)


def test_each_of_a_couple_has_the_same_couple(mirror: Mirror) -> None:
    bridge_both(mirror)
    assert mirror.couple_of(CALL) == mirror.couple_of(OFFER) == (CALL, OFFER)
    mirror.leave_bridge(OFFER)
    assert mirror.couple_of(CALL) is None


def test_a_couple_in_a_holding_bridge_is_none(mirror: Mirror) -> None:
    put_in(mirror, CALL, HOLD_BRIDGE)
    put_in(mirror, OFFER, HOLD_BRIDGE)
    assert mirror.couple_of(CALL) is None


def test_a_leg_that_hangs_up_leaves_its_bridge_and_the_other_stays(mirror: Mirror) -> None:
    bridge_both(mirror)
    mirror.hang_up(CALL)
    assert (list(mirror.calls), list(mirror.offers)) == ([], [OFFER])
    assert (mirror.couple_of(OFFER), mirror.talking(OFFER)) == (None, True)


def test_a_bridge_that_was_left_by_all_is_forgotten_with_its_kind(mirror: Mirror) -> None:
    put_in(mirror, CALL, HOLD_BRIDGE)
    mirror.leave_bridge(CALL)
    mirror.enter_bridge(CALL, HOLD_BRIDGE, holding=False, name="decroche-hold")
    assert not held(mirror, CALL)


def test_a_leg_is_held_in_the_bridge_of_that_name_alone(mirror: Mirror) -> None:
    put_in(mirror, CALL, HOLD_BRIDGE)
    assert [
        name for name in ("decroche-hold", "decroche-join", "") if mirror.held_in(CALL, name)
    ] == ["decroche-hold"]


def test_a_leg_that_was_ordered_elsewhere_is_in_no_bridge_until_it_is_told_anew(
    mirror: Mirror,
) -> None:
    put_in(mirror, CALL, HOLD_BRIDGE)
    mirror.send_elsewhere(CALL)
    assert not held(mirror, CALL)
    mirror.leave_bridge(CALL)
    put_in(mirror, CALL, HOLD_BRIDGE)
    assert held(mirror, CALL)


def test_nothing_is_held_after_the_link_is_lost(mirror: Mirror) -> None:
    bridge_both(mirror)
    mirror.missed([CALL], {OFFER})
    mirror.forget_all()
    assert (mirror.legs(), mirror.suspicious) == ([], False)
    assert not mirror.talking(CALL)
    mirror.add_call(CALL, CallerLeg("health", None, 1700000000.0))
    put_in(mirror, CALL, TALK_BRIDGE)
    assert mirror.couple_of(CALL) is None


def test_a_leg_that_the_listing_names_stands(resyncing: Mirror) -> None:
    assert resyncing.confirm(CALL)
    assert resyncing.confirm("1700000000.7")


def test_a_leg_that_hung_up_while_asterisk_was_asked_stands_no_more(resyncing: Mirror) -> None:
    resyncing.hang_up(CALL)
    assert not resyncing.confirm(CALL)
    assert resyncing.confirm(OFFER)


def test_an_end_on_a_link_that_is_lost_says_nothing_of_the_next_listing(mirror: Mirror) -> None:
    mirror.hang_up(CALL)
    mirror.forget_all()
    assert mirror.confirm(CALL)


def test_the_listing_tells_where_the_legs_are(resyncing: Mirror) -> None:
    for leg in (CALL, OFFER):
        resyncing.confirm_bridge(leg, TALK_BRIDGE, holding=False)
    assert resyncing.couple_of(CALL) == (CALL, OFFER)
    resyncing.confirm_bridge(CALL, HOLD_BRIDGE, holding=True, name="decroche-hold")
    assert held(resyncing, CALL)
    resyncing.confirm_bridge(CALL, "", holding=False)
    assert not held(resyncing, CALL)


def test_moves_that_events_told_are_newer_than_the_listing(resyncing: Mirror) -> None:
    put_in(resyncing, CALL, TALK_BRIDGE)
    resyncing.leave_bridge(OFFER)
    for leg in (CALL, OFFER):
        resyncing.confirm_bridge(leg, HOLD_BRIDGE, holding=True, name="decroche-hold")
    assert (resyncing.talking(CALL), held(resyncing, OFFER)) == (True, False)


def test_moves_on_a_link_that_was_lost_while_it_asked_are_older_than_the_next_listing(
    resyncing: Mirror,
) -> None:
    resyncing.leave_bridge(CALL)
    resyncing.hang_up(OFFER)
    resyncing.forget_all()
    know_both(resyncing)
    for leg in (CALL, OFFER):
        assert resyncing.confirm(leg)
        resyncing.confirm_bridge(leg, TALK_BRIDGE, holding=False)
    assert resyncing.couple_of(CALL) == (CALL, OFFER)


def test_what_kind_of_bridge_it_is_an_event_knows_better(resyncing: Mirror) -> None:
    put_in(resyncing, CALL, HOLD_BRIDGE)
    for leg in (CALL, OFFER):
        resyncing.confirm_bridge(leg, HOLD_BRIDGE, holding=False, name="<unknown>")
    assert held(resyncing, CALL)
    assert held(resyncing, OFFER)


def test_an_event_after_the_listing_corrects_what_kind_of_bridge_it_is(resyncing: Mirror) -> None:
    resyncing.confirm_bridge(CALL, HOLD_BRIDGE, holding=False, name="<unknown>")
    resyncing.end_resync()
    put_in(resyncing, OFFER, HOLD_BRIDGE)
    assert held(resyncing, CALL)
    assert held(resyncing, OFFER)


def test_a_leg_that_asterisk_names_is_not_missed(mirror: Mirror) -> None:
    for _ in range(3):
        assert mirror.missed([CALL, OFFER], {CALL, OFFER, "1700000000.7"}) == []
    assert mirror.legs() == [CALL, OFFER]
    assert not mirror.suspicious


def test_a_leg_missing_once_is_suspected_and_missing_twice_is_dropped_out_of_its_bridge(
    mirror: Mirror,
) -> None:
    bridge_both(mirror)
    assert mirror.missed([CALL, OFFER], {OFFER}) == []
    assert mirror.suspicious
    assert mirror.couple_of(CALL) == (CALL, OFFER)
    assert mirror.missed([CALL, OFFER], {OFFER}) == [CALL]
    assert not mirror.suspicious
    assert (mirror.legs(), mirror.couple_of(OFFER)) == ([OFFER], None)
    assert mirror.missed([OFFER], {OFFER}) == []


def test_both_legs_that_are_gone_are_dropped_once(mirror: Mirror) -> None:
    assert mirror.missed([CALL, OFFER], set()) == []
    assert mirror.missed([CALL, OFFER], set()) == [CALL, OFFER]
    assert mirror.missed([], set()) == []
    assert mirror.legs() == []


def test_a_leg_that_comes_back_is_suspected_from_the_beginning(mirror: Mirror) -> None:
    for named in (set(), {CALL}, set(), {CALL}):
        assert mirror.missed([CALL], named) == []
        assert mirror.suspicious is (CALL not in named)
    assert CALL in mirror.calls


def test_a_leg_that_came_or_was_ordered_after_the_question_is_not_suspected(
    mirror: Mirror,
) -> None:
    asked = mirror.legs()
    mirror.add_call("1700000000.2", CallerLeg("health", None, 1700000001.0))
    mirror.offer("dcr-2")
    for _ in range(2):
        assert mirror.missed(asked, {CALL, OFFER}) == []
        assert not mirror.suspicious


def test_a_leg_that_was_ordered_and_is_made_between_two_checks_stays(mirror: Mirror) -> None:
    mirror.offer("dcr-2")
    assert mirror.missed([CALL, OFFER, "dcr-2"], {CALL, OFFER}) == []
    assert mirror.suspicious
    assert mirror.missed([CALL, OFFER, "dcr-2"], {CALL, OFFER, "dcr-2"}) == []
    assert "dcr-2" in mirror.offers


def test_a_leg_that_was_ordered_and_never_made_is_dropped_in_the_end(mirror: Mirror) -> None:
    mirror.offer("dcr-2")
    assert mirror.missed([CALL, OFFER, "dcr-2"], {CALL, OFFER}) == []
    assert mirror.missed([CALL, OFFER, "dcr-2"], {CALL, OFFER}) == ["dcr-2"]


@pytest.mark.parametrize("checks_before", [0, 1])
def test_a_leg_whose_end_was_told_after_the_question_was_not_missed(
    mirror: Mirror, checks_before: int
) -> None:
    for _ in range(checks_before):
        mirror.missed([CALL, OFFER], {OFFER})
    mirror.hang_up(CALL)
    assert mirror.missed([CALL, OFFER], {OFFER}) == []
    assert not mirror.suspicious


def test_a_leg_that_is_new_after_a_suspicion_on_a_lost_link_is_suspected_anew(
    mirror: Mirror,
) -> None:
    mirror.missed([CALL], set())
    mirror.forget_all()
    know_both(mirror)
    mirror.end_resync()
    assert mirror.missed([CALL], set()) == []
    assert CALL in mirror.calls


@pytest.mark.parametrize(
    ("leg", "ours"),
    [(OFFER, True), (f"{OFFER};2", False), (CALL, False), ("", False), ("x-dcr-1", False)],
)
def test_a_listeners_leg_is_known_by_its_id(leg: str, ours: bool) -> None:  # noqa: FBT001  a row
    assert is_offer(leg) is ours


def test_where_the_dialplan_rings_others_for_a_caller_the_context_tells() -> None:
    assert is_fallback("decroche-fallback")
    assert is_fallback("decroche-fallback-member")
    assert is_fallback("decroche-put-through-to")
    assert is_fallback("decroche-emergency-call")
    assert not is_fallback("decroche-hold")
