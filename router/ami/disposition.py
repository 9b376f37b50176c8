"""What a listener keys of a talk that is over, on its own leg or in their menu.

Digits end here: the engine and the journal have the name of the orientation that was given.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, tzinfo
from typing import Final, get_args

import structlog

from router.ami.mirror import Mirror
from router.ami.parse import BadMessage
from router.core.events import AnyEvent, Disposition, TalkDisposed, TalkMarkedHard
from router.schedule.time_of_day import next_at, read_time

log = structlog.get_logger(__name__)

HARD: Final = "hard"
"""Says how the talk was, and not what it led to: that may be keyed as well."""

DISPOSITIONS: Final[dict[str, Disposition]] = {word: word for word in get_args(Disposition)}

WORDS: Final = (HARD, *DISPOSITIONS)
"""All that can be keyed, in the dialplan's words."""

PROMISES: Final[frozenset[Disposition]] = frozenset({"senior_call_back", "follow_up"})
"""Those that promise the caller something: they are said to be noted only once they are."""

Orientations = Mapping[str, str]
"""Short number, as it is keyed, to the name of the directory's entry."""


class WrapUp:
    """Reads what is keyed after a talk. What nobody can have meant is answered by nothing."""

    def __init__(self, mirror: Mirror) -> None:
        self.orientations: Orientations = {}
        self.zone: tzinfo = UTC
        """Where the site is: what time it is there was keyed."""
        self.clock: Callable[[], float] = time.time
        self._mirror = mirror

    def keyed(self, offer: str, what: str, number: str, hour: str) -> list[AnyEvent]:
        """Give what was keyed on the leg of an offer; nothing, if nobody knows whose leg it is.

        Raises
        ------
        BadMessage
            if that was not to be keyed.

        """
        if what not in WORDS:
            raise BadMessage("bad_disposition")
        at = self._next(hour) if what == "follow_up" else None
        leg = self._mirror.offers.get(offer)
        if leg is None or not leg.listener:
            return []
        leg.awaits_word, leg.agreed_at = what in PROMISES, at
        return [told_of_talk(leg.listener, what, number, self.orientations, at)]

    def _next(self, hour: str) -> float:
        try:
            at = read_time(hour)
        except ValueError:
            raise BadMessage("bad_hour") from None
        now = datetime.fromtimestamp(self.clock(), UTC)
        return next_at(at, now, self.zone).timestamp()


def told_of_talk(
    listener: str, what: str, number: str, orientations: Orientations, at: float | None = None
) -> TalkDisposed | TalkMarkedHard:
    """Give what a listener tells by one of `WORDS`, and by an orientation's short number.

    `at` is the epoch second that was agreed on for a further call.
    """
    if what == HARD:
        return TalkMarkedHard(listener)
    given = orientations.get(number) if what == "orientation" else None
    if what == "orientation" and number and given is None:
        log.warning("orientation_unknown", listener=listener)
    return TalkDisposed(listener, DISPOSITIONS[what], given, at)
