"""Who is on duty: the shifts as they begin and end, and each listener's own pauses."""

from __future__ import annotations

from collections.abc import Iterator

from router.core.events import ListenerCameOn, ListenerPaused, ListenerWentOff
from simulations.clock import Clock
from simulations.world.listeners import Home, duty_changes
from simulations.world.wire import Wire


class Roster:
    """Tells the engine of each listener's duty, and again what it could not hear."""

    def __init__(self, clock: Clock, wire: Wire, homes: dict[str, Home]) -> None:
        self._clock = clock
        self._wire = wire
        self._homes = homes
        self._paused: dict[str, int] = {}
        """Listener to how many pauses are not over yet."""
        self._told: dict[str, str] = {}

    def open(self) -> None:
        """Have every shift begin and end in its time."""
        for home in self._homes.values():
            self._wait_for_change(home, duty_changes(home.habits.group.shifts))

    def pause(self, home: Home, seconds: float) -> None:
        """Have a listener rest for so long by their own word."""
        self._paused[home.name] = self._paused.get(home.name, 0) + 1
        self._say(home)
        self._clock.call_in(seconds, self._end_pause, home)

    def catch_up(self) -> None:
        """Tell the engine what changed while it heard nothing."""
        for home in self._homes.values():
            if self._told.get(home.name, "off") != self._duty(home):
                self._say(home)

    def close(self, now: float) -> None:
        """Count the time on duty up to the end of the run."""
        for home in self._homes.values():
            _count_duty(home, now)

    def _wait_for_change(self, home: Home, changes: Iterator[tuple[float, bool]]) -> None:
        change = next(changes, None)
        if change is not None:
            at, begins = change
            self._clock.call_at(at, self._change, home, begins, changes)

    def _change(self, home: Home, begins: bool, changes: Iterator[tuple[float, bool]]) -> None:  # noqa: FBT001 - given by the clock
        _count_duty(home, self._clock.now)
        home.on_since = self._clock.now if begins else None
        self._say(home)
        self._wait_for_change(home, changes)

    def _end_pause(self, home: Home) -> None:
        left = self._paused.pop(home.name) - 1
        if left:
            self._paused[home.name] = left
        elif home.on_since is not None:
            self._say(home)

    def _duty(self, home: Home) -> str:
        if home.on_since is None:
            return "off"
        return "paused" if home.name in self._paused else "on"

    def _say(self, home: Home) -> None:
        duty = self._duty(home)
        if not self._wire.linked:
            return
        self._told[home.name] = duty
        if duty == "on":
            self._wire.tell(ListenerCameOn(home.name))
        elif duty == "paused":
            self._wire.tell(ListenerPaused(home.name))
        else:
            self._wire.tell(ListenerWentOff(home.name))


def _count_duty(home: Home, now: float) -> None:
    if home.on_since is not None:
        home.on_duty_seconds += now - home.on_since
        home.on_since = now
