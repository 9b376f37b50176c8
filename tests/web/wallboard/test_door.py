from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path

import aiohttp
import pytest
from aiohttp.test_utils import make_mocked_request
from aiohttp.web import Response

from router.web.wallboard.door import COOKIE, COOKIE_SECONDS, Door
from tests.web.wallboard.wall import Wall, at_the_wall

TOKEN = "a token of this test, and of no site at all"
PATHS = ("", "wallboard/stream")
HOSTS = '[web]\nhosts = ["wall.example", "Localhost.Wall.Example", "192.0.2.7"]\n'
PROXY = '[web.wallboard]\nproxy_header = "X-Forwarded-User"\n'

Ask = Callable[..., Awaitable[aiohttp.ClientResponse]]


@pytest.fixture
def token_file(tmp_path: Path) -> str:
    path = tmp_path / "wallboard.secret"
    path.touch(mode=0o600)
    path.write_text(TOKEN)
    return f'[web.wallboard]\ntoken_file = "{path}"\n'


def asking(story: Callable[[Wall, Ask], Awaitable[None]], tables: str = "") -> None:
    """Ask of a wallboard as some browser, or something that pretends to be one."""

    async def played(wall: Wall) -> None:
        jar = aiohttp.DummyCookieJar()
        async with aiohttp.ClientSession(cookie_jar=jar) as session:

            async def ask(
                path: str, headers: Mapping[str, str] | None = None, **form: str
            ) -> aiohttp.ClientResponse:
                method = "POST" if form else "GET"
                response = await session.request(
                    method,
                    wall.url + path,
                    headers=headers,
                    data=form or None,
                    allow_redirects=False,
                )
                if path != "wallboard/stream" or response.status != 200:
                    await response.read()
                else:
                    response.close()
                return response

            await story(wall, ask)

    at_the_wall(played, tables)


def cookie_of(response: aiohttp.ClientResponse) -> dict[str, str]:
    return {"Cookie": f"{COOKIE}={response.cookies[COOKIE].value}"}


@pytest.mark.parametrize("host", ["localhost:8077", "127.0.0.1", "[::1]:8077", "LOCALHOST"])
def test_without_a_token_whoever_sits_at_this_machine_may_look(host: str) -> None:
    async def story(_: Wall, ask: Ask) -> None:
        for path in PATHS:
            assert (await ask(path, {"Host": host})).status == 200

    asking(story)


@pytest.mark.parametrize(
    "headers",
    [
        {"Host": "wall.example"},
        {"Host": "localhost.wall.example:8077"},
        {"Host": "192.0.2.7:8077"},
        {"Host": "localhost", "X-Forwarded-For": "192.0.2.7"},
        {"Host": "127.0.0.1:8077", "Forwarded": "for=192.0.2.7"},
        {"Host": "127.0.0.1:8077", "X-Real-IP": "192.0.2.7"},
    ],
)
def test_without_a_token_nobody_from_elsewhere_may_and_is_told_what_to_do(
    headers: dict[str, str],
) -> None:
    async def story(_: Wall, ask: Ask) -> None:
        for path in PATHS:
            assert (await ask(path, headers)).status == 403
        page = await ask("", headers)
        assert "docs/wallboard.md" in await page.text()
        assert (await ask("wallboard/enter", headers, token=TOKEN)).status == 403

    asking(story, HOSTS)


def test_with_a_token_nobody_may_look_without_it_at_this_machine_either(token_file: str) -> None:
    async def story(_: Wall, ask: Ask) -> None:
        for path in PATHS:
            for authorization in ("", "Bearer wrong", f"Basic {TOKEN}", f"Bearer {TOKEN}x"):
                assert (await ask(path, {"Authorization": authorization})).status == 401
            assert (await ask(path, {"Authorization": f"Bearer {TOKEN}"})).status == 200
            assert (await ask(path, {"Cookie": f"{COOKIE}={TOKEN}"})).status == 401

    asking(story, token_file)


def test_the_token_is_typed_once_and_a_cookie_shown_from_then_on(token_file: str) -> None:
    async def story(_: Wall, ask: Ask) -> None:
        assert "password" in await (await ask("")).text()
        entered = await ask("wallboard/enter", token=f" {TOKEN} ")
        assert (entered.status, entered.headers["Location"]) == (303, "/")
        cookie = entered.cookies[COOKIE]
        assert cookie["httponly"]
        assert cookie["samesite"] == "Strict"
        assert TOKEN not in cookie.value
        for path in PATHS:
            assert (await ask(path, cookie_of(entered))).status == 200

    asking(story, token_file)


@pytest.mark.parametrize("form", [{"token": "wrong"}, {"tok": TOKEN}, {"token": "x" * 9_000}])
def test_what_is_not_the_token_is_not_let_in_and_not_repeated(
    form: dict[str, str], token_file: str
) -> None:
    async def story(_: Wall, ask: Ask) -> None:
        refused = await ask("wallboard/enter", **form)
        assert refused.status == 401
        assert not refused.cookies
        assert next(iter(form.values())) not in await refused.text()

    asking(story, token_file)


@pytest.mark.parametrize(
    "content_type",
    [
        "application/x-www-form-urlencoded; charset=bogus",
        "multipart/form-data; boundary=a",
        "multipart/form-data",
        "",
    ],
)
def test_a_form_that_is_none_is_not_let_in_and_breaks_nothing(
    token_file: str, content_type: str
) -> None:
    body = b'--a\r\nContent-Disposition: form-data; name="token"; filename="x"\r\nContent-Type'

    async def story(wall: Wall) -> None:
        headers = {"Content-Type": content_type}
        async with aiohttp.ClientSession() as session:
            for typed in (body, b"token=%ff%fe", b"token", b"\xff", b""):
                url = f"{wall.url}wallboard/enter"
                async with session.post(url, data=typed, headers=headers) as response:
                    assert response.status == 401

    at_the_wall(story, token_file)


def test_nobody_holds_a_place_who_asks_for_the_head_alone(token_file: str) -> None:
    async def story(wall: Wall) -> None:
        headers = {"Authorization": f"Bearer {TOKEN}"}
        async with aiohttp.ClientSession() as session:
            url = f"{wall.url}wallboard/stream"
            async with session.head(url, headers=headers) as response:
                assert response.status == 404

    at_the_wall(story, token_file)


def test_behind_tls_the_cookie_is_never_sent_without(token_file: str) -> None:
    async def story(_: Wall, ask: Ask) -> None:
        here = await ask("wallboard/enter", token=TOKEN)
        assert not here.cookies[COOKIE]["secure"]
        for there in ({"Host": "wall.example"}, {"X-Forwarded-Proto": "https"}):
            assert (await ask("wallboard/enter", there, token=TOKEN)).cookies[COOKIE]["secure"]

    asking(story, HOSTS + token_file)


def test_a_wall_that_is_looked_at_stays_in_and_one_that_is_not_goes_out() -> None:
    now = [1_700_000_000.0]
    door = Door(TOKEN.encode(), None, lambda: now[0])

    def cookie(headers: Mapping[str, str]) -> str:
        response = Response()
        door.give_cookie(make_mocked_request("GET", "/", headers=headers), response)
        return response.cookies[COOKIE].value

    def is_in(value: str) -> bool:
        headers = {"Host": "wall.example", "Cookie": f"{COOKIE}={value}"}
        return door.answer(make_mocked_request("GET", "/", headers=headers)) == "in"

    first = cookie({"Host": "wall.example"})
    now[0] += COOKIE_SECONDS - 1.0
    assert is_in(first)
    second = cookie({"Host": "wall.example"})
    now[0] += 2.0
    assert not is_in(first)
    assert is_in(second)


@pytest.mark.parametrize("forge", ["", ".", "ffffffffff.", "ffffffffff.00", "x.y.z", "\xe9.\xe9"])
def test_a_cookie_that_we_have_not_made_lets_nobody_in(forge: str) -> None:
    door = Door(TOKEN.encode(), None, time.time)
    response = Response()
    door.give_cookie(make_mocked_request("GET", "/", headers={"Host": "localhost"}), response)
    ends, _, signed = response.cookies[COOKIE].value.partition(".")
    for value in (forge, f"f{ends}.{signed}", f"{ends}.{signed[:-1]}"):
        headers = {"Host": "localhost", "Cookie": f"{COOKIE}={value}"}
        assert door.answer(make_mocked_request("GET", "/", headers=headers)) == "token"
    other = Door(b"another token that is long enough", None, time.time)
    headers = {"Host": "localhost", "Cookie": f"{COOKIE}={ends}.{signed}"}
    assert other.answer(make_mocked_request("GET", "/", headers=headers)) == "token"


def test_whom_the_proxy_names_is_let_in_and_nobody_else() -> None:
    async def story(_: Wall, ask: Ask) -> None:
        for path in PATHS:
            assert (await ask(path, {"X-Forwarded-User": "anne"})).status == 200
            for headers in ({}, {"X-Forwarded-User": " "}, {"X-Forwarded-For": "192.0.2.7"}):
                assert (await ask(path, headers)).status == 403
        assert (await ask("wallboard/enter", token="anything")).status == 401

    asking(story, PROXY)


@pytest.mark.parametrize(
    "host",
    ["evil.example", "evil.example:8077", "127.0.0.1.evil.example", "127.0.0.1x", "[::1", ""],
)
def test_a_page_elsewhere_whose_name_leads_here_reads_nothing_whatever_it_pretends(
    host: str,
) -> None:
    async def story(_: Wall, ask: Ask) -> None:
        for path in (*PATHS, "metrics", "readyz", "wallboard/main.js", "nothing"):
            refused = await ask(path, {"Host": host, "X-Forwarded-User": "anne"})
            assert refused.status == 421
            words = await refused.text()
            assert "`hosts` in [web] of decroche.toml" in words
            assert "evil" not in words
            assert "wall.example" not in words

    asking(story, HOSTS + PROXY)


@pytest.mark.parametrize("host", ["wall.example", "WALL.example:443", "localhost.wall.example"])
def test_by_a_name_of_the_configuration_a_proxy_lets_in_whom_it_names(host: str) -> None:
    async def story(_: Wall, ask: Ask) -> None:
        for path in PATHS:
            assert (await ask(path, {"Host": host, "X-Forwarded-User": "anne"})).status == 200
            assert (await ask(path, {"Host": host})).status == 403

    asking(story, HOSTS + PROXY)


def test_every_answer_keeps_foreign_scripts_frames_and_stores_out(token_file: str) -> None:
    async def story(_: Wall, ask: Ask) -> None:
        entered = await ask("wallboard/enter", token=TOKEN)
        seen = [entered, await ask(""), await ask("", cookie_of(entered))]
        seen += [await ask(f"wallboard/{name}") for name in ("main.js", "board.css", "nothing")]
        seen += [await ask("wallboard/stream"), await ask("wallboard/stream", cookie_of(entered))]
        for response in seen:
            policy = response.headers["Content-Security-Policy"]
            assert "default-src 'none'" in policy
            assert "frame-ancestors 'none'" in policy
            assert "unsafe" not in policy
            assert response.headers["Cache-Control"] == "no-store"
            assert response.headers["X-Content-Type-Options"] == "nosniff"

    asking(story, token_file)


def test_a_page_is_french_unless_the_browser_would_rather_have_english(token_file: str) -> None:
    async def story(_: Wall, ask: Ask) -> None:
        french, english = await ask(""), await ask("", {"Accept-Language": "en"})
        assert 'lang="fr"' in await french.text()
        assert "Wallboard token" in await english.text()

    asking(story, token_file)


def test_who_sends_a_form_byte_by_byte_is_not_waited_for(
    token_file: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("router.web.wallboard.pages.FORM_SECONDS", 0.1)

    async def story(wall: Wall, _: Ask) -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", wall.port)
        writer.write(
            b"POST /wallboard/enter HTTP/1.1\r\nHost: localhost\r\nContent-Length: 60\r\n"
            b"Content-Type: application/x-www-form-urlencoded\r\n\r\ntoken="
        )
        async with asyncio.timeout(30):
            assert b" 401 " in await reader.readline()
        writer.close()

    asking(story, token_file)
