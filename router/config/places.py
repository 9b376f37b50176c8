"""Where the daemon and the commands look for the configuration unless they are told."""

from __future__ import annotations

from pathlib import Path

DEFAULT_CONFIG = Path("/etc/decroche/decroche.toml")
