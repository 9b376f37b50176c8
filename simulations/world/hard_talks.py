"""The talks that listeners mark as hard, so that they are spared for a while."""

from __future__ import annotations

from collections.abc import Mapping
from random import Random

from router.core.commands import ReportOffer
from router.core.events import TalkMarkedHard
from simulations.world.listeners import Home
from simulations.world.pbx import Pbx
from simulations.world.streams import stream
from simulations.world.wire import Wire


class HardTalks:
    """Has listeners mark some of their talks as these end, the n-th of each alike in every run."""

    def __init__(self, wire: Wire, pbx: Pbx, homes: Mapping[str, Home], seed: int) -> None:
        self._wire = wire
        self._shares = {
            name: share
            for name, home in homes.items()
            if (share := home.habits.group.marks_hard_share) > 0.0
        }
        self._chances: dict[str, Random] = {
            name: stream(seed, "hard", name) for name in self._shares
        }
        if self._shares:
            pbx.obey_also(ReportOffer, self._note)

    def _note(self, report: ReportOffer) -> None:
        name = report.listener
        if report.result != "talked" or name not in self._shares:
            return
        if self._chances[name].random() < self._shares[name]:
            self._wire.tell_surely(TalkMarkedHard(name))
