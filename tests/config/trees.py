"""A config tree for tests."""

from __future__ import annotations

from pathlib import Path

import pytest

from router.config import Settings, hash_pin, load
from router.errors import ConfigError

PIN_HASH = hash_pin("2580")

MAIN = """\
listeners_file = "listeners.toml"
time_zone = "Europe/Paris"

[pools]
house = "On the platform"

[lines.carers]
number = "0199000001"
skills = { health = 2, fr = 1 }

[[lines.carers.ladder]]
after_seconds = 20
skills = { health = 1, fr = 1 }
ring_at_once = 2
"""

LISTENERS = f"""\
[listeners.anne]
name = "Anne"
endpoint = "PJSIP/anne"
login = "2001"
pin_hash = "{PIN_HASH}"
skills = {{ health = 2, fr = 3 }}
pool = "house"
shifts = "always"

[listeners.bruno]
name = "Bruno"
endpoint = "PJSIP/bruno"
login = "2002"
pin_hash = "{PIN_HASH}"
skills = {{ health = 1, fr = 1 }}
pool = "house"
shifts = "none"
"""


class Tree:
    """A config tree that loads, to be spoilt by one replacement."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "decroche.toml"
        self.listeners_path = folder / "listeners.toml"
        self.path.write_text(MAIN, encoding="utf-8")
        self.listeners_path.write_text(LISTENERS, encoding="utf-8")

    def spoil(self, good: str, bad: str) -> None:
        spoilt = 0
        for path in (self.path, self.listeners_path):
            text = path.read_text(encoding="utf-8")
            spoilt += text.count(good)
            path.write_text(text.replace(good, bad, 1), encoding="utf-8")
        assert spoilt, f"{good!r} is not in the tree"

    def load(self) -> Settings:
        return load(self.path)

    def problems(self) -> list[str]:
        """Load what must be refused; give the problems, each without its folder."""
        with pytest.raises(ConfigError) as refused:
            self.load()
        return str(refused.value).replace(f"{self.path.parent}/", "").split("\n")
