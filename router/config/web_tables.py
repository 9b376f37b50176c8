"""What the config file says of who may look at the wallboard, as plain data."""

from __future__ import annotations

from pathlib import Path

from router.config.fields import HeaderName
from router.config.table import Table


class Wallboard(Table, frozen=True):
    """Who may look at the wallboard. With neither key: whoever is at this machine, nobody else."""

    token_file: Path | None = None
    """What has to be typed once in each browser; None: the environment's
    DECROCHE_WALLBOARD_SECRET, or no token."""
    proxy_header: HeaderName | None = None
    """Set by a reverse proxy that has let somebody in, and never let through from outside, as
    `X-Forwarded-User`; None: no proxy is trusted so."""
