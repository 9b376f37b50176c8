"""Requests that are too large or too slow, and more of them at once than there is room for."""

from __future__ import annotations

import asyncio

import pytest

from router.web.api import body as body_reading
from router.web.api import door, server
from tests.web.api.house import HEAD, ApiHouse, at_the_api, wanted

pytestmark = pytest.mark.slow

DEADLINE_SECONDS = 30.0
MIB = 1_048_576


def test_a_mebibyte_is_refused_before_it_is_read() -> None:
    async def story(house: ApiHouse) -> None:
        head = f"{HEAD}Content-Length: {MIB}\r\n\r\n".encode()
        answer = await house.raw(head + b"{")
        assert answer.startswith(b"HTTP/1.1 413 ")
        whole = await house.add(wanted(number="0" * MIB))
        assert whole.problem == "too_large"

    at_the_api(story)


def test_a_mebibyte_of_unknown_length_is_refused_at_the_limit() -> None:
    async def story(house: ApiHouse) -> None:
        chunk = b"2000\r\n" + b"0" * 0x2000 + b"\r\n"
        head = f"{HEAD}Transfer-Encoding: chunked\r\n\r\n".encode()
        answer = await house.raw(head + chunk + b"1\r\n0\r\n")
        assert answer.startswith(b"HTTP/1.1 413 ")

    at_the_api(story)


def test_a_body_that_drips_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    async def story(house: ApiHouse) -> None:
        with monkeypatch.context() as impatient:
            impatient.setattr(body_reading, "BODY_SECONDS", 0.2)
            answer = await house.raw(f'{HEAD}Content-Length: 100\r\n\r\n{{"numb'.encode())
        assert answer.startswith(b"HTTP/1.1 408 ")
        assert (await house.add(wanted())).status == 201

    at_the_api(story)


def test_a_body_that_ends_too_soon_is_no_request() -> None:
    async def story(house: ApiHouse) -> None:
        cut = f"{HEAD}Content-Length: 100\r\n\r\n{{".encode()
        assert (await house.raw(cut, end=True))[:13] in {b"", b"HTTP/1.1 400 "}
        assert await house.kept() == []

    at_the_api(story)


def test_who_never_comes_to_the_point_is_shown_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(door, "CONNECTION_SECONDS", 0.2)

    async def story(house: ApiHouse) -> None:
        assert await house.raw(b"GET /v1/ HTTP/1.1\r\nHost: x\r\nX-Slow: ") == b""

    at_the_api(story)


def test_more_connections_than_there_is_room_for_are_closed_and_the_rest_served(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(door, "MOST_CONNECTIONS", 3)

    async def story(house: ApiHouse) -> None:
        held = [await asyncio.open_connection("127.0.0.1", house.port) for _ in range(4)]
        assert await asyncio.wait_for(held[-1][0].read(), DEADLINE_SECONDS) == b""
        for _, writer in held:
            writer.close()
            await writer.wait_closed()
        assert (await house.see("nothing")).status == 404

    at_the_api(story)


def test_more_at_once_than_can_be_answered_are_asked_to_come_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(server, "MOST_AT_ONCE", 1)
    monkeypatch.setattr(body_reading, "BODY_SECONDS", 2 * DEADLINE_SECONDS)
    monkeypatch.setattr(door, "CONNECTION_SECONDS", 2 * DEADLINE_SECONDS)

    async def story(house: ApiHouse) -> None:
        reader, slow = await asyncio.open_connection("127.0.0.1", house.port)
        slow.write(f"{HEAD}Content-Length: 2\r\n\r\n".encode())
        async with asyncio.timeout(DEADLINE_SECONDS):
            while (answer := await house.see("nothing")).status == 404:
                pass
            assert (answer.problem, answer.headers["Retry-After"]) == ("busy", "1")
            slow.write(b"{}")
            assert (await reader.read()).startswith(b"HTTP/1.1 422 ")
        slow.close()
        assert (await house.see("nothing")).status == 404

    at_the_api(story)
