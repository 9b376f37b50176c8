"""From an event's bytes leaving the PBX to what it means being painted in a real browser."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping
from random import Random

from msgspec import Struct

from simulations.demo.figures import read_figures
from simulations.demo.house import House
from simulations.demo.team import Listener
from simulations.pbx import people
from simulations.pbx.leg import Leg
from simulations.pbx.people import Caller, Ring
from simulations.pbx.phones import Phones
from simulations.pbx.server import EmulatedPbx
from tests.web.wallboard.chromium import Chromium, Page

LINES: dict[str, dict[str, object]] = {
    "health": {
        "number": "0805232336",
        "skills": {"health": 2},
        "ladder": [{"after_seconds": 0, "ring_at_once": 1}],
    }
}
AT_MOST_MS = 500.0

TALK_SECONDS = (10.0, 40.0)

WATCH_PAINT = """
globalThis.painted = {};
addEventListener("DOMContentLoaded", () => {
  const seen = new Set();
  new MutationObserver(() => {
    const fresh = [];
    for (const row of document.querySelectorAll("#waiting-rows tr")) {
      const key = row.dataset.key;
      if (key && !seen.has(key)) { seen.add(key); fresh.push(key); }
    }
    if (fresh.length === 0) return;
    requestAnimationFrame(() => setTimeout(() => {
      const now = (performance.timeOrigin + performance.now()) / 1000;
      for (const key of fresh) globalThis.painted[key] = now;
    }));
  }).observe(document.body, { childList: true, subtree: true });
});
"""
"""Each caller's row, once the frame that shows it for the first time is painted."""


class Arrivals:
    """Notes when the PBX tells of each caller: they come in this order."""

    def __init__(self) -> None:
        self.at: list[float] = []

    def watch(self, event: str, _leg: Leg, headers: Mapping[str, str]) -> None:
        if event == "UserEvent" and headers["UserEvent"] == "DecrocheArrived":
            self.at.append(time.time())


class Painted(Struct, frozen=True):
    """How soon callers were on the wall."""

    calls: int
    painted: int
    median_ms: float
    p99_ms: float
    slowest_ms: float
    daemon_cpu_share: float
    thrown: list[str]


def whims() -> Random:
    """Give what callers and listeners go by."""
    return Random(1)  # noqa: S311 - people's whims, no secrets


def make_team(count: int, chance: Random, *, answers: bool = True) -> list[Listener]:
    """Make listeners who take so long to answer that each caller is on the wall for a while.

    Unless they answer, each caller stays there.
    """

    def ring() -> Ring:
        if not answers:
            return people.NEVER
        return people.answers(chance.uniform(1.0, 2.0), chance.uniform(0.2, 0.5))

    return [Listener(f"l{number:03}", {"health": 3}, ring) for number in range(count)]


async def measure(rate: float, listeners: int, seconds: float, *, answers: bool = True) -> Painted:
    """Let calls come by chance for so long in front of an open wallboard; give the figures."""
    chance = whims()
    team = make_team(listeners, chance, answers=answers)
    house = House(team, LINES, {"wrap_up_seconds": 5.0})
    arrivals = Arrivals()
    site = house.site({one.name: one.manner for one in team})
    async with EmulatedPbx(site) as pbx, house, Chromium() as browser:
        pbx.exchange.watches.append(arrivals.watch)
        await house.start(pbx.port)
        page = await browser.page(house.wallboard, size=(1920, 1080), before=WATCH_PAINT)
        await page.until("document.querySelector('#hero').dataset.mood === 'calm'")
        before = read_figures(await house.metrics()).cpu_seconds
        begun = time.perf_counter()
        called = await _let_them_call(pbx.phones, rate, seconds, chance)
        took = time.perf_counter() - begun
        cpu_seconds = read_figures(await house.metrics()).cpu_seconds - before
        all_are_painted = f"Object.keys(globalThis.painted).length >= {called}"
        # Who was answered meanwhile may be in no picture.
        all_have_left = "document.querySelector('#waiting-rows tr') === null"
        await page.until(f"{all_are_painted} || {all_have_left}" if answers else all_are_painted)
        return await _figures(page, arrivals, cpu_seconds / took)


async def _let_them_call(phones: Phones, rate: float, seconds: float, chance: Random) -> int:
    """Have each call at its own instant; come back after the last, and say how many they were."""
    loop = asyncio.get_running_loop()
    over, due, number = loop.create_future(), 0.0, 0
    while due < seconds:
        talk_seconds = chance.uniform(*TALK_SECONDS)
        caller = Caller(f"0639980{number % 1000:03}", "health", talk_seconds=talk_seconds)
        loop.call_later(due, phones.call, caller)
        due += chance.expovariate(rate)
        number += 1
    loop.call_later(due, over.set_result, None)
    await over
    return number


async def _figures(page: Page, arrivals: Arrivals, cpu_share: float) -> Painted:
    painted = await page.evaluate("globalThis.painted")
    shown = sorted((int(key), at) for key, at in painted.items())
    took = sorted(1_000.0 * (at - arrivals.at[key - 1]) for key, at in shown)
    return Painted(
        calls=len(arrivals.at),
        painted=len(took),
        median_ms=round(took[len(took) // 2], 1),
        p99_ms=round(took[int(len(took) * 0.99)], 1),
        slowest_ms=round(took[-1], 1),
        daemon_cpu_share=round(cpu_share, 3),
        thrown=list(page.browser.thrown),
    )
