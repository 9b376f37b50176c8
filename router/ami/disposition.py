"""What a listener keys of a talk that is over, on its own leg or in their menu.

Digits end here: the engine and the journal have the name of the orientation that was given.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, get_args

import structlog

from router.ami.mirror import Mirror
from router.ami.parse import BadMessage
from router.core.events import AnyEvent, Disposition, TalkDisposed, TalkMarkedHard

log = structlog.get_logger(__name__)

HARD: Final = "hard"
"""Says how the talk was, and not what it led to: that may be keyed as well."""

DISPOSITIONS: Final[dict[str, Disposition]] = {word: word for word in get_args(Disposition)}

WORDS: Final = (HARD, *DISPOSITIONS)
"""All that can be keyed, in the dialplan's words."""

Orientations = Mapping[str, str]
"""Short number, as it is keyed, to the name of the directory's entry."""


class WrapUp:
    """Reads what is keyed after a talk. What nobody can have meant is answered by nothing."""

    def __init__(self, mirror: Mirror) -> None:
        self.orientations: Orientations = {}
        self._mirror = mirror

    def keyed(self, offer: str, what: str, number: str) -> list[AnyEvent]:
        """Give what was keyed on the leg of an offer; nothing, if nobody knows whose leg it is.

        Raises
        ------
        BadMessage
            if that was not to be keyed.

        """
        if what not in WORDS:
            raise BadMessage("bad_disposition")
        leg = self._mirror.offers.get(offer)
        if leg is None or not leg.listener:
            return []
        return [told_of_talk(leg.listener, what, number, self.orientations)]


def told_of_talk(
    listener: str, what: str, number: str, orientations: Orientations
) -> TalkDisposed | TalkMarkedHard:
    """Give what a listener tells by one of `WORDS`, and by an orientation's short number."""
    if what == HARD:
        return TalkMarkedHard(listener)
    given = orientations.get(number) if what == "orientation" else None
    if what == "orientation" and number and given is None:
        log.warning("orientation_unknown", listener=listener)
    return TalkDisposed(listener, DISPOSITIONS[what], given)
