"""The callers' side of a journal: each call's waits and talks."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

from router.core.events import LegEnd
from simulations.replay.past import FirstWord, KeyPressed, PastCall, PastRound, Stay, Talk

Place = Literal["waiting", "fallback", "talking", "gone"]


class CallsSoFar:
    """Every call that the journal has named up to now."""

    def __init__(self, already_there: set[str]) -> None:
        self.by_name: dict[str, PastCall] = {}
        self.already_there = already_there
        """Calls that came before the journal begins."""
        self.left_out: set[str] = set()
        """Calls that were there where the journal lacks something."""
        self.rounds: list[PastRound] = []
        self._places: dict[str, Place] = {}
        self._last_rounds: dict[str, PastRound] = {}
        self._asked: set[str] = set()
        """Calls that the engine has just handed to the fallback group."""

    def open_names(self) -> list[str]:
        """Name those who are on the line now."""
        return [name for name, place in self._places.items() if place != "gone"]

    def is_in_part(self, name: str) -> bool:
        """Say whether the journal tells only of a part of this call."""
        return name in self.already_there or name in self.left_out

    def enter(self, word: FirstWord, at: float, arrived: float, line: int) -> None:
        """Note the first word about a call; nothing of one that is known."""
        if word.call in self._places or self.is_in_part(word.call):
            return
        self._places[word.call] = "waiting"
        self.by_name[word.call] = PastCall(
            name=word.call,
            line=word.line,
            arrived=arrived,
            entered=at,
            first_word=word,
            at_line=line,
            stays=[Stay(arrived)],
            talks=[],
            self_begun_fallbacks=[],
            keys=[],
        )

    def came_unheard(self, name: str, *, after_a_gap: bool) -> None:
        """Leave out somebody who came before the journal begins, or where it lacks something."""
        if not self.is_in_part(name):
            (self.left_out if after_a_gap else self.already_there).add(name)

    def cut_off(self, there_now: Iterable[str]) -> int:
        """Leave out those who are on the line, and those who are there after a gap; say how many.

        How the ones went on, and how the others began, is in no line.
        """
        cut = {name for name in (*self.open_names(), *there_now) if not self.is_in_part(name)}
        self.left_out |= cut
        for name in cut:
            self.by_name.pop(name, None)
            self._places[name] = "gone"
        self.rounds = [one for one in self.rounds if one.call not in cut]
        return len(cut)

    def waits(self, name: str, at: float) -> None:
        """Note that the dialplan holds this caller, wherever they were before."""
        place = self._places.get(name)
        if place == "talking":
            self.cut(name, "network", at)
        elif place == "fallback":
            self._end_round(name, at, answered=False)
            self._places[name] = "waiting"

    def talks(self, name: str, listener: str | None, at: float) -> None:
        """Note that somebody talks with this caller."""
        call = self.by_name.get(name)
        place = self._places.get(name)
        if call is None or place in ("talking", "gone"):
            return
        if place == "fallback":
            self._end_round(name, at, answered=listener is None)
        self._places[name] = "talking"
        call.stays[-1].ended = at
        call.talks.append(Talk(at, listener))

    def cut(self, name: str, how: LegEnd, at: float) -> None:
        """Note that the talk is over and the caller still there."""
        call = self.by_name.get(name)
        if call is not None and self._places[name] == "talking":
            self._places[name] = "waiting"
            call.talks[-1].ended, call.talks[-1].cut = at, how
            call.stays.append(Stay(at))

    def leaves(self, name: str, at: float) -> None:
        """Note that the caller is gone."""
        call, place = self.by_name.get(name), self._places.get(name)
        if call is None or place == "gone":
            return
        self._places[name] = "gone"
        if place == "talking":
            call.talks[-1].ended = at
        else:
            call.stays[-1].ended, call.stays[-1].left = at, True
        if place == "fallback":
            self._last_rounds[name].left = at

    def ends_promised(self, name: str) -> None:
        """Note that who was lost is owed a call back."""
        call = self.by_name.get(name)
        if call is not None:
            call.promised = True

    def presses(self, event: KeyPressed, at: float) -> None:
        """Note a key that this caller pressed."""
        call = self.by_name.get(event.call)
        if call is not None:
            call.keys.append((at, event))

    def asks_fallback(self, name: str) -> None:
        """Note that the engine hands this caller over."""
        self._asked.add(name)

    def begins_fallback(self, name: str, at: float) -> None:
        """Note that the fallback group is rung for this caller."""
        call, place = self.by_name.get(name), self._places.get(name)
        if call is None or place == "gone":
            return
        if place == "fallback":
            if self._last_rounds[name].at == at:
                return
            self._end_round(name, at, answered=False)
        elif place == "talking":
            self.cut(name, "network", at)
        if name in self._asked:
            self._asked.remove(name)
        else:
            call.self_begun_fallbacks.append(at)
        self._places[name] = "fallback"
        self._last_rounds[name] = PastRound(name, at)
        self.rounds.append(self._last_rounds[name])

    def taken_by_fallback(self, name: str, at: float) -> None:
        """Note that somebody of the fallback group has this caller."""
        if self._places.get(name) == "waiting":
            self.begins_fallback(name, at)
        self.talks(name, None, at)

    def place_of(self, name: str) -> Place:
        """Say where a caller is."""
        return self._places.get(name, "gone")

    def is_with(self, name: str, listener: str) -> bool:
        """Say whether a caller talks with this listener now."""
        call = self.by_name.get(name)
        talking = call is not None and self._places[name] == "talking"
        return talking and call is not None and call.talks[-1].listener == listener

    def _end_round(self, name: str, at: float, *, answered: bool) -> None:
        last = self._last_rounds[name]
        last.ended, last.answered = at, answered
