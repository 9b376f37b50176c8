"""All dashboards, as the files that Grafana reads."""

from __future__ import annotations

from router.observe.dashboards.engine import ENGINE
from router.observe.dashboards.now import NOW
from router.observe.dashboards.service import SERVICE


def written() -> dict[str, str]:
    """Give each file's name and text, the same at each run."""
    return {f"{board.name}.json": board.json() for board in (NOW, SERVICE, ENGINE)}
