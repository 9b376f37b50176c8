"""What axe, which looks for barriers that shut people out, finds on a page."""

from __future__ import annotations

import json
from importlib.resources import files

from tests.web.wallboard.chromium import Page

GRAVE = ("serious", "critical")

_RUN = """axe.run().then((found) => JSON.stringify(found.violations.map(
  (one) => [one.impact, one.id, one.nodes.map((node) => node.html + node.failureSummary)])))"""


async def barriers(page: Page) -> list[str]:
    """Give what is serious, each with where it is."""
    source = (files("axe_core_python") / "axe.min.js").read_text(encoding="utf-8")
    await page.evaluate(f"{source}\n;0")
    found = json.loads(await page.evaluate(_RUN))
    return [f"{rule}: {places}" for impact, rule, places in found if impact in GRAVE]
