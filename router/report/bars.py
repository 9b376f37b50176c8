"""Bars, as SVG that stands in the page and takes its colours from it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final
from xml.etree.ElementTree import Element

from router.report.markup import tag
from router.report.numbers import NOTHING

WIDTH: Final = 640
HEIGHT: Final = 220
_TOP, _BOTTOM = 24, 28
_GAP = 0.25
"""Of a bar's place."""
_ROOM_FOR_FIGURES = 30
"""Narrower places than this have no figure above their bar."""
_LABELS_AT_MOST = 12

Bar = tuple[str, float | None]
"""What it is of, and how much; None: it is not shown."""


def bars(
    title: str, bars_shown: Sequence[Bar], write: Callable[[float], str], *, most: float = 0.0
) -> Element:
    """Draw bars beside one another; its words for those who do not see it are its figures.

    Parameters
    ----------
    title
        what the bars show.
    bars_shown
        from left to right.
    write
        how a figure is written.
    most
        what the full height stands for; the highest bar where that is more.

    """
    highest = max([most, *(value for _, value in bars_shown if value is not None)]) or 1.0
    place = WIDTH / max(1, len(bars_shown))
    every = -(-len(bars_shown) // _LABELS_AT_MOST)
    drawn: list[Element] = []
    for number, (label, value) in enumerate(bars_shown):
        x = number * place
        if number % every == 0:
            drawn.append(_text(x + place / 2, HEIGHT - 8, label))
        drawn += _bar(x, place, value, highest, write)
    ground = HEIGHT - _BOTTOM
    drawn.append(_shape("line", "ground", x1=0, x2=WIDTH, y1=ground, y2=ground))
    told = ", ".join(
        f"{label}: {NOTHING if value is None else write(value)}" for label, value in bars_shown
    )
    return tag(
        "svg",
        tag("title", f"{title}. {told}"),
        drawn,
        viewBox=f"0 0 {WIDTH} {HEIGHT}",
        role="img",
        class_="picture bars",
    )


def _bar(
    x: float, place: float, value: float | None, highest: float, write: Callable[[float], str]
) -> list[Element]:
    width, left = place * (1 - _GAP), x + place * _GAP / 2
    ground = HEIGHT - _BOTTOM
    if value is None:
        return [_text(x + place / 2, ground - 4, NOTHING)]
    height = (ground - _TOP) * value / highest
    drawn = [_shape("rect", "bar", x=left, y=ground - height, width=width, height=height)]
    if place >= _ROOM_FOR_FIGURES:
        drawn.append(_text(x + place / 2, ground - height - 5, write(value)))
    return drawn


def _text(x: float, y: float, words: str) -> Element:
    return tag("text", words, x=f"{x:.1f}", y=f"{y:.1f}", text_anchor="middle")


def _shape(kind: str, which: str, **places: float) -> Element:
    return tag(kind, class_=which, **{name: f"{at:.1f}" for name, at in places.items()})
