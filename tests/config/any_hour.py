"""Hours in which a line calls back whenever a test runs: all day long is none of them."""

from __future__ import annotations

from datetime import datetime, timedelta


def any_hour() -> str:
    """Give hours that go on for half a day from now on: a minute far from now is not of them."""
    far = datetime.now().astimezone() + timedelta(hours=12)
    return f"{far:%H}:01-{far:%H}:00"
