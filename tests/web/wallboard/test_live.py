"""The page in a real Chromium, in front of a real daemon at work."""

from __future__ import annotations

import asyncio
import os
import sys
import urllib.error
import urllib.request
from asyncio.subprocess import PIPE
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from router.web.wallboard.view import MOST_WAITING
from simulations.demo.house import House
from simulations.pbx.server import EmulatedPbx
from tests.web.api.installation import DEADLINE_SECONDS, Installation
from tests.web.wallboard import flood, pixel
from tests.web.wallboard.axe import barriers
from tests.web.wallboard.chromium import Chromium

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[3]
TOKEN = "a token of this test, and of no site at all"
ROWS = "document.querySelectorAll('#{}-rows tr').length"


def test_who_starts_the_demo_finds_the_wallboard_and_all_of_it_is_alive(tmp_path: Path) -> None:
    async def look() -> None:
        demo = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "simulations.demo"),
            stdout=PIPE,
            cwd=ROOT,
            env={**os.environ, "TMPDIR": str(tmp_path)},
        )
        assert demo.stdout is not None
        try:
            where = (await demo.stdout.readline()).decode().split()[-1]
            async with Chromium() as browser:
                page = await browser.page(where, size=(390, 844))
                for table in ("waiting", "ringing", "pool", "line"):
                    await page.until(ROWS.format(table) + " > 0")
                assert await barriers(page) == []
                await page.until("/[0-9]/.test(document.querySelector('#pickup').innerText)")
                await page.says("#line-rows", "% à temps")
                assert browser.thrown == []
        finally:
            demo.terminate()
            await demo.communicate()

    asyncio.run(look())


def test_it_tells_that_asterisk_is_gone_and_then_that_the_daemon_is() -> None:
    async def look() -> None:
        team = pixel.make_team(3, pixel.whims())
        house = House(team, pixel.LINES, {})
        site = house.site({one.name: one.manner for one in team})
        async with Chromium() as browser:
            async with house:
                async with EmulatedPbx(site) as pbx:
                    await house.start(pbx.port)
                    page = await browser.page(house.wallboard)
                    await page.says("#detail", "3 écoutants libres")
                await page.says("#detail", "son plan de secours prend les appels")
            await page.says("#statement", "Plus de nouvelles de decroche")

    asyncio.run(look())


def test_a_daemon_that_is_given_a_token_asks_for_it_and_never_writes_it_down(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("DECROCHE_WALLBOARD_SECRET", TOKEN)
    # A socket's path must be short, and those of pytest are not.
    with TemporaryDirectory(prefix="dcr-") as folder, Installation(Path(folder)) as site:
        site.write(web="a client's")
        site.start()
        for token, status in {"": 401, "wrong": 401, TOKEN: 200}.items():
            assert status_of(site.web_port, "/", token) == status
        assert status_of(site.web_port, "/metrics", "") == 200
        assert TOKEN not in site.log_path.read_text()


def status_of(port: int, path: str, token: str) -> int:
    """Ask for a page, and give the answer's status."""
    request = urllib.request.Request(
        f"http://127.0.0.1:{port}{path}", headers={"Authorization": f"Bearer {token}"}
    )
    try:
        with urllib.request.urlopen(request, timeout=DEADLINE_SECONDS) as answer:  # noqa: S310 - ours
            return int(answer.status)
    except urllib.error.HTTPError as error:
        return error.code


def test_each_caller_whom_the_pbx_tells_of_is_painted_with_250_listeners() -> None:
    found = asyncio.run(pixel.measure(rate=4.0, listeners=250, seconds=3.0, answers=False))
    assert found.thrown == []
    assert 5 < found.calls <= MOST_WAITING
    assert found.painted == found.calls


def test_a_page_that_is_open_for_long_does_not_grow() -> None:
    found = asyncio.run(flood.run(3_000, warm=1_000))
    assert found.drawn == 3_000
    assert found.thrown == []
    assert found.does_not_grow()
