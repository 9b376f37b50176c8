"""What goes wrong, put into the clock beforehand."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import partial
from itertools import count
from random import Random

from router.core.events import EngineStarted, PbxLost
from simulations.clock import Clock
from simulations.scenario.faults import Disorder, Faults, Lag, Loss, Offline, Outage, Stale
from simulations.world.listeners import Home
from simulations.world.live_check import LiveCheck
from simulations.world.openings import Openings
from simulations.world.pbx import Pbx
from simulations.world.roster import Roster
from simulations.world.sampling import sampler
from simulations.world.streams import stream
from simulations.world.wire import Wire

HOUR_SECONDS = 3600.0

_UNREACHABLE_SECONDS = 20.0
"""For the network to notice that a home is gone while a talk goes on."""


class Breakdowns:
    """Breaks things and mends them."""

    def __init__(
        self,
        *,
        clock: Clock,
        wire: Wire,
        pbx: Pbx,
        check: LiveCheck,
        roster: Roster,
        openings: Openings,
    ) -> None:
        self.trunks_down = 0
        self._clock = clock
        self._wire = wire
        self._pbx = pbx
        self._check = check
        self._roster = roster
        self._openings = openings
        self._boots = count(1)
        self._daemon_died = False
        self._lags: list[float] = []

    def start(self) -> None:
        """Have the first daemon begin, with an Asterisk that holds nothing yet."""
        self._boot()
        self._resync()

    def plan(self, faults: Faults, homes: dict[str, Home], seed: int) -> None:
        """Put all faults of a scenario into the clock."""
        self._plan(faults.daemon_down, self._kill_daemon, self._mend)
        self._plan(faults.ami_cut, self._cut_ami, self._mend)
        self._plan(faults.trunk_down, self._lose_trunk, self._mend_trunk)
        for lag in faults.events_late:
            by_seconds = lag.by_seconds
            self._plan_span(
                lag, partial(self._begin_lag, by_seconds), partial(self._end_lag, by_seconds)
            )
        self._plan_noise(faults)
        for index, offline in enumerate(faults.listeners_offline):
            gone = _hit(offline, homes.values(), stream(seed, "offline", str(index)))
            self._plan_span(offline, partial(self._lose_homes, gone), partial(_bring_back, gone))
        for index, stale in enumerate(faults.presence_stale):
            mute = _hit(stale, homes.values(), stream(seed, "stale", str(index)))
            self._plan_span(
                stale,
                partial(self._roster.begin_stale, mute, stale.by_seconds),
                partial(self._roster.end_stale, mute, stale.by_seconds),
            )

    def _plan(
        self, outages: Iterable[Outage], begin: Callable[[], None], end: Callable[[], None]
    ) -> None:
        for start, over in (span for outage in outages for span in _spans(outage)):
            self._clock.call_at(start, begin)
            self._clock.call_at(over, end)

    def _plan_noise(self, faults: Faults) -> None:
        noise = self._wire.noise
        for loss in faults.events_lost:
            begin = partial(noise.begin_loss, loss.share)
            self._plan_span(
                loss, partial(self._begin_noise, begin), partial(noise.end_loss, loss.share)
            )
        for disorder in faults.events_disordered:
            by = sampler(disorder.by)
            begin = partial(noise.begin_disorder, by)
            self._plan_span(
                disorder, partial(self._begin_noise, begin), partial(noise.end_disorder, by)
            )

    def _plan_span(
        self,
        fault: Lag | Loss | Disorder | Offline | Stale,
        begin: Callable[[], None],
        end: Callable[[], None],
    ) -> None:
        start = fault.hour * HOUR_SECONDS
        self._clock.call_at(start, begin)
        if fault.lasts_seconds is not None:
            self._clock.call_at(start + fault.lasts_seconds, end)

    def _begin_noise(self, begin: Callable[[], None]) -> None:
        begin()
        self._pbx.listen_closely()
        self._check.begin()

    def _kill_daemon(self) -> None:
        self._daemon_died = True
        self._go_deaf()

    def _cut_ami(self) -> None:
        if self._wire.linked:
            self._wire.say(PbxLost())
        self._go_deaf()

    def _go_deaf(self) -> None:
        self._wire.cut()
        self._check.forget_all()
        self._pbx.look_at_daemon()

    def _mend(self) -> None:
        self._wire.cuts -= 1
        if not self._wire.linked:
            return
        if self._daemon_died:
            self._daemon_died = False
            self._boot()
        else:
            self._openings.catch_up()
        self._resync()
        self._roster.catch_up()

    def _resync(self) -> None:
        truth = self._pbx.truth()
        self._check.take(truth)
        self._wire.say(truth)

    def _boot(self) -> None:
        self._wire.say(EngineStarted(f"boot{next(self._boots)}"))
        self._openings.tell()

    def _begin_lag(self, by_seconds: float) -> None:
        self._lags.append(by_seconds)
        self._wire.late_seconds = sum(self._lags)
        self._pbx.doubt_engine()

    def _end_lag(self, by_seconds: float) -> None:
        self._lags.remove(by_seconds)
        self._wire.late_seconds = sum(self._lags)

    def _lose_trunk(self) -> None:
        self.trunks_down += 1
        for caller in list(self._pbx.callers.values()):
            self._pbx.hang_up(caller)

    def _mend_trunk(self) -> None:
        self.trunks_down -= 1

    def _lose_homes(self, gone: list[Home]) -> None:
        for home in gone:
            home.offline += 1
        for leg in list(self._pbx.legs.by_name.values()):
            if leg.home.offline:
                self._clock.call_in(_UNREACHABLE_SECONDS, self._pbx.legs.drop, leg)


def _hit(fault: Offline | Stale, homes: Iterable[Home], chance: Random) -> list[Home]:
    there = [home for home in homes if not fault.groups or home.group in fault.groups]
    return [home for home in there if chance.random() < fault.share]


def _bring_back(gone: list[Home]) -> None:
    for home in gone:
        home.offline -= 1


def _spans(outage: Outage) -> Iterator[tuple[float, float]]:
    for number in range(outage.times):
        start = outage.hour * HOUR_SECONDS + number * outage.every_seconds
        yield start, start + outage.lasts_seconds
