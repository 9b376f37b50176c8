"""Draws the engine's state tables into docs/architecture.md.

`python -m router.reference.diagrams docs/architecture.md`, or `make diagrams`.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import Final

from router.core.call import CALL_TABLE, Call
from router.core.listener import ACTIVITY_TABLE, DUTY_TABLE, ListenerState
from router.core.offer import OFFER_TABLE, Offer
from router.core.promise import PROMISE_TABLE, Promise
from router.reference.drawing import Drawing, diagram, words

DRAWINGS: Final = (
    Drawing("call", CALL_TABLE, Call, "state"),
    Drawing("offer", OFFER_TABLE, Offer, "state"),
    Drawing("duty", DUTY_TABLE, ListenerState, "duty"),
    Drawing("activity", ACTIVITY_TABLE, ListenerState, "activity"),
    Drawing("promise", PROMISE_TABLE, Promise, "state"),
)

_BETWEEN: Final = "<!-- {0}: drawn by make diagrams -->\n{1}<!-- {0}: end -->\n"
"""On the page, unseen."""


def drawn_into(page: str) -> str:
    """Give a page with each diagram drawn anew between its two marks.

    Raises
    ------
    ValueError
        if the marks of one are not there.

    """
    for drawing in DRAWINGS:
        old = re.compile(_BETWEEN.format(drawing.name, "(?:.*\n)*?"), re.MULTILINE)
        between = "\n".join(filter(None, (diagram(drawing), words(drawing))))
        page, found = old.subn(_BETWEEN.format(drawing.name, f"\n{between}\n"), page)
        if found != 1:
            raise ValueError(f"expected the marks of {drawing.name!r} once, got {found}")
    return page


if __name__ == "__main__":
    path = Path(sys.argv[1])
    path.write_text(drawn_into(path.read_text(encoding="utf-8")), encoding="utf-8")
