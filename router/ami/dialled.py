"""What becomes of the legs by which we call back, until somebody there says that it is them."""

from __future__ import annotations

from typing import Final

from router.ami.mirror import CallerLeg, DialledLeg, Mirror
from router.ami.parse import BadMessage
from router.core.events import AnyEvent
from router.core.promise_events import CallBackEnd, CallBackEnded, CallBackTaken

_ENDS: Final[dict[str, CallBackEnd]] = {
    "16": "no_answer",
    "17": "busy",
    "18": "no_answer",
    "19": "no_answer",
    "21": "no_answer",
    "26": "no_answer",
    "31": "no_answer",
}
"""ITU-T Q.850 causes of a leg that nobody has picked up; one that is not here: unreachable. Whoever
rejects a ring may not be alone, and is left in peace for as long as who does not hear it."""

_SAID: Final[dict[str, CallBackEnd]] = {"no_key": "no_key", "declined": "declined"}


class DialledLegs:
    """Reads what Asterisk and the dialplan tell of these legs."""

    def __init__(self, mirror: Mirror) -> None:
        self._mirror = mirror

    def exists(self, leg: str) -> None:
        """Note that Asterisk has made a channel; it is not wanted if it was ordered long ago."""
        is_late = not self._mirror.is_resyncing
        self._mirror.dialled.setdefault(leg, DialledLeg(dropped=is_late)).exists = True

    def changed(self, leg: str, *, is_up: bool) -> None:
        """Note that a leg rings, or that somebody or a machine has picked up."""
        known = self._mirror.dialled.get(leg)
        if known is not None:
            known.exists = True
            known.picked_up = known.picked_up or is_up

    def taken(self, leg: str, as_caller: CallerLeg) -> list[AnyEvent]:
        """Take somebody who says that it is them as a caller of their line."""
        known = self._mirror.dialled.get(leg)
        if known is not None and known.dropped:
            return []
        self._mirror.add_call(leg, as_caller)
        return [CallBackTaken(leg)]

    def said(self, leg: str, what: str) -> list[AnyEvent]:
        """Give what was said of a leg that goes now.

        Raises
        ------
        BadMessage
            if the dialplan has no such word.

        """
        how = _SAID.get(what)
        if how is None:
            raise BadMessage("bad_call_back_word")
        return self._ended(leg, how)

    def hung_up(self, leg: str, cause: str) -> list[AnyEvent]:
        """Give how a leg ended that nobody has said anything of."""
        known = self._mirror.dialled.get(leg)
        if known is not None and known.picked_up:
            return self._ended(leg, "hung_up")
        return self._ended(leg, _ENDS.get(cause, "unreachable"))

    def not_placed(self, leg: str) -> list[AnyEvent]:
        """Give the end of a leg that Asterisk could not make a channel for."""
        known = self._mirror.dialled.get(leg)
        # Where there is a channel, its Hangup says better why it is gone.
        return [] if known is None or known.exists else self._ended(leg, "unreachable")

    def _ended(self, leg: str, how: CallBackEnd) -> list[AnyEvent]:
        known = self._mirror.dialled.pop(leg, None)
        return [CallBackEnded(leg, how)] if known is not None and not known.dropped else []
