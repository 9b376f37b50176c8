"""Who is on duty: the shifts as they begin and end, and each listener's own pauses."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

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
        self._stale: dict[str, list[float | None]] = {}
        """Listener to how much later what they say is heard, by each fault there is; None: when
        it is over."""
        self._untold: set[str] = set()
        """Listeners of whom the engine knows an older duty, by such a fault."""

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
            if home.name not in self._stale:
                self._correct(home)

    def is_away(self, home: Home) -> bool:
        """Say whether a phone rings that nobody sits at, for the engine was not told."""
        return home.name in self._untold and self._duty(home) != "on"

    def begin_stale(self, homes: Iterable[Home], by_seconds: float | None) -> None:
        """Have what these listeners say heard later, or not before it is over."""
        for home in homes:
            self._stale.setdefault(home.name, []).append(by_seconds)

    def end_stale(self, homes: Iterable[Home], by_seconds: float | None) -> None:
        """Have it heard again; what was kept back until now is heard now."""
        for home in homes:
            self._stale[home.name].remove(by_seconds)
            if not self._stale[home.name]:
                del self._stale[home.name]
                if by_seconds is None:
                    self._correct(home)

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
        delays = self._stale.get(home.name)
        if delays is None:
            self._tell(home)
            return
        self._untold.add(home.name)
        if None not in delays:
            self._clock.call_in(sum(filter(None, delays)), self._correct, home)

    def _correct(self, home: Home) -> None:
        """Tell the engine what is true by now, if it knows otherwise."""
        if self._told.get(home.name, "off") != self._duty(home):
            self._tell(home)

    def _tell(self, home: Home) -> None:
        duty = self._duty(home)
        if not self._wire.linked:
            return
        self._untold.discard(home.name)
        if duty == "paused" and self._told.get(home.name, "off") == "off":
            # A shift that begins within a pause: to the engine they come on when it is over.
            return
        self._told[home.name] = duty
        self._wire.tell_surely(_WORDS[duty](home.name))


_WORDS: dict[str, type[ListenerCameOn | ListenerPaused | ListenerWentOff]] = {
    "on": ListenerCameOn,
    "paused": ListenerPaused,
    "off": ListenerWentOff,
}


def _count_duty(home: Home, now: float) -> None:
    if home.on_since is not None:
        home.on_duty_seconds += now - home.on_since
        home.on_since = now
