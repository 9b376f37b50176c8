"""What listeners key after a talk that is a promise: a senior's call, or one at an agreed time."""

from __future__ import annotations

from collections.abc import Mapping
from random import Random

from router.core.commands import ReportOffer
from router.core.events import TalkDisposed
from router.core.hours import DAY_SECONDS
from simulations.clock import Clock
from simulations.world.listeners import Home
from simulations.world.pbx import Pbx
from simulations.world.sampling import Sampler, sampler
from simulations.world.streams import stream
from simulations.world.wire import Wire

AGREED_HOURS_SECONDS = (9 * 3600.0, 19 * 3600.0)
"""Nobody agrees on a call at night."""

LATEST_SECONDS = 28 * DAY_SECONDS
"""The engine takes no time that is further away than thirty days."""


class AfterTalks:
    """Has listeners key these as a talk ends, the n-th of each alike in every run."""

    def __init__(
        self, clock: Clock, wire: Wire, pbx: Pbx, homes: Mapping[str, Home], seed: int
    ) -> None:
        self._clock = clock
        self._wire = wire
        self._homes = {
            name: home
            for name, home in homes.items()
            if home.habits.group.follow_up or home.habits.group.senior_call_back
        }
        self._chances: dict[str, Random] = {
            name: stream(seed, "after talk", name) for name in self._homes
        }
        self._after: dict[str, Sampler] = {
            name: sampler(home.habits.group.follow_up_after) for name, home in self._homes.items()
        }
        if self._homes:
            pbx.obey_also(ReportOffer, self._note)

    def _note(self, report: ReportOffer) -> None:
        name = report.listener
        if report.result != "talked" or name not in self._homes:
            return
        group, chance = self._homes[name].habits.group, self._chances[name]
        luck = chance.random()
        if luck < group.follow_up:
            at = self._agreed_on(name, chance)
            self._wire.tell_surely(TalkDisposed(name, "follow_up", at=at))
        elif luck - group.follow_up < group.senior_call_back:
            self._wire.tell_surely(TalkDisposed(name, "senior_call_back"))

    def _agreed_on(self, listener: str, chance: Random) -> float:
        """Give a time of day on the day on which a call is wanted, at the earliest tomorrow."""
        now = self._clock.now
        wanted = now + min(self._after[listener](chance), LATEST_SECONDS)
        day = max(wanted // DAY_SECONDS, now // DAY_SECONDS + 1.0)
        return day * DAY_SECONDS + chance.uniform(*AGREED_HOURS_SECONDS)
