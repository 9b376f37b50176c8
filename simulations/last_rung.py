"""Whether all who could take a call are rung for it, once it waits where everybody is to ring."""

from __future__ import annotations

from router.core.commands import ReportRung
from router.core.engine import Engine
from router.core.listener import ListenerState
from router.core.matching import fits
from router.core.policy import EVERYBODY, Rung

LOOKED_AT_A_STEP = 5
"""Listeners and calls: the more there are, the longer a look takes, which is to stay a fiftieth of
the run; so there are steps between two looks. Each call is looked at as it comes there."""


class LastRung:
    """Follows the calls that have come to a last rung which rings everybody.

    It looks at each listener there is, plainly, and trusts none of the engine's indexes. A call
    that is kept for one listener, whom its caller asked for, is passed over.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._left_silent: dict[str, bool] = {}
        """Calls that have come there, and whether a phone was left silent."""
        self._steps_to_go = 0

    def note(self, report: ReportRung, _: float) -> None:
        """Note that a call has come to a further rung."""
        call = self._engine.state.calls.get(report.call)
        if call is None or report.rung + 1 < len(call.ladder):
            return
        if call.ladder[report.rung].ring_at_once == EVERYBODY:
            self._left_silent.setdefault(report.call, False)
            self._steps_to_go = 0

    def look(self) -> None:
        """Look, after a step, whether a phone is silent that should ring."""
        if not self._left_silent:
            return
        self._steps_to_go -= 1
        if self._steps_to_go <= 0:
            self._look_at_all()

    def leave(self, name: str) -> bool | None:
        """Forget a call, and give whether a phone was left silent; None: it was never there."""
        return self._left_silent.pop(name, None)

    def _look_at_all(self) -> None:
        state = self._engine.state
        self._steps_to_go = (len(state.listeners) + len(self._left_silent)) // LOOKED_AT_A_STEP
        free = [one for one in state.listeners.values() if one.available] if state.pbx_up else []
        if not free:
            return
        for name, is_known in self._left_silent.items():
            call = state.calls.get(name)
            if is_known or call is None or call.state != "searching" or call.is_kept_for_usual:
                continue
            self._left_silent[name] = _somebody_fits(free, call.ladder[call.rung])


def _somebody_fits(free: list[ListenerState], rung: Rung) -> bool:
    return any(fits(one, rung) for one in free)
