"""Since when each caller waits without a phone ringing for them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from router.core.call import Call

ALONE_SECONDS: Final = 3.0
"""Without a ring. From one phone to the next a moment passes, and nobody is alone for that."""


class Lonely:
    """Remembers, from look to look, who was alone. A look takes no longer than who waits are many.

    Whoever is seen for the first time, and has no phone ringing, is taken to have had none yet.
    """

    def __init__(self) -> None:
        self._since: dict[int, float | None] = {}
        """None: a phone rang at the last look."""

    def look(
        self, callers: Sequence[Call], waits_since: Mapping[int, float], own_now: float
    ) -> dict[int, float]:
        """Give from when on those are alone for whom no phone rings, by their order of coming."""
        before, self._since = self._since, {}
        for call in callers:
            self._since[call.entered] = _since(call, before, waits_since, own_now)
        return {
            entered: since + ALONE_SECONDS
            for entered, since in self._since.items()
            if since is not None
        }


def _since(
    call: Call,
    before: Mapping[int, float | None],
    waits_since: Mapping[int, float],
    own_now: float,
) -> float | None:
    if call.state != "searching" or call.offers or call.fallback_put_off:
        return None
    was = before.get(call.entered, waits_since[call.entered])
    return own_now if was is None else was
