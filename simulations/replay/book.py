"""What the callers, and the fallback group, would do: as they did, or as others like them did."""

from __future__ import annotations

from statistics import fmean

from router.core.events import LegEnd
from simulations.replay.near import alike, nearest
from simulations.replay.past import Past, PastCall, PastRound
from simulations.replay.patience import Patience
from simulations.world.fallback import ROUND_SECONDS
from simulations.world.streams import stream

TALK_SECONDS_IF_UNKNOWN = 600.0
"""Of a talk where the journal holds none."""


class Book:
    """Looks up what is known, and draws what is not, by seed and name of the call."""

    def __init__(self, past: Past, seed: int) -> None:
        self._seed = seed
        self._ended = past.ended
        self._rounds = past.rounds
        self._rounds_of: dict[str, list[PastRound]] = {}
        for one in past.rounds:
            self._rounds_of.setdefault(one.call, []).append(one)
        self._patience = Patience(
            ((first.ended or past.ended) - first.began, first.left)
            for call in past.calls.values()
            for first in call.stays[:1]
        )
        self._talks: dict[str, list[float]] = {}
        for call in past.calls.values():
            for talk in call.talks:
                if talk.ended is not None:
                    self._talks.setdefault(call.line, []).append(talk.ended - talk.began)

    def gives_up_at(self, call: PastCall, number: int, since: float) -> float:
        """Say when a caller loses patience in a wait, the first or a later one."""
        chance = stream(self._seed, "patience", call.name, str(number))
        if number >= len(call.stays):
            return since + self._patience.draw(chance)
        stay = call.stays[number]
        until = self._ended if stay.ended is None else stay.ended
        if stay.left:
            return alike(since, stay.began, until)
        return since + self._patience.draw(chance, until - stay.began)

    def talk(self, call: PastCall, number: int, now: float) -> tuple[float, LegEnd | None]:
        """Say when a talk that begins now ends, and how the listener's leg goes if it is first."""
        known_seconds = 0.0
        if number < len(call.talks):
            talk = call.talks[number]
            if talk.ended is not None:
                return alike(now, talk.began, talk.ended), talk.cut
            known_seconds = self._ended - talk.began
        return now + self._talk_seconds(call, number, known_seconds), None

    def fallback_round(self, call: str, now: float) -> tuple[float, bool]:
        """Say when a round of the fallback group that begins now ends, and if it is answered."""
        own = [one for one in self._rounds_of.get(call, ()) if one.at == now]
        one = own[0] if own else next(nearest(self._rounds, now), None)
        if one is None:
            return now + ROUND_SECONDS, False
        if one.ended is not None:
            return alike(now, one.at, one.ended), one.answered
        return self._longer(one, now)

    def _longer(self, cut: PastRound, now: float) -> tuple[float, bool]:
        """Go on from a round whose caller left, or whose journal ended, as the nearest longer."""
        known_seconds = 0.0 if cut.left is None else cut.left - cut.at
        for one in nearest(self._rounds, now):
            if one.ended is not None and one.ended - one.at > known_seconds:
                return alike(now, one.at, one.ended), one.answered
        return now + max(ROUND_SECONDS, known_seconds), False

    def _talk_seconds(self, call: PastCall, number: int, known_seconds: float) -> float:
        talks = self._talks.get(call.line) or [one for some in self._talks.values() for one in some]
        longer = [seconds for seconds in talks if seconds > known_seconds]
        if longer:
            return stream(self._seed, "talk", call.name, str(number)).choice(longer)
        return known_seconds + (fmean(talks) if talks else TALK_SECONDS_IF_UNKNOWN)
