"""The Containerfile, read as far as a test needs it."""

from __future__ import annotations

import re

from tests.tidy.source import ROOT

FILE = ROOT / "Containerfile"
Stage = list[tuple[str, str]]
"""Instructions and what they say, in order."""


def stages() -> list[Stage]:
    """Give each stage, from its FROM on."""
    text = re.sub(r"\\\n\s*", "", FILE.read_text(encoding="utf-8"))
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    begins = [number for number, line in enumerate(lines) if line.startswith("FROM ")]
    ends = [*begins[1:], len(lines)]
    return [
        [(word, words) for word, _, words in (line.partition(" ") for line in lines[begin:end])]
        for begin, end in zip(begins, ends, strict=True)
    ]


def said(stage: Stage, instruction: str) -> list[str]:
    """Give what all instructions of this name say."""
    return [words for word, words in stage if word == instruction]
