"""The whole made world: who calls next, who comes again, and when it is all over."""

from __future__ import annotations

from collections.abc import Callable
from math import inf

from router.core.commands import AnyCommand
from simulations.clock import Clock
from simulations.scenario.shape import Scenario
from simulations.world.after_talks import AfterTalks
from simulations.world.call_backs import CallBacks
from simulations.world.caller import Caller
from simulations.world.callers import Public, Try
from simulations.world.consults import Consults
from simulations.world.fallback import FallbackGroup
from simulations.world.faults import Breakdowns
from simulations.world.goodbyes import Goodbyes
from simulations.world.hard_talks import HardTalks
from simulations.world.keypad import Keypad
from simulations.world.legs import Legs, hour_of_day
from simulations.world.listeners import homes
from simulations.world.live_check import LiveCheck
from simulations.world.noise import Noise
from simulations.world.openings import Openings
from simulations.world.pauses import PauseTaker
from simulations.world.pbx import Pbx
from simulations.world.promise_keys import PromiseKeys
from simulations.world.roster import Roster
from simulations.world.senior_list import SeniorList
from simulations.world.streams import stream
from simulations.world.wire import Wire

DAY_SECONDS = 86_400.0


class World:
    """Everything around the engine, from second 0 to the end of the last call."""

    def __init__(self, scenario: Scenario, seed: int) -> None:
        self.clock = Clock()
        faults = scenario.faults
        noise = Noise(stream(seed, "lost"), stream(seed, "delayed"))
        self.wire = Wire(self.clock, noise, faults.doubled_events, stream(seed, "doubled"))
        self.homes = homes(scenario, seed)
        self.roster = Roster(self.clock, self.wire, self.homes)
        PauseTaker(self.clock, self.roster, self.homes.values(), seed)
        self.when_gone: Callable[[Caller], None] = lambda _: None
        """Told of each caller who has left."""
        self.never_reached = 0
        """Attempts that met a trunk that was down: the line never knew of them."""
        self._scenario = scenario
        legs = Legs(self.clock, self.wire, self.homes, self.roster, scenario.leave_seconds)
        group = FallbackGroup(scenario.fallback, stream(seed, "fallback"))
        self.pbx = Pbx(self.clock, self.wire, legs, group, Goodbyes(scenario.callers))
        self.pbx.when_gone = self._gone
        HardTalks(self.wire, self.pbx, self.homes, seed)
        AfterTalks(self.clock, self.wire, self.pbx, self.homes, seed)
        self._call_backs = CallBacks(self.clock, self.wire, self.pbx, scenario.callers)
        self._promise_keys = PromiseKeys(self.clock, self.wire, self.pbx, scenario.callers)
        SeniorList(self.clock, self.wire, self.pbx, scenario, seed)
        Consults(self.clock, self.wire, self.pbx)
        self._keypad = Keypad(self.clock, self.wire, self.pbx, scenario)
        self.carry_out: Callable[[AnyCommand], None] = self.pbx.carry_out
        """Has a command obeyed."""
        self._check = LiveCheck(self.clock, self.wire, self.pbx.names)
        if faults.events_lost or faults.events_disordered:
            self._mirror_all()
        self._public = Public(scenario, seed)
        self._openings = Openings(self.clock, self.wire, scenario)
        self._breakdowns = Breakdowns(
            clock=self.clock,
            wire=self.wire,
            pbx=self.pbx,
            check=self._check,
            roster=self.roster,
            openings=self._openings,
        )
        self._breakdowns.plan(faults, self.homes, seed)
        self._expected = 0
        """Attempts that are in the clock."""
        self._time_is_up = False
        self.ends_at = scenario.days * DAY_SECONDS

    def open(self) -> None:
        """Begin: the daemon starts, shifts begin, the lines are open."""
        self._breakdowns.start()
        self.roster.open()
        self._openings.open()
        self.clock.call_at(self.ends_at, self._close_lines)
        for line in self._scenario.lines:
            self._await_next(line)

    @property
    def is_over(self) -> bool:
        """Say whether the time is up, and every call and every leg has come to its end."""
        if not self._time_is_up:
            return False
        done = not self._expected and not self.pbx.callers and not self.pbx.legs.by_name
        return done and self.wire.linked and not self.wire.on_its_way and not self._check.believes

    def takes_after_seconds(self, listener: str) -> float | None:
        """Give how long a ring of this listener's phone now would take to be taken, if it is."""
        home = self.homes[listener]
        if home.offline or self.roster.is_away(home):
            return None
        return home.would_take_after_seconds(hour_of_day(self.clock.now))

    def close(self) -> None:
        """End: whoever is still on duty has been so until now."""
        self.roster.close(self.clock.now)

    def _mirror_all(self) -> None:
        self._check.is_wanted = True
        self.wire.be_read_by(self._check.reads)
        self.carry_out = self._note_and_carry_out
        self.pbx.when_refused = self._check.doubt

    def _note_and_carry_out(self, command: AnyCommand) -> None:
        self._check.note(command)
        self.pbx.carry_out(command)

    def _close_lines(self) -> None:
        self._time_is_up = True

    def _await_next(self, line: str) -> None:
        attempt = self._public.next_try(line)
        if attempt is not None and attempt.at < self.ends_at:
            self._expect(attempt)

    def _expect(self, attempt: Try, left_at: float = inf) -> None:
        """Have somebody call, unless we have called them back since they left."""
        self._expected += 1
        self.clock.call_at(attempt.at, self._call, attempt, left_at)

    def _call(self, attempt: Try, left_at: float) -> None:
        self._expected -= 1
        if self._call_backs.has_reached(attempt.person.name, left_at):
            return
        if attempt.number == 1:
            self._await_next(attempt.line)
        if self._breakdowns.trunks_down:
            self.never_reached += 1
            self._come_again(self._public.again_after(attempt, self.clock.now))
        else:
            caller = self.pbx.arrive(attempt)
            self._keypad.greet(caller)
            self._promise_keys.greet(caller)

    def _gone(self, caller: Caller) -> None:
        self.when_gone(caller)
        self._keypad.acquaint(caller)
        if caller.called_back or caller.answered_at is not None:
            return
        now, line = self.clock.now, self._scenario.lines[caller.attempt.line]
        if caller.was_promised:
            self._come_again(self._public.rings_back_after(caller.attempt, now))
        elif now - caller.arrived >= line.short_call_seconds:
            self._come_again(self._public.again_after(caller.attempt, now))

    def _come_again(self, again: Try | None) -> None:
        if again is not None and again.at < self.ends_at:
            self._expect(again, self.clock.now)
