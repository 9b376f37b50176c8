"""The guide's steps, as somebody who follows it types them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple

from tests.tidy.source import ROOT

GUIDE = ROOT / "docs/install.md"
DAY_TO_DAY = ROOT / "docs/operating.md"
FENCE = re.compile(r"^```sh\n(.*?)^```", re.MULTILINE | re.DOTALL)
SECTION = re.compile(r"^## (\d)\. ([^\n]+)\n(.*?)(?=^## )", re.MULTILINE | re.DOTALL)


class Step(NamedTuple):
    """A section with a number: what is typed in it."""

    number: int
    title: str
    script: str


def steps(filled_in: Mapping[str, str]) -> list[Step]:
    """Give the steps, with what stands in capitals filled in; each of it has to be there."""
    text = GUIDE.read_text(encoding="utf-8")
    for word, value in filled_in.items():
        assert re.search(rf"\b{word}\b", text), f"the guide asks for no {word}"
        text = re.sub(rf"\b{word}\b", value, text)
    return [
        Step(int(number), title, "".join(FENCE.findall(words)))
        for number, title, words in SECTION.findall(text)
    ]


def new_master_key() -> str:
    """Give what is typed for one."""
    text = DAY_TO_DAY.read_text(encoding="utf-8")
    section = text.partition("\n## A new master key\n")[2].partition("\n## ")[0]
    return "".join(FENCE.findall(section))
