"""The unit that we ship, read as far as a test carries it out."""

from __future__ import annotations

from pathlib import Path

from tests.tidy.source import ROOT

UNIT = ROOT / "config/systemd/decroche.service"
PREFIX = "/opt/decroche"


class Unit:
    """What is set in its [Service], in order."""

    def __init__(self, path: Path = UNIT) -> None:
        self.text = path.read_text(encoding="utf-8")
        said = [line.partition("=") for line in self.text.splitlines() if line[:1].isalpha()]
        self._said = [(key, value) for key, _, value in said]

    def all_of(self, key: str) -> list[str]:
        return [value for one, value in self._said if one == key]

    def of(self, key: str) -> str:
        (value,) = self.all_of(key)
        return value

    def seconds(self, key: str) -> float:
        return float(self.of(key))
