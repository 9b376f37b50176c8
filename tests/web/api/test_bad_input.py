"""Bad input: each has its clear answer, which repeats nothing, and nothing half-made stays."""

from __future__ import annotations

from datetime import datetime, timedelta

import msgspec
import pytest

from tests.web.api.house import ApiHouse, at_the_api, wanted

ARABIC_INDIC = "".join(chr(0x0660 + int(digit)) for digit in "0639980042")
NUMBER_OF_OURS = "0199000001"


def window(begins_hours: float | None, ends_hours: float | None) -> dict[str, str]:
    """Give a window, in hours from now."""
    now = datetime.now().astimezone()
    ends = {"begins": begins_hours, "ends": ends_hours}
    return {
        name: (now + timedelta(hours=hours)).isoformat()
        for name, hours in ends.items()
        if hours is not None
    }


REFUSED: list[tuple[dict[str, object], str, str]] = [
    (wanted("15"), "emergency", "#/number"),
    (wanted("112"), "emergency", "#/number"),
    (wanted("3624"), "short", "#/number"),
    (wanted("0899" + 6 * "0"), "premium", "#/number"),
    (wanted("+"), "not_a_number", "#/number"),
    (wanted("0" + "6" * 39), "not_a_number", "#/number"),
    (wanted(ARABIC_INDIC), "not_a_number", "#/number"),
    (wanted("anonymous"), "not_a_number", "#/number"),
    (wanted("0639980042\r\nX: 1"), "not_a_number", "#/number"),
    (wanted("+44 1632 960001"), "international", "#/number"),
    (wanted(NUMBER_OF_OURS), "own_line", "#/number"),
    (wanted(line="nobody"), "unknown_line", "#/line"),
    (wanted(listener="999"), "unknown_listener", "#/listener"),
    (wanted(listener="0639980042"), "unknown_listener", "#/listener"),
    (wanted(window=window(-3, -1)), "window_past", "#/window"),
    (wanted(window=window(None, 24 * 365)), "window_too_far", "#/window"),
    (wanted(window=window(3, 2)), "window_backwards", "#/window"),
    (wanted(window={"ends": "0001-01-01T00:00:00+14:00"}), "window_past", "#/window"),
    (wanted(window={"begins": "9999-12-31T23:59:59Z"}), "window_too_far", "#/window"),
]

MISSHAPEN: list[tuple[object, str]] = [
    ({}, "#/number"),
    ({"number": "0639980042"}, "#/line"),
    ([], "#"),
    (None, "#"),
    (wanted(number=639_980_042), "#/number"),
    (wanted(number=None), "#/number"),
    (wanted(number=""), "#/number"),
    (wanted(number="0" * 41), "#/number"),
    (wanted(line="Ünknown"), "#/line"),
    (wanted(line=["carers"]), "#/line"),
    (wanted(listener=204), "#/listener"),
    (wanted(window="tomorrow"), "#/window"),
    (wanted(window={"begins": "tomorrow"}), "#/window/begins"),
    (wanted(window={"ends": "2026-01-05T09:00:00"}), "#/window/ends"),
    (wanted(window={"ends": 1_700_000_000}), "#/window/ends"),
    (wanted(window={"0639980042": 1}), "#/window"),
    ({**wanted(), "0639980042": 1}, "#"),
]

NOT_JSON = [b"", b"0639980042", b'{"number": "0639980042"', b"\xff\xfe", b'{"number": "\xff"}']


def test_what_is_not_to_be_had_is_refused_with_its_reason_and_place() -> None:
    async def story(house: ApiHouse) -> None:
        for what, problem, pointer in REFUSED:
            answer = await house.add(what)
            assert (answer.status, answer.problem) == (422, problem), what
            assert [one["pointer"] for one in answer.body["errors"]] == [pointer]
            assert not repeats(answer.text, what)
        assert await house.kept() == []
        assert house.counting.house.keys() == 0

    at_the_api(story)


def test_what_has_not_the_shape_is_refused_at_its_place() -> None:
    async def story(house: ApiHouse) -> None:
        for what, pointer in MISSHAPEN:
            answer = await house.add(what)
            assert answer.problem in {"invalid", "bad_json"}, what
            if answer.problem == "invalid":
                (error,) = answer.body["errors"]
                assert error["pointer"] == pointer, what
                assert error["detail"].startswith("expected ")
            assert not repeats(answer.text, what)
        assert await house.kept() == []

    at_the_api(story)


@pytest.mark.parametrize("body", NOT_JSON)
def test_what_is_not_json_is_told_so(body: bytes) -> None:
    async def story(house: ApiHouse) -> None:
        answer = await house.ask(
            "POST", "/v1/promises", headers={"Idempotency-Key": "1"}, body=body
        )
        assert answer.status in {400, 422}
        assert answer.problem in {"bad_json", "invalid"}
        assert "0639980042" not in answer.text

    at_the_api(story)


def test_a_line_that_does_not_call_at_these_hours_says_so() -> None:
    async def story(house: ApiHouse) -> None:
        soon = datetime.now().astimezone() + timedelta(minutes=5)
        answer = await house.add(wanted(window={"ends": soon.isoformat()}))
        assert answer.problem == "outside_hours"

    far = datetime.now().astimezone() + timedelta(hours=12)
    at_the_api(story, f'hours = "{far:%H}:00-{far:%H}:01"')


@pytest.mark.parametrize("key", ["", "é", "two words", "k" * 129])
def test_a_key_that_is_none_is_refused(key: str) -> None:
    async def story(house: ApiHouse) -> None:
        body = msgspec.json.encode(wanted())
        answer = await house.ask(
            "POST", "/v1/promises", headers={"Idempotency-Key": key}, body=body
        )
        assert answer.problem == "bad_key"
        assert await house.kept() == []

    at_the_api(story)


@pytest.mark.parametrize(
    "headers",
    [
        {"Content-Type": "text/plain"},
        {"Content-Type": "application/x-www-form-urlencoded"},
        {"Content-Type": "application/json", "Content-Encoding": "gzip"},
    ],
)
def test_only_plain_json_is_taken(headers: dict[str, str]) -> None:
    async def story(house: ApiHouse) -> None:
        body = msgspec.json.encode(wanted())
        headers["Idempotency-Key"] = "1"
        answer = await house.ask("POST", "/v1/promises", headers=headers, body=body)
        assert answer.problem == "not_json"

    at_the_api(story)


def test_what_is_not_here_is_told_as_a_problem_too() -> None:
    async def story(house: ApiHouse) -> None:
        assert (await house.ask("GET", "/v1/callers")).problem == "not_found"
        answer = await house.ask("PUT", "/v1/promises")
        assert answer.problem == "no_such_method"
        assert answer.headers["Allow"] == "POST"

    at_the_api(story)


def repeats(text: str, what: object) -> bool:
    """Say whether an answer has anything of a number that was sent."""
    sent = msgspec.json.encode(what).decode()
    runs = ("0639980042", "639980042", "39980042", ARABIC_INDIC, "899", "1632", "3624")
    return any(run in text for run in runs if run in sent)
