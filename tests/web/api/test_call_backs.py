"""Call-backs asked for over HTTP: on disk before they are confirmed, and each client's own."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from router.core.promise_events import PromiseCancelled, PromiseNoted
from router.store.request_keys import RequestKeys
from router.web.counter import Asked
from tests.runtime.promise_house import E164, NUMBER, hash_caller
from tests.web.api.house import OTHER_TOKEN, ApiHouse, at_the_api, wanted

OTHER_NUMBER = "0639980043"


def test_who_asks_gets_an_id_and_by_when_once_it_is_on_disk() -> None:
    async def story(house: ApiHouse) -> None:
        answer = await house.add(wanted())
        assert answer.status == 201
        (promise,) = await house.kept()
        assert await house.counting.house.desk.number_of(promise) == E164
        said = answer.body
        assert (said["line"], said["state"]) == ("carers", "waiting")
        begins, due = (datetime.fromisoformat(said[name]) for name in ("begins", "due"))
        assert due - begins == timedelta(hours=1)
        assert answer.headers["Location"] == f"/v1/promises/{said['id']}"
        assert promise not in said["id"]
        assert (await house.see(said["id"])).body == said

    at_the_api(story)


def test_a_window_and_a_listener_are_taken() -> None:
    async def story(house: ApiHouse) -> None:
        begins = datetime.now().astimezone() + timedelta(days=1)
        ends = begins + timedelta(hours=2)
        window = {"begins": begins.isoformat(), "ends": ends.isoformat()}
        answer = await house.add(wanted(window=window, listener="204"))
        assert answer.status == 201
        (standing,) = house.counting.counter.all()
        assert standing.usual == "anne"
        assert standing.origin == "site"
        due = datetime.fromisoformat(answer.body["due"])
        assert abs(due - ends) < timedelta(seconds=1)

    at_the_api(story)


def test_the_same_key_gets_the_same_answer_also_after_a_restart() -> None:
    async def story(house: ApiHouse) -> None:
        first = await house.add(wanted(), key="one-form")
        again = await house.add(wanted(), key="one-form")
        await house.restart()
        later = await house.add(wanted(), key="one-form")
        assert (again.status, again.text) == (later.status, later.text) == (201, first.text)
        assert len(await house.kept()) == 1
        assert house.counting.house.keys() == 1

    at_the_api(story)


def test_two_clients_may_use_the_same_key() -> None:
    async def story(house: ApiHouse) -> None:
        first = await house.add(wanted(), key="1")
        other = await house.add(wanted(OTHER_NUMBER), key="1", token=OTHER_TOKEN)
        assert (first.status, other.status) == (201, 201)
        assert len(await house.kept()) == 2

    at_the_api(story)


def test_a_key_is_not_for_another_body() -> None:
    async def story(house: ApiHouse) -> None:
        await house.add(wanted(), key="one-form")
        answer = await house.add(wanted(OTHER_NUMBER), key="one-form")
        assert answer.problem == "other_body"
        assert len(await house.kept()) == 1

    at_the_api(story)


def test_a_key_that_was_refused_is_free_for_what_is_mended() -> None:
    async def story(house: ApiHouse) -> None:
        assert (await house.add(wanted("112"), key="one-form")).problem == "emergency"
        assert (await house.add(wanted(), key="one-form")).status == 201

    at_the_api(story)


def test_a_client_sees_and_cancels_only_its_own() -> None:
    async def story(house: ApiHouse) -> None:
        mine = (await house.add(wanted())).body["id"]
        assert (await house.see(mine, token=OTHER_TOKEN)).problem == "not_found"
        assert (await house.cancel(mine, token=OTHER_TOKEN)).problem == "not_found"
        assert (await house.see(mine)).body["state"] == "waiting"

    at_the_api(story)


def test_what_is_cancelled_is_over_and_its_number_erased() -> None:
    async def story(house: ApiHouse) -> None:
        mine = (await house.add(wanted())).body["id"]
        assert (await house.cancel(mine)).status == 204
        assert await house.kept() == []
        assert house.counting.house.keys() == 0
        assert (await house.see(mine)).body["state"] == "cancelled"
        assert (await house.cancel(mine)).status == 204

    at_the_api(story)


def test_what_the_caller_was_owed_before_is_not_cancelled_by_who_knows_their_number() -> None:
    async def story(house: ApiHouse) -> None:
        await house.counting.counter.add(Asked(NUMBER, "carers", "ops"))
        joined = (await house.add(wanted())).body["id"]
        assert (await house.see(joined)).body["state"] == "waiting"
        assert (await house.cancel(joined)).problem == "owed_elsewhere"
        assert len(await house.kept()) == 1

    at_the_api(story)


def test_a_promise_that_is_over_cannot_be_cancelled() -> None:
    async def story(house: ApiHouse) -> None:
        mine = (await house.add(wanted())).body["id"]
        (standing,) = house.counting.counter.all()
        house.counting.engine.state.promises[standing.promise].state = "talking"
        answer = await house.cancel(mine)
        assert answer.problem == "not_now"

    at_the_api(story)


def test_an_id_is_nothing_once_its_promise_is_forgotten() -> None:
    async def story(house: ApiHouse) -> None:
        mine = (await house.add(wanted())).body["id"]
        (standing,) = house.counting.counter.all()
        house.counting.take(PromiseCancelled(standing.promise, "senior"))
        house.counting.house.desk.closed._closed.clear()
        assert (await house.see(mine)).problem == "not_found"
        assert (await house.see("an-id-that-nobody-was-ever-given")).problem == "not_found"
        assert (await house.see("0639980042")).problem == "not_found"

    at_the_api(story)


def test_what_was_cut_off_by_the_end_of_a_daemon_is_answered_and_promised_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def dies(_book: RequestKeys, _key: str, _record: bytes) -> None:
        """End before the answer is written down."""

    async def story(house: ApiHouse) -> None:
        with monkeypatch.context() as crash:
            crash.setattr(RequestKeys, "settle", dies)
            first = await house.add(wanted(), key="one-form")
        again = await house.add(wanted(), key="one-form")
        assert (first.status, again.status) == (201, 201)
        assert len(await house.kept()) == 1
        # Whether it was this client who had asked before is not known any more.
        assert (await house.cancel(again.body["id"])).problem == "owed_elsewhere"

    at_the_api(story)


def test_a_caller_who_asked_by_phone_has_one_promise_with_what_the_site_asks() -> None:
    async def story(house: ApiHouse) -> None:
        caller = hash_caller(NUMBER) or ""
        house.counting.take(PromiseNoted("b1-1", "carers", caller, "key", 1.0, 2.0, 4e9))
        answer = await house.add(wanted())
        assert answer.status == 201
        assert [one.promise for one in house.counting.counter.all()] == ["b1-1"]

    at_the_api(story)


def test_what_the_caller_asks_for_by_phone_later_is_not_the_sites_to_cancel() -> None:
    async def story(house: ApiHouse) -> None:
        mine = (await house.add(wanted())).body["id"]
        await house.counting.counter.add(Asked(NUMBER, "carers", "ops"))
        assert (await house.cancel(mine)).problem == "owed_elsewhere"
        assert len(await house.kept()) == 1

    at_the_api(story)


def test_what_was_cut_off_and_promised_by_phone_meanwhile_is_not_the_sites_to_cancel(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def dies(_asked: Asked) -> None:
        raise ValueError("the end of a daemon")

    async def story(house: ApiHouse) -> None:
        with monkeypatch.context() as crash:
            crash.setattr(house.counting.counter, "add", dies)
            assert (await house.add(wanted(), key="one-form")).status == 500
        caller = hash_caller(NUMBER) or ""
        house.counting.take(PromiseNoted("b1-1", "carers", caller, "key", 1.0, 2.0, 4e9))
        again = await house.add(wanted(), key="one-form")
        assert again.status == 201
        assert (await house.cancel(again.body["id"])).problem == "owed_elsewhere"

    at_the_api(story)
