"""Prints how long a scrape takes, and how many series it gives, with few listeners and with many.

A scrape is all that `/metrics` does: the gauges set from the state, and the page written. It waits
for nothing, and what else the machine does meanwhile is not counted. Ends with 1 if it takes too
long, or if series are added with callers or listeners.
"""

from __future__ import annotations

import gc
import sys
from time import process_time

from msgspec import Struct
from rich.console import Console
from rich.table import Table

from tests.observe.crowd import START, Crowd

CROWDS = ((100, 100), (1_000, 1_000), (10_000, 1_000))
"""Listeners, and callers."""

SCRAPES = 50
AT_MOST_MS = 50.0


class Scraped(Struct, frozen=True):
    """What so many scrapes were like."""

    listeners: int
    callers: int
    median_ms: float
    slowest_ms: float
    series: int
    octets: int


def series_of(page: bytes) -> int:
    """Count the series of a page."""
    return sum(bool(line) and not line.startswith(b"#") for line in page.splitlines())


def measure(listeners: int, callers: int, scrapes: int = SCRAPES) -> Scraped:
    """Scrape a crowd again and again."""
    crowd = Crowd(listeners, callers)
    page = crowd.scrape()
    gc.collect()
    took = []
    for _ in range(scrapes):
        begun = process_time()
        crowd.recorder.set_gauges(crowd.engine.state, START + 60.0)
        page = crowd.metrics.render()
        took.append(1_000.0 * (process_time() - begun))
    took.sort()
    return Scraped(listeners, callers, took[len(took) // 2], took[-1], series_of(page), len(page))


def main() -> int:
    """Measure all crowds, print them, and give the exit status."""
    found = [measure(*crowd) for crowd in CROWDS]
    table = Table(title=f"A scrape, of {SCRAPES}")
    for head in ("listeners", "callers", "median ms", "slowest ms", "series", "octets"):
        table.add_column(head, justify="right")
    for one in found:
        figures = (f"{one.median_ms:.2f}", f"{one.slowest_ms:.2f}", f"{one.series:,}")
        table.add_row(f"{one.listeners:,}", f"{one.callers:,}", *figures, f"{one.octets:,}")
    Console().print(table)
    is_swift = all(one.median_ms <= AT_MOST_MS for one in found)
    return 0 if is_swift and len({one.series for one in found}) == 1 else 1


if __name__ == "__main__":
    sys.exit(main())
