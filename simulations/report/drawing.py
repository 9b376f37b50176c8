"""Matplotlib's pictures as inline SVG that takes its colours and letters from the page."""

from __future__ import annotations

import io
import re
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from xml.etree.ElementTree import Element, fromstring

from matplotlib import rc_context
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from router.report.markup import tag

INK, MUTED, GRID = "#010100", "#010200", "#010300"
GOOD, WARM, BAD, BARS = "#010400", "#010500", "#010600", "#010700"
"""Stand-ins that nobody sees: in the SVG each becomes a variable of the page's style."""

_VARIABLES = {
    INK: "--ink",
    MUTED: "--muted",
    GRID: "--grid",
    GOOD: "--good",
    WARM: "--warm",
    BAD: "--bad",
    BARS: "--bars",
}
_WIDTH_INCHES = 5.4
"""At 72 points an inch, narrow enough for a phone to show its letters in a readable size."""

_STYLE: dict[Any, Any] = {
    "svg.fonttype": "none",
    "svg.hashsalt": "decroche",
    "text.parse_math": False,
    "font.size": 11,
    "text.color": INK,
    "axes.edgecolor": MUTED,
    "axes.labelcolor": INK,
    "axes.titlecolor": INK,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": True,
    "axes.axisbelow": True,
    "grid.color": GRID,
    "xtick.color": MUTED,
    "ytick.color": MUTED,
    "xtick.labelcolor": INK,
    "ytick.labelcolor": INK,
}
_NO_METADATA = {"Creator": None, "Date": None, "Format": None, "Type": None}
_NAMESPACE = re.compile(r"^\{[^}]*\}")


@contextmanager
def sheet(height_inches: float, rows: int = 1) -> Iterator[tuple[Figure, list[Axes]]]:
    """Give an empty figure with axes one above the other, which share what is across."""
    with rc_context(_STYLE), warnings.catch_warnings():
        # a name in letters that the measuring font lacks is drawn by the reader's own font
        warnings.filterwarnings("ignore", message="Glyph .* missing")
        figure = Figure(figsize=(_WIDTH_INCHES, height_inches), layout="constrained")
        axes = figure.subplots(rows, 1, sharex=True, squeeze=False)
        yield figure, list(axes[:, 0])


def inline(figure: Figure, name: str, alt: str) -> Element:
    """Give the figure as an SVG element with an alt text. `name` keeps its ids its own."""
    out = io.StringIO()
    figure.savefig(out, format="svg", metadata=_NO_METADATA, transparent=True)
    text = out.getvalue()
    for stand_in, variable in _VARIABLES.items():
        text = text.replace(stand_in, f"var({variable})")
    svg = fromstring(text[text.index("<svg") :])  # noqa: S314  matplotlib wrote it a moment ago
    _simplify(svg, name)
    view = svg.get("viewBox", "")
    svg.attrib.clear()
    svg.attrib.update({"viewBox": view, "role": "img", "aria-label": alt, "class": "picture"})
    svg.insert(0, tag("title", alt))
    return svg


def _simplify(svg: Element, name: str) -> None:
    """Take out namespaces and style sheets, which the page has, and make each id the page's only.

    Inside an HTML page, SVG needs no namespaces.
    """
    for element in svg.iter():
        element.tag = _NAMESPACE.sub("", element.tag)
        for style in element.findall("{http://www.w3.org/2000/svg}style"):
            element.remove(style)
        attributes = {_NAMESPACE.sub("", key): text for key, text in element.attrib.items()}
        for key, text in attributes.items():
            if key == "id":
                attributes[key] = f"{name}-{text}"
            elif key == "href":
                attributes[key] = f"#{name}-{text.removeprefix('#')}"
            else:
                attributes[key] = text.replace("url(#", f"url(#{name}-")
        element.attrib.clear()
        element.attrib.update(attributes)
