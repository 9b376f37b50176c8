"""A real Chromium without a window, spoken to by its own protocol over a websocket."""

from __future__ import annotations

import asyncio
import base64
import itertools
import json
import shutil
import signal
import tempfile
from asyncio.subprocess import PIPE, Process
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import aiohttp

from tests.testbed.need import require_program

DEADLINE_SECONDS = 30.0
MOST_BYTES = 256 * 1024 * 1024
"""Of one answer: a picture, at the most."""

WORDS = (
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--remote-debugging-port=0",
    "--hide-scrollbars",
)


class BrokenPageError(AssertionError):
    """The page, or the browser, did not do what it was asked to."""


class Chromium:
    """`async with Chromium() as browser`. It ends with the block, and leaves nothing behind."""

    def __init__(self) -> None:
        self._program = require_program("chromium")
        self._numbers = itertools.count(1)
        self._answers: dict[int, asyncio.Future[dict[str, Any]]] = {}
        self._contexts: list[str] = []
        self.thrown: list[str] = []
        """Errors that pages have thrown, and what their content policy has kept out."""

    async def __aenter__(self) -> Self:
        self._folder = Path(tempfile.mkdtemp(prefix="dcr-chromium-"))
        self._process: Process = await asyncio.create_subprocess_exec(
            self._program,
            *WORDS,
            f"--user-data-dir={self._folder}",
            "about:blank",
            stdout=PIPE,
            stderr=PIPE,
            start_new_session=True,
        )
        self._session = aiohttp.ClientSession()
        try:
            async with asyncio.timeout(DEADLINE_SECONDS):
                address = await self._address()
            self._socket = await self._session.ws_connect(address, max_msg_size=MOST_BYTES)
        except BaseException:
            await self._end()
            raise
        self._readers = [asyncio.create_task(self._read()), asyncio.create_task(self._drain())]
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        for task in self._readers:
            task.cancel()
        await self._end()

    async def page(
        self,
        url: str,
        *,
        size: tuple[int, int] = (1280, 800),
        scheme: str = "light",
        language: str = "fr",
        before: str = "",
    ) -> Page:
        """Open a page in a window of its own; `before` runs before its own scripts."""
        context = (await self.call("Target.createBrowserContext"))["browserContextId"]
        self._contexts.append(context)
        target = await self.call("Target.createTarget", url="about:blank", browserContextId=context)
        attached = await self.call(
            "Target.attachToTarget", targetId=target["targetId"], flatten=True
        )
        page = Page(self, attached["sessionId"])
        for name in ("Page", "Runtime", "Log", "Performance", "Network"):
            await page.call(f"{name}.enable")
        await page.resize(*size)
        await page.prefer(scheme)
        await page.call("Network.setExtraHTTPHeaders", headers={"Accept-Language": language})
        if before:
            await page.call("Page.addScriptToEvaluateOnNewDocument", source=before)
        await page.go(url)
        return page

    async def cover_last_page(self) -> None:
        """Open another tab in its window, in front of it."""
        there = {"url": "about:blank", "browserContextId": self._contexts[-1]}
        tab = await self.call("Target.createTarget", **there)
        await self.call("Target.activateTarget", targetId=tab["targetId"])

    async def close_pages(self) -> None:
        """Close all windows, and forget what they have thrown."""
        while self._contexts:
            context = self._contexts.pop()
            await self.call("Target.disposeBrowserContext", browserContextId=context)
        self.thrown.clear()

    async def call(self, method: str, session: str | None = None, **params: object) -> Any:
        """Ask for something, and give the answer."""
        number = next(self._numbers)
        answer = self._answers[number] = asyncio.get_running_loop().create_future()
        asked = {"id": number, "method": method, "params": params}
        await self._socket.send_json(asked | ({"sessionId": session} if session else {}))
        said = await answer
        if "error" in said:
            raise BrokenPageError(f"{method}: {said['error']}")
        return said["result"]

    async def _address(self) -> str:
        assert self._process.stderr is not None, "it is a pipe"
        said = b""
        while line := await self._process.stderr.readline():
            said += line
            _, found, address = line.decode(errors="replace").partition("DevTools listening on ")
            if found:
                return address.strip()
        raise BrokenPageError(f"chromium did not start: {said.decode(errors='replace')}")

    async def _read(self) -> None:
        async for message in self._socket:
            said = json.loads(message.data)
            if "id" in said:
                waiting = self._answers.pop(said["id"])
                if not waiting.done():
                    waiting.set_result(said)
            elif said["method"] == "Runtime.exceptionThrown":
                details = said["params"]["exceptionDetails"]
                self.thrown.append(json.dumps(details.get("exception", details)))
            elif said["method"] == "Log.entryAdded" and said["params"]["entry"]["source"] in (
                "security",
                "javascript",
            ):
                self.thrown.append(said["params"]["entry"]["text"])
        for waiting in self._answers.values():
            if not waiting.done():
                waiting.set_exception(BrokenPageError("the browser has gone"))

    async def _drain(self) -> None:
        assert self._process.stderr is not None, "it is a pipe"
        while await self._process.stderr.readline():
            pass

    async def _end(self) -> None:
        await self._session.close()
        if self._process.returncode is None:
            with suppress(ProcessLookupError):
                self._process.send_signal(signal.SIGTERM)
            try:
                async with asyncio.timeout(DEADLINE_SECONDS):
                    await self._process.wait()
            except TimeoutError:
                self._process.kill()
                await self._process.wait()
        shutil.rmtree(self._folder, ignore_errors=True)


class Page:
    """One window."""

    def __init__(self, browser: Chromium, session: str) -> None:
        self.browser = browser
        self._session = session

    async def call(self, method: str, **params: object) -> Any:
        """Ask something of this page."""
        return await self.browser.call(method, self._session, **params)

    async def go(self, url: str) -> None:
        """Go to an address, and wait until what stands there is read."""
        await self.evaluate("document.isLeft = true")
        await self.call("Page.navigate", url=url)
        is_there = f"!document.isLeft && location.href.startsWith({json.dumps(url)})"
        await self.until(f"{is_there} && document.readyState === 'complete'")

    async def resize(self, width: int, height: int) -> None:
        """Have a window of this size; a narrow one is a phone's."""
        await self.call(
            "Emulation.setDeviceMetricsOverride",
            width=width,
            height=height,
            deviceScaleFactor=1,
            mobile=width < 600,
        )

    async def prefer(self, scheme: str) -> None:
        """Prefer light or dark, without movement."""
        features = [
            {"name": "prefers-color-scheme", "value": scheme},
            {"name": "prefers-reduced-motion", "value": "reduce"},
        ]
        await self.call("Emulation.setEmulatedMedia", features=features)

    async def evaluate(self, script: str) -> Any:
        """Give what a script comes to, or what it promises."""
        answer = await self.call(
            "Runtime.evaluate", expression=script, awaitPromise=True, returnByValue=True
        )
        if "exceptionDetails" in answer:
            raise BrokenPageError(f"{script[:200]}: {answer['exceptionDetails']}")
        return answer["result"].get("value")

    async def until(self, condition: str, *, seconds: float = DEADLINE_SECONDS) -> None:
        """Wait until something is so on the page. It outlives the page's being loaded anew."""
        script = (
            "new Promise((done) => { const look = () => {"
            f"if ({condition}) done(true); else setTimeout(look, 20); }}; look(); }})"
        )
        try:
            async with asyncio.timeout(seconds):
                while not await self._holds(script):
                    pass
        except TimeoutError:
            text = await self.evaluate("document.body.innerText")
            raise BrokenPageError(f"waited for {condition}; there is: {text}") from None

    async def text(self, selector: str) -> str:
        """Give what can be read at a place, with the apostrophes of a keyboard."""
        return str(await self.evaluate(_text(selector)))

    async def says(self, selector: str, words: str) -> None:
        """Wait until this can be read there."""
        await self.until(f"{_text(selector)}?.includes({json.dumps(words)})")

    async def reads(self, selector: str, words: str) -> None:
        """Wait until this, and nothing else, can be read there."""
        await self.until(f"{_text(selector)} === {json.dumps(words)}")

    async def press(self, key: str) -> None:
        """Press a key."""
        codes = {"Tab": 9, "Enter": 13}
        more = {"text": "\r"} if key == "Enter" else {}
        for kind in ("keyDown", "keyUp"):
            await self.call(
                "Input.dispatchKeyEvent",
                type=kind,
                key=key,
                code=key,
                windowsVirtualKeyCode=codes[key],
                **(more if kind == "keyDown" else {}),
            )

    async def type_in(self, text: str) -> None:
        """Type where the cursor is."""
        await self.call("Input.insertText", text=text)

    async def picture(self, *, whole: bool = False) -> bytes:
        """Give what is seen, as PNG."""
        shot = await self.call("Page.captureScreenshot", captureBeyondViewport=whole)
        return base64.b64decode(shot["data"])

    async def heap(self) -> dict[str, float]:
        """Give what the page holds once all that nobody needs is thrown away."""
        for _ in range(2):
            await self.call("HeapProfiler.collectGarbage")
        metrics = (await self.call("Performance.getMetrics"))["metrics"]
        wanted = {"JSHeapUsedSize", "Nodes", "JSEventListeners", "Documents"}
        return {one["name"]: one["value"] for one in metrics if one["name"] in wanted}

    async def _holds(self, script: str) -> bool:
        try:
            return bool(await self.evaluate(script))
        except BrokenPageError as error:
            gone = ("context was destroyed", "Cannot find context", "navigated")
            if any(words in str(error) for words in gone):
                return False
            raise


def _text(selector: str) -> str:
    place = f"document.querySelector({json.dumps(selector)})"
    return f"{place}?.innerText.replaceAll('\\u2019', \"'\")"
