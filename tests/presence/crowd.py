"""A thousand listeners with an app each, a broker that is killed, and how soon all is right.

`python -m tests.presence.crowd` prints what was measured, as JSON; it takes half a minute, and ends
with 1 where something was wrong, or right again too late.
"""

from __future__ import annotations

import asyncio
import json
import logging
import sys
import tempfile
import time
from collections import deque
from contextlib import AsyncExitStack
from dataclasses import asdict, dataclass
from itertools import islice
from pathlib import Path

import pytest
import structlog

from router.core.events import AnyEvent
from router.core.listener import Duty
from router.core.presence_events import DutyWord
from tests.presence.app import App
from tests.presence.broker import Broker
from tests.presence.rig import Rig

LISTENERS = 1_000
MESSAGES_A_SECOND = 200
MESSAGES = 3_000
CONNECT_AT_ONCE = 50
RIGHT_AGAIN_WITHIN_SECONDS = 30.0
RETRY_SECONDS = 3.0
"""The apps' own: up to twice as much, so that they do not all come in the same instant."""


@dataclass(frozen=True)
class Measured:
    """What was seen."""

    listeners: int
    messages: int
    messages_a_second: float
    median_ms: float
    p99_ms: float
    """From an app saying something to the engine having it, the app's own part included."""
    wrong_after: int
    refused: float
    right_again_seconds: float
    """From the broker being back, empty, to all that was said, meanwhile too, being so."""


class Stopwatch:
    """Takes how long it is from an app saying something to the engine having it."""

    def __init__(self, site: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
        self.delays_seconds: list[float] = []
        self._said_at: dict[str, deque[float]] = {}
        """By listener: on a slow machine their next word may come before the last one is heard."""
        self._step = site.step
        monkeypatch.setattr(site, "step", self._note)

    def said(self, listener: str) -> None:
        self._said_at.setdefault(listener, deque()).append(time.monotonic())

    def _note(self, event: AnyEvent) -> None:
        self._step(event)
        if isinstance(event, DutyWord) and (said_at := self._said_at.get(event.listener)):
            self.delays_seconds.append(time.monotonic() - said_at.popleft())

    def ms(self, share: float) -> float:
        """Give the delay that so large a share of all stays below."""
        ordered = sorted(self.delays_seconds)
        return round(ordered[int(len(ordered) * share)] * 1000, 1)


async def measure(folder: Path, broker: Broker, monkeypatch: pytest.MonkeyPatch) -> Measured:
    """Have them all say something in turn, then lose the broker while some change their mind."""
    names = _names()
    async with AsyncExitStack() as stack:
        site = await stack.enter_async_context(Rig(folder, broker, names, monkeypatch))
        apps = [
            App(broker, name, RETRY_SECONDS * (1 + number / LISTENERS))
            for number, name in enumerate(names)
        ]
        for begin in range(0, LISTENERS, CONNECT_AT_ONCE):
            some = apps[begin : begin + CONNECT_AT_ONCE]
            await asyncio.gather(*(stack.enter_async_context(app) for app in some))
        stopwatch = Stopwatch(site, monkeypatch)
        begun = time.monotonic()
        wanted = await _talk(apps, stopwatch)
        delays = stopwatch.delays_seconds
        await site.until(lambda: len(delays) == MESSAGES, grows=lambda: len(delays))
        seconds = time.monotonic() - begun
        wrong = sum(site.duty(name) != duty for name, duty in wanted.items())
        return Measured(
            LISTENERS,
            MESSAGES,
            round(MESSAGES / seconds, 1),
            stopwatch.ms(0.5),
            stopwatch.ms(0.99),
            wrong,
            site.refused("flood"),
            round(await _broker_dies(site, broker, apps), 2),
        )


async def _talk(apps: list[App], stopwatch: Stopwatch) -> dict[str, Duty]:
    """Have one app after the other say something, and give what was said last."""
    loop = asyncio.get_running_loop()
    begun = time.monotonic()
    wanted: dict[str, Duty] = {}
    saying: set[asyncio.Task[None]] = set()
    for turn in range(MESSAGES):
        await _until(loop, begun + turn / MESSAGES_A_SECOND)
        round_, number = divmod(turn, LISTENERS)
        state: tuple[str, Duty] = ("pause", "paused") if round_ % 2 else ("ready", "on")
        name = f"l{number:04}"
        wanted[name] = state[1]
        stopwatch.said(name)
        saying.add(asyncio.create_task(apps[number].say_state(state[0], time.time())))
    await asyncio.gather(*saying)
    return wanted


async def _broker_dies(site: Rig, broker: Broker, apps: list[App]) -> float:
    """Kill it, let a tenth of the listeners change their mind, and start it again."""
    names = _names()
    await asyncio.to_thread(broker.kill)
    for app in apps:
        await app.until(lambda app=app: not app.connected, "the app to notice")  # type: ignore[misc]
    for app in islice(apps, LISTENERS // 10):
        await app.say_state("off", time.time())
    await asyncio.to_thread(broker.start)
    begun = time.monotonic()

    def online() -> float:
        return site.figure("decroche_presence_apps", state="online")

    await site.until(
        lambda: all(site.duty(name) == "off" for name in names[: LISTENERS // 10]), online
    )
    await site.until(lambda: online() == LISTENERS, online)
    assert all(site.duty(name) != "off" for name in names[LISTENERS // 10 :])
    return time.monotonic() - begun


def _names() -> list[str]:
    return [f"l{number:04}" for number in range(LISTENERS)]


async def _until(loop: asyncio.AbstractEventLoop, at: float) -> None:
    """Wait until an instant of the monotonic clock."""
    come = asyncio.Event()
    loop.call_at(at, come.set)
    await come.wait()


def run(folder: Path) -> Measured:
    """Measure on a broker of its own."""
    # What each listener says is logged; here it is measured.
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    with pytest.MonkeyPatch.context() as monkeypatch, Broker(folder, _names()) as broker:
        return asyncio.run(measure(folder, broker, monkeypatch))


def main() -> int:
    """Measure, print it, and give the exit status."""
    with tempfile.TemporaryDirectory() as made:
        measured = run(Path(made))
    sys.stdout.write(json.dumps(asdict(measured)) + "\n")
    is_right = not measured.wrong_after and not measured.refused
    return 0 if is_right and measured.right_again_seconds < RIGHT_AGAIN_WITHIN_SECONDS else 1


if __name__ == "__main__":
    sys.exit(main())
