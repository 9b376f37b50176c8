"""`make bench-wallboard`: what a picture costs, how soon it is on the wall, and a day of them.

Ends with 1 if any of it is not as it should be.
"""

from __future__ import annotations

import asyncio
import sys

import msgspec
from cyclopts import App

from tests.web.wallboard import cost, flood, pixel

RATE, LISTENERS = 5.0, 250
CROWDS = ((250, 100), (1_000, 500), (10_000, 1_000))
MOST_MS = {250: 2.0, 10_000: 20.0}
"""That a picture may take, by how many listeners there are."""
LEAST_SHARE = 0.8
"""Of callers: who is answered in between two pictures is in none."""

app = App(name="bench-wallboard", help=__doc__)


@app.default
def bench(*, seconds: float = 60.0, pictures: int = flood.PICTURES_A_DAY) -> int:
    """Measure, and print JSON.

    Parameters
    ----------
    seconds
        for how long calls come in front of the wall.
    pictures
        how many are drawn in place of a day's.

    """
    costs = [cost.measure(*crowd) for crowd in CROWDS]
    painted = asyncio.run(pixel.measure(RATE, LISTENERS, seconds))
    flooded = asyncio.run(flood.run(pictures))
    found = {"a_picture": costs, "event_to_pixel": painted, "a_day": flooded}
    sys.stdout.write(msgspec.json.format(msgspec.json.encode(found)).decode() + "\n")
    is_well = (
        all(one.median_ms <= MOST_MS.get(one.listeners, one.median_ms) for one in costs)
        and painted.painted >= LEAST_SHARE * painted.calls
        and painted.p99_ms <= pixel.AT_MOST_MS
        and flooded.does_not_grow()
        and not (painted.thrown or flooded.thrown)
    )
    return 0 if is_well else 1


if __name__ == "__main__":
    sys.exit(app())
