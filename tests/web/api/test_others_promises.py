"""What a client can do to, and learn of, somebody whose number it knows: as little as may be."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from router.core.events import CallArrived, CallerHungUp, PbxResynced
from router.core.promise import PromiseState
from router.core.promise_events import CallBackAsked, PromiseNoted
from tests.runtime.promise_house import CALLER, NUMBER
from tests.web.api.house import OTHER_TOKEN, TOKEN, ApiHouse, at_the_api, wanted

OTHER_NUMBER = "0639980043"


def rings_in(house: ApiHouse) -> None:
    """Have the caller ring the line themselves, and wait there."""
    house.counting.take(PbxResynced((), ()))
    house.counting.take(CallArrived("c1", "carers", CALLER, time.time()))


def asks_by_phone(house: ApiHouse) -> None:
    """Have the caller promised by phone, long ago, a call that is due soon."""
    asked_at = time.time() - 500
    noted = PromiseNoted("b1-1", "carers", CALLER, "key", asked_at, asked_at, asked_at + 600)
    house.counting.take(noted)


@pytest.mark.parametrize("token", [TOKEN, OTHER_TOKEN])
def test_who_asks_first_cannot_cancel_what_another_is_promised_since(token: str) -> None:
    async def story(house: ApiHouse) -> None:
        first = (await house.add(wanted())).body["id"]
        second = await house.add(wanted(), token=token)
        assert second.status == 201
        assert (await house.cancel(first)).problem == "owed_elsewhere"
        assert (await house.cancel(second.body["id"], token=token)).problem == "owed_elsewhere"
        assert len(await house.kept()) == 1

    at_the_api(story)


def test_who_has_rung_in_keeps_what_they_heard_is_noted() -> None:
    async def story(house: ApiHouse) -> None:
        first = (await house.add(wanted())).body["id"]
        rings_in(house)
        house.counting.take(CallBackAsked("c1"))
        house.counting.take(CallerHungUp("c1"))
        assert (await house.cancel(first)).problem == "owed_elsewhere"
        assert len(await house.kept()) == 1

    at_the_api(story)


@pytest.mark.parametrize("is_known", [asks_by_phone, rings_in])
def test_a_number_that_has_called_is_answered_like_one_that_never_has(
    is_known: Callable[[ApiHouse], None],
) -> None:
    begins = datetime.now().astimezone() + timedelta(days=1)
    window = {"begins": begins.isoformat(), "ends": (begins + timedelta(hours=2)).isoformat()}

    async def story(house: ApiHouse) -> None:
        is_known(house)
        seen = []
        for number in (OTHER_NUMBER, NUMBER):
            answer = (await house.add(wanted(number, window=window))).body
            assert (await house.see(answer["id"])).body == answer
            seen.append({**answer, "id": len(answer["id"])})
        assert seen[0] == seen[1]

    at_the_api(story)


@pytest.mark.parametrize("state", ["searching", "dialling", "rang_back", "talking"])
def test_nobody_can_watch_a_caller_being_rung_or_talking(state: PromiseState) -> None:
    async def story(house: ApiHouse) -> None:
        mine = (await house.add(wanted())).body["id"]
        (promise,) = house.counting.engine.state.promises.values()
        promise.state = state
        assert (await house.see(mine)).body["state"] == "waiting"

    at_the_api(story)


def test_that_another_ones_call_reached_nobody_is_not_told() -> None:
    async def story(house: ApiHouse) -> None:
        mine = (await house.add(wanted(OTHER_NUMBER))).body["id"]
        asks_by_phone(house)
        joined = (await house.add(wanted())).body["id"]
        for promise in house.counting.engine.state.promises.values():
            promise.state = "with_seniors"
        states = [(await house.see(one)).body["state"] for one in (mine, joined)]
        assert states == ["with_seniors", "waiting"]

    at_the_api(story)
