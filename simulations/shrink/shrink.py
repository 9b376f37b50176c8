"""Cuts a trace down to what still breaks the same rule."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import chain

from router.core.entry import Entry
from router.past.journal import lines_of
from simulations.shrink.attempt import Attempt, Couple, attempt
from simulations.shrink.breakage import Breakage
from simulations.shrink.ddmin import ddmin
from simulations.shrink.parts import calls_in, listeners_in, of_calls, of_listeners, stretches

Told = Callable[[int, int], None]
"""Told of the attempts so far, and of how many events the smallest trace has."""

Choice = Callable[[Sequence[Entry], Mapping[str, Couple], Sequence[str]], list[Entry]]
"""Gives what is told of some calls, or of some listeners."""


class Shrinker:
    """Holds the smallest trace found so far: good at any moment, should somebody lose patience."""

    def __init__(
        self,
        entries: Sequence[Entry],
        snapshot: bytes | None = None,
        told: Told = lambda _attempts, _events: None,
    ) -> None:
        self.smallest: Attempt = attempt(entries, snapshot)
        """What the engine took, up to what broke it."""
        self.attempts = 1
        self._snapshot = snapshot
        self._told = told

    @property
    def breakage(self) -> Breakage | None:
        """How the trace breaks the engine; None where it does not."""
        return self.smallest.breakage

    def shrink(self) -> None:
        """Cut for as long as anything can be left out: first much at once, then event by event."""
        size = None
        while size != (size := _size(self.smallest.stepped)):
            self._cut_along_time()
            self._cut_along_names(calls_in, of_calls)
            self._cut_along_names(listeners_in, of_listeners)
            self._cut_along_events()

    def _cut_along_time(self) -> None:
        shows = self._shower()
        ddmin(stretches(self.smallest.stepped), lambda kept: shows(chain.from_iterable(kept)))

    def _cut_along_names(
        self, names_in: Callable[[Sequence[Entry], Mapping[str, Couple]], list[str]], of: Choice
    ) -> None:
        entries, couples = self.smallest.stepped, self.smallest.couples
        shows = self._shower()
        ddmin(names_in(entries, couples), lambda kept: shows(of(entries, couples, kept)))

    def _cut_along_events(self) -> None:
        ddmin(self.smallest.stepped, self._shower())

    def _shower(self) -> Callable[[Iterable[Entry]], bool]:
        """Give what says whether some of the events of now break the same rule."""
        couples, wanted = self.smallest.couples, self.breakage
        assert wanted is not None, "there is something to look for"

        def shows(entries: Iterable[Entry]) -> bool:
            tried = attempt(list(entries), self._snapshot, couples)
            same = tried.breakage is not None and tried.breakage.is_like(wanted)
            if same and _size(tried.stepped) < _size(self.smallest.stepped):
                self.smallest = tried
            self.attempts += 1
            self._told(self.attempts, len(self.smallest.stepped))
            return same

        return shows


def _size(entries: Sequence[Entry]) -> tuple[int, int]:
    return len(entries), sum(map(len, lines_of(entries)))
