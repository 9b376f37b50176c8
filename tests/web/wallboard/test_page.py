"""The page in a real Chromium, in front of a real engine."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path

import pytest

from router.core.events import (
    CallerHungUp,
    ListenerCameOn,
    OfferAccepted,
    PbxLost,
    PbxResynced,
    TalkStarted,
)
from router.web.wallboard.files import Files
from tests.web.wallboard.axe import barriers
from tests.web.wallboard.chromium import Chromium, Page
from tests.web.wallboard.wall import NAMES, Wall

pytestmark = pytest.mark.slow

SIZES = ((1920, 1080), (390, 844))
SAME_WORDS = """import("/wallboard/words.js").then((module) => {
  const names = (words) => Object.entries(words).map(([name, said]) =>
    typeof said === "object" ? name + names(said) : name).sort().join();
  const before = names(module.words);
  module.toggle();
  return before === names(module.words);
})"""
"""What is said in one language is said in the other."""

SECRET = "a token of this test, and of no site at all"


InChromium = Callable[..., None]


@pytest.fixture(scope="module")
def browsing() -> Iterator[tuple[asyncio.Runner, Chromium]]:
    """One browser for all tests, each with windows of its own: it takes a second to come up."""
    with asyncio.Runner() as runner:
        browser = Chromium()
        runner.run(browser.__aenter__())
        try:
            yield runner, browser
        finally:
            runner.run(browser.__aexit__(None, None, None))


@pytest.fixture
def in_chromium(browsing: tuple[asyncio.Runner, Chromium]) -> InChromium:
    """Play a story in front of a browser, which must have nothing to complain of."""
    runner, browser = browsing

    def play(story: Callable[[Wall, Chromium], Awaitable[None]], tables: str = "") -> None:
        async def played() -> None:
            try:
                async with Wall(tables) as wall:
                    await story(wall, browser)
                    assert browser.thrown == []
            finally:
                await browser.close_pages()

        runner.run(played())

    return play


async def mood(page: Page, name: str) -> None:
    await page.until(f"document.querySelector('#hero').dataset.mood === '{name}'")


def test_one_glance_tells_whether_anybody_waits_and_whether_alone(in_chromium: InChromium) -> None:
    async def story(wall: Wall, browser: Chromium) -> None:
        page = await browser.page(wall.url)
        await mood(page, "calm")
        await page.reads("#statement", "Personne n'attend")
        await page.reads("#detail", "2 écoutants libres, 0 en entretien")
        begun = time.monotonic()
        call, (offer,) = wall.call(waited_seconds=11.0)
        await mood(page, "waiting")
        await page.says("#statement", "Une personne attend")
        minutes, _, seconds = (await page.text("#longest-clock")).partition(":")
        assert 0 <= 60 * int(minutes) + int(seconds) - 10 <= 2 + time.monotonic() - begun
        await page.says("#ringing-rows", "1 sonne")
        wall.tell(OfferAccepted(offer), TalkStarted(call, offer))
        await mood(page, "calm")
        await page.says("#detail", "1 écoutant libre, 1 en entretien")
        await page.says("#waiting", "Personne n'attend.")
        wall.nobody_is_free()
        lonely, _ = wall.call(waited_seconds=5.0)
        await mood(page, "alone")
        await page.reads("#statement", "Une personne attend seule")
        await page.says("#troubles", "Personne n'est en poste pour la ligne carers.")
        await page.until("document.title === 'Une personne attend seule · decroche'")
        wall.tell(CallerHungUp(lonely))
        await mood(page, "calm")
        await page.says("#today-detail", "1 appel terminé")

    in_chromium(story)


def test_who_has_just_come_is_not_called_alone_and_becomes_so_without_any_news(
    in_chromium: InChromium, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("router.web.wallboard.lonely.ALONE_SECONDS", 300.0)

    async def story(wall: Wall, browser: Chromium) -> None:
        wall.nobody_is_free()
        page = await browser.page(wall.url)
        await mood(page, "calm")
        wall.call()
        await mood(page, "waiting")
        # The next sign of life alone tells the page that it is later.
        monkeypatch.setattr(wall.part._board, "_clock", lambda: time.time() + 300.0)
        await mood(page, "alone")

    in_chromium(story)


def test_it_says_why_when_asterisk_is_away_and_when_it_has_no_news_itself(
    in_chromium: InChromium,
) -> None:
    async def story(wall: Wall, browser: Chromium) -> None:
        page = await browser.page(wall.url, language="en")
        await mood(page, "calm")
        wall.tell(PbxLost())
        await mood(page, "blind")
        lost = "No link to Asterisk for [1-9][0-9]* s: the dialplan.s fallback takes"
        await page.until(f"/{lost}/.test(document.querySelector('#detail').innerText)")
        wall.tell(PbxResynced((), ()))
        await mood(page, "calm")
        await wall.stop()
        await mood(page, "silent")
        assert "Nothing came for" in await page.text("#detail")
        wall.open()
        await wall.start()
        wall.tell(ListenerCameOn(NAMES[0]))
        await mood(page, "calm")

    in_chromium(story)


def test_where_too_many_watch_it_says_so_and_comes_up_once_one_has_left(
    in_chromium: InChromium, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def story(wall: Wall, browser: Chromium) -> None:
        monkeypatch.setattr("router.web.wallboard.pages.MOST_WATCHERS", 0)
        page = await browser.page(wall.url)
        await page.says("#statement", "Trop de tableaux ouverts")
        monkeypatch.undo()
        await mood(page, "calm")
        browser.thrown.clear()

    in_chromium(story)


def test_a_page_that_hung_through_an_upgrade_reads_itself_anew(
    in_chromium: InChromium, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def story(wall: Wall, browser: Chromium) -> None:
        page = await browser.page(wall.url)
        await mood(page, "calm")
        await page.evaluate("globalThis.old = true")
        await wall.stop()
        monkeypatch.setattr(Files, "version", "another")
        wall.open()
        await wall.start()
        wall.tell(ListenerCameOn(NAMES[0]))
        await page.until("globalThis.old === undefined")
        await mood(page, "calm")

    in_chromium(story)


def test_language_is_toggled_by_the_keyboard_and_kept(in_chromium: InChromium) -> None:
    async def story(wall: Wall, browser: Chromium) -> None:
        page = await browser.page(wall.url)
        await mood(page, "calm")
        await page.press("Tab")
        assert await page.evaluate("document.activeElement.id") == "language"
        outline = "getComputedStyle(document.activeElement).outlineStyle"
        assert await page.evaluate(outline) == "solid"
        await page.press("Enter")
        await page.says("#statement", "Nobody is waiting")
        assert await page.evaluate("document.documentElement.lang") == "en"
        assert await page.text("#language") == "Français"
        await page.go(wall.url)
        await page.says("#statement", "Nobody is waiting")
        assert await page.evaluate(SAME_WORDS)
        assert "undefined" not in await page.text("body")

    in_chromium(story)


def test_a_screen_reader_hears_what_changes_and_no_clock(in_chromium: InChromium) -> None:
    async def story(wall: Wall, browser: Chromium) -> None:
        page = await browser.page(wall.url)
        await page.says("[role=status]", "Personne n'attend")
        wall.nobody_is_free()
        wall.call(waited_seconds=40.0)
        await page.says("[role=status]", "Une personne attend seule. Personne n'est en poste")
        live = "document.querySelectorAll('[aria-live], [role=status], [role=alert]').length"
        assert await page.evaluate(live) == 1
        assert "0:" not in await page.text("[role=status]")

    in_chromium(story)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_on_it_shuts_anybody_out(in_chromium: InChromium, scheme: str) -> None:
    async def story(wall: Wall, browser: Chromium) -> None:
        page = await browser.page(wall.url, scheme=scheme)
        for state in ("calm", "waiting", "alone", "blind"):
            if state == "waiting":
                wall.call(waited_seconds=9.0)
            elif state == "alone":
                wall.nobody_is_free()
                wall.call(waited_seconds=9.0)
            elif state == "blind":
                wall.tell(PbxLost())
            await mood(page, state)
            for size in SIZES:
                await page.resize(*size)
                assert await barriers(page) == [], (state, size)
        await page.resize(320, 640)
        width = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        assert await page.evaluate(width) == 0

    in_chromium(story)


def test_the_way_in_is_by_keyboard_and_shuts_nobody_out(
    in_chromium: InChromium, tmp_path: Path
) -> None:
    secret = tmp_path / "wallboard.secret"
    secret.touch(mode=0o600)
    secret.write_text(SECRET)

    async def story(wall: Wall, browser: Chromium) -> None:
        page = await browser.page(wall.url)
        await page.until("document.activeElement.id === 'token'")
        assert await barriers(page) == []
        await page.type_in("not the token")
        await page.press("Enter")
        await page.says("main", "Ce n'est pas le jeton")
        await page.until("document.activeElement.id === 'token'")
        await page.type_in(SECRET)
        await page.press("Enter")
        await page.until("document.querySelector('#hero')?.dataset.mood === 'calm'")
        assert await page.evaluate("document.cookie") == ""
        assert SECRET not in await page.evaluate("location.href")
        browser.thrown.clear()

    in_chromium(story, f'[web.wallboard]\ntoken_file = "{secret}"\n')


def test_who_is_no_longer_let_in_sees_the_door(in_chromium: InChromium, tmp_path: Path) -> None:
    secret = tmp_path / "wallboard.secret"
    secret.touch(mode=0o600)
    secret.write_text(SECRET)

    async def story(wall: Wall, browser: Chromium) -> None:
        page = await browser.page(wall.url)
        await page.until("document.activeElement.id === 'token'")
        await page.type_in(SECRET)
        await page.press("Enter")
        await page.until("document.querySelector('#hero')?.dataset.mood === 'calm'")
        await wall.stop()
        await asyncio.to_thread(secret.write_text, SECRET[::-1])
        wall.open()
        await wall.start()
        await page.until("document.querySelector('#token') !== null")
        browser.thrown.clear()

    in_chromium(story, f'[web.wallboard]\ntoken_file = "{secret}"\n')


def test_behind_another_tab_its_title_tells_of_somebody_who_waits_alone(
    in_chromium: InChromium,
) -> None:
    async def story(wall: Wall, browser: Chromium) -> None:
        page = await browser.page(wall.url)
        await page.until("document.title.startsWith('Personne n')")
        await browser.cover_last_page()
        await page.until("document.hidden")
        wall.nobody_is_free()
        wall.call(40.0)
        await page.until("document.title.startsWith('Une personne')")

    in_chromium(story)
