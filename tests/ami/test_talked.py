"""Talks that no daemon was there to see: what the dialplan has left of them, and what a listing."""

from __future__ import annotations

import asyncio
from typing import cast

import pytest

from router.ami.link import AmiLink
from router.ami.mirror import CallerLeg, Mirror
from router.ami.resync import Listed, resynced
from router.ami.talked import marks_in, read_marks
from tests.ami.fake_link import FakeLink
from tests.ami.words import ARRIVED, CALL, HOLD_BRIDGE, OFFER, TALK_BRIDGE, response

LEG = "dcb-p-0a1b2c3d-1-1"


@pytest.mark.parametrize(
    ("text", "marks"),
    [
        ("", ()),
        (f"&{CALL}", (CALL,)),
        (f"&{CALL}&{LEG}&{CALL}", (CALL, LEG)),
        (f"0000.1&{LEG}", (LEG,)),
        (f"&&a b&{'x' * 151}&{LEG}&", (LEG,)),
    ],
)
def test_marks_are_read_each_once_and_none_that_was_cut_off_or_is_no_id(
    text: str, marks: tuple[str, ...]
) -> None:
    assert marks_in(text) == marks


@pytest.mark.parametrize(("answer", "marks"), [("Success", (LEG,)), ("Error", ())])
def test_asterisk_is_asked_for_them_by_one_action_that_needs_no_right_of_its_own(
    answer: str, marks: tuple[str, ...]
) -> None:
    async def scene() -> None:
        link = FakeLink()
        link.answer_to = lambda _: response(answer, Value=f"&{LEG}")
        assert await read_marks(cast("AmiLink", link)) == marks
        assert [one[:2] for one in link.sent] == [("Getvar", {"Variable": "DECROCHE_TALKED"})]

    asyncio.run(scene())


def listed(leg: str, bridge: str) -> Listed:
    up, shown = True, f"anne/{CALL}" if leg == OFFER else "health/1700000000.250"
    return Listed(leg, "decroche-hold", "", up, bridge, "", bridge == HOLD_BRIDGE, None, shown)


def test_marks_are_told_with_what_asterisk_holds() -> None:
    assert resynced(Mirror(), [], [LEG, CALL]).talked == (LEG, CALL)


@pytest.mark.parametrize("waits_again", [False, True])
def test_a_talk_that_ended_while_it_was_listed_counts_as_one_that_nobody_saw(
    waits_again: bool,  # noqa: FBT001  a row
) -> None:
    mirror = Mirror()
    legs = [listed(CALL, TALK_BRIDGE), listed(OFFER, TALK_BRIDGE)]
    if waits_again:
        mirror.leave_bridge(CALL)
        mirror.add_call(CALL, CallerLeg("health", None, ARRIVED))
    else:
        mirror.hang_up(CALL)
    told = resynced(mirror, legs, [LEG])
    assert told.talked == (LEG, CALL)
    assert [one.call for one in told.calls] == [CALL] * waits_again


def test_a_talk_that_goes_on_and_a_wait_that_is_over_are_none() -> None:
    mirror = Mirror()
    mirror.hang_up(LEG)
    legs = [listed(CALL, TALK_BRIDGE), listed(OFFER, TALK_BRIDGE), listed(LEG, HOLD_BRIDGE)]
    assert resynced(mirror, legs).talked == ()
