"""Who means ill: strangers, floods, and requests that are none or too deep."""

from __future__ import annotations

import asyncio
import logging

import msgspec
import pytest

from router.web.api.clients import Client, Clients, token_hash
from router.web.api.limits import STRANGERS_A_MINUTE
from router.web.counter import Asked, Standing
from tests.runtime.promise_house import NUMBER
from tests.web.api.house import HEAD, OTHER_TOKEN, TOKEN, ApiHouse, at_the_api, wanted

pytestmark = pytest.mark.slow


def posting(body: bytes, *more: str) -> bytes:
    """Give a request as it goes over the wire."""
    head = HEAD + "".join(f"{line}\r\n" for line in more)
    return head.encode() + f"Content-Length: {len(body)}\r\n\r\n".encode() + body


@pytest.mark.parametrize(
    "authorization", ["", "Bearer", "Bearer ", f"Basic {TOKEN}", f"Beaver {TOKEN}", TOKEN]
)
def test_without_a_token_of_ours_nothing_is_done(authorization: str) -> None:
    async def story(house: ApiHouse) -> None:
        answer = await house.ask(
            "POST",
            "/v1/promises",
            token=None,
            headers={"Authorization": authorization, "Idempotency-Key": "1"},
            body=msgspec.json.encode(wanted()),
        )
        assert (answer.status, answer.problem) == (401, "no_token")
        assert answer.headers["WWW-Authenticate"].startswith("Bearer")
        assert await house.kept() == []

    at_the_api(story)


@pytest.mark.parametrize("wrong", ["another", f"{TOKEN}x", TOKEN[:-1], TOKEN.upper(), "\udcff"])
def test_a_token_that_is_nearly_right_is_nobodys(wrong: str) -> None:
    clients = Clients([Client("site", token_hash(TOKEN), 1)])
    assert clients.of(f"Bearer {wrong}") is None
    assert clients.of(f"bearer {TOKEN}") is not None


def test_who_is_no_client_any_more_is_let_in_no_longer() -> None:
    async def story(house: ApiHouse) -> None:
        mine = (await house.add(wanted())).body["id"]
        house.server.take((), 1)
        assert (await house.see(mine)).problem == "no_token"

    at_the_api(story)


def test_a_request_that_is_played_again_dials_nobody_twice() -> None:
    async def story(house: ApiHouse) -> None:
        answers = [await house.add(wanted(), key="one-form") for _ in range(5)]
        assert {answer.text for answer in answers} == {answers[0].text}
        assert len(await house.kept()) == 1

    at_the_api(story)


def test_a_request_that_is_played_again_once_all_is_over_promises_nothing_anew() -> None:
    async def story(house: ApiHouse) -> None:
        first = await house.add(wanted(), key="one-form")
        assert (await house.cancel(first.body["id"])).status == 204
        assert (await house.add(wanted(), key="one-form")).text == first.text
        assert await house.kept() == []

    at_the_api(story)


def test_the_same_request_many_times_at_once_is_done_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def story(house: ApiHouse) -> None:
        add, times = house.counting.counter.add, 0

        async def counted(asked: Asked) -> Standing:
            nonlocal times
            times += 1
            return await add(asked)

        monkeypatch.setattr(house.counting.counter, "add", counted)
        asked = [house.add(wanted(), key="one-form") for _ in range(20)]
        answers = await asyncio.gather(*asked)
        done = [one for one in answers if one.status == 201]
        assert done
        assert {one.text for one in done} == {done[0].text}
        assert {one.problem for one in answers if one.status != 201} <= {"in_progress"}
        assert times == 1
        assert len(await house.kept()) == 1

    at_the_api(story)


def test_a_flood_is_turned_away_with_when_to_try_again_and_others_are_served() -> None:
    async def story(house: ApiHouse) -> None:
        house.take(6)
        answers = [await house.see("nothing") for _ in range(8)]
        assert [one.status for one in answers] == [404] * 6 + [429] * 2
        assert answers[-1].problem == "too_many"
        assert answers[-1].headers["Retry-After"] == "10"
        assert (await house.see("nothing", token=OTHER_TOKEN)).status == 404

    at_the_api(story)


def test_all_clients_together_have_a_limit_too() -> None:
    async def story(house: ApiHouse) -> None:
        house.take(6, of_all=2)
        tokens = (TOKEN, OTHER_TOKEN, TOKEN, OTHER_TOKEN)
        statuses = [(await house.see("nothing", token=one)).status for one in tokens]
        assert statuses == [404, 404, 429, 429]

    at_the_api(story)


def test_a_flood_of_strangers_takes_nothing_from_the_clients() -> None:
    async def story(house: ApiHouse) -> None:
        asked = [house.see("nothing", token="a guess") for _ in range(STRANGERS_A_MINUTE + 20)]
        statuses = [(await one).status for one in asked]
        assert statuses == [401] * STRANGERS_A_MINUTE + [429] * 20
        assert (await house.add(wanted())).status == 201
        assert 'decroche_api_requests_total{client="stranger",status="429"}' in house.metrics

    at_the_api(story)


NOT_HTTP = [
    b"0639980042\r\n\r\n",
    b"GET /0639980042 HTTP/9\r\n\r\n",
    b"GET http://[0639980042 HTTP/1.1\r\nHost: x\r\n\r\n",
    b"GET /v1/ HTTP/1.1\r\nX: 0639980042" + b"0" * 9_000 + b"\r\n\r\n",
    b"GET /v1/ HTTP/1.1\r\n" + b"X: 0639980042\r\n" * 200 + b"\r\n",
    b"GET /" + b"0639980042" * 900 + b" HTTP/1.1\r\n\r\n",
    HEAD.encode() + b"Content-Length: 0639980042x\r\n\r\n",
    b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x030639980042",
]


@pytest.mark.parametrize("sent", NOT_HTTP)
def test_what_is_not_http_is_refused_and_neither_repeated_nor_written_down(
    sent: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)

    async def story(house: ApiHouse) -> None:
        answer = await house.raw(sent)
        head, _, said = answer.partition(b"\r\n\r\n")
        assert b" 400 " in head.partition(b"\r\n")[0]
        assert msgspec.json.decode(said)["type"] == "/v1/#bad_request"
        assert b"39980042" not in answer
        assert (await house.see("nothing")).status == 404

    at_the_api(story)
    assert "39980042" not in caplog.text


@pytest.mark.parametrize("body", [b"[" * 8_000, b'{"a":' * 1_600, b'{"window":' * 800])
def test_json_that_goes_deep_is_refused(body: bytes) -> None:
    async def story(house: ApiHouse) -> None:
        assert (await house.raw(posting(body))).startswith((b"HTTP/1.1 400 ", b"HTTP/1.1 422 "))
        assert (await house.see("nothing")).status == 404

    at_the_api(story)


def test_a_store_that_hangs_confirms_nothing_and_the_same_key_works_once_it_is_back(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def story(house: ApiHouse) -> None:
        with monkeypatch.context() as impatient, house.frozen_store():
            impatient.setattr("router.store.request_keys.DEADLINE_SECONDS", 0.2)
            answer = await house.add(wanted(), key="one-form")
        assert (answer.status, answer.problem) == (503, "not_stored")
        assert (await house.add(wanted(), key="one-form")).status == 201
        assert len(await house.kept()) == 1

    at_the_api(story)


def test_no_number_is_in_what_is_kept_of_requests_nor_in_any_log(
    caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG)

    async def story(house: ApiHouse) -> None:
        await house.add(wanted(), key="one-form")
        await house.add(wanted("112"))
        await house.see(NUMBER)
        await house.ask("GET", f"/{NUMBER}?number={NUMBER}")
        kept = await house.requests_kept()
        assert len(kept) == 1
        assert all(0 < seconds <= 86_400 for _, seconds in kept)
        assert all(NUMBER[1:].encode() not in record for record, _ in kept)
        assert all(b"one-form" not in record for record, _ in kept)

    at_the_api(story)
    assert NUMBER[1:] not in caplog.text + capsys.readouterr().out


def test_a_failure_of_ours_is_said_without_what_was_sent(
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    capsys: pytest.CaptureFixture[str],
) -> None:
    async def story(house: ApiHouse) -> None:
        async def fails(asked: object) -> None:
            raise ValueError(str(asked))

        monkeypatch.setattr(house.counting.counter, "add", fails)
        answer = await house.add(wanted())
        assert (answer.status, answer.problem) == (500, "failed")
        assert NUMBER not in answer.text

    at_the_api(story)
    said = caplog.text + capsys.readouterr().out
    assert "ValueError" in said
    assert NUMBER not in said
