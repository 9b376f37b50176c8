"""Care: which preferences speak against asking a listener now, and how dear each is.

None of them forbids a call. Each is a bit of a listener's reluctance, the first that is to bend the
lowest: a preference is dearer than all those together that bend before it, and the bench asks the
least reluctant first. So they bend by themselves, in their order, before a caller is lost.
"""

from __future__ import annotations

from math import inf
from typing import Final

from router.core.fair_share import Guild
from router.core.listener import ListenerState
from router.core.policy import Care, Preference
from router.core.shift import Shift

DAY_SECONDS: Final = 86_400.0
HOUR_SECONDS: Final = 3_600.0

SHARE_AGAIN_SECONDS: Final = 600.0
"""Between two looks at whether somebody free is still ahead of their share: who is asked after all
others would else stay so, however much these have carried since."""

LEAST_SECONDS: Final = 1.0
"""Between any two looks: a sum that is rounded to just before an end would else be due for ever."""

DOUBTFUL_CHANCE: Final = 0.2
"""Who takes fewer of the rings is asked after all others: somebody who waits needs a voice."""


UNHEARD: Final = 1
"""Between two of whom one's app has fallen silent, and who are alike otherwise, the other is asked
first: it bends before any preference does."""


class Sparing:
    """The rules of care, at hand for each time that somebody becomes free."""

    def __init__(self, care: Care, utc_offset_seconds: float) -> None:
        bits: dict[Preference, int] = {kind: 2 << at for at, kind in enumerate(care.bends)}
        self._kinds = tuple(care.bends)
        self._doubtful = 2 << len(care.bends)
        self._fair_share = bits.get("fair_share", 0)
        self._rings_in_vain = bits.get("rings_in_vain", 0)
        self._calls_in_a_row = bits.get("calls_in_a_row", 0)
        self._night_calls = bits.get("night_calls", 0)
        self._talk_time = bits.get("talk_time", 0)
        self._hard_call = bits.get("hard_call", 0)
        self._calls_above_share: float = care.calls_above_share
        self._rings_in_vain_an_hour: int = care.rings_in_vain_an_hour
        self._most_in_a_row: int = care.calls_in_a_row
        self._most_by_night: int = care.night_calls_a_shift
        self._most_talk_seconds: float = care.talk_seconds_a_shift
        self.break_seconds: float = care.break_seconds
        self.hard_rest_seconds: float = care.hard_call_rest_seconds
        night_from, night_to = care.night_seconds
        self._night_from_utc: float = (night_from - utc_offset_seconds) % DAY_SECONDS
        self._night_seconds: float = (night_to - night_from) % DAY_SECONDS

    def is_night(self, at: float) -> bool:
        """Say whether an epoch second lies in the night."""
        return (at - self._night_from_utc) % DAY_SECONDS < self._night_seconds

    def reluctance(self, listener: ListenerState, guild: Guild | None, at: float) -> int:
        """Weigh what speaks against asking a listener at this epoch second; 0 is nothing."""
        shift, found = listener.shift, 0
        if shift.calls:
            found = self._from_shift(shift, guild, at)
        if listener.unheard:
            found += UNHEARD
        if shift.hard_rest_until > at:
            found += self._hard_call
        vain = listener.rung_in_vain
        if len(vain) >= self._rings_in_vain_an_hour and at < vain[0] + HOUR_SECONDS:
            found += self._rings_in_vain
        chance = listener.habit.chance(at)
        if listener.unheard:
            chance *= listener.trust
        if chance < DOUBTFUL_CHANCE:
            found += self._doubtful
        return found

    def eases_at(self, listener: ListenerState, at: float) -> float:
        """Give the epoch second at which time alone may have made somebody less reluctant."""
        first, shift, reluctance = inf, listener.shift, listener.reluctance
        if reluctance & self._calls_in_a_row:
            first = shift.talk_ended_at + self.break_seconds
        if reluctance & self._hard_call:
            first = min(first, shift.hard_rest_until)
        if reluctance & self._rings_in_vain:
            first = min(first, listener.rung_in_vain[0] + HOUR_SECONDS)
        if reluctance & self._fair_share:
            first = min(first, at + SHARE_AGAIN_SECONDS)
        if reluctance & self._night_calls:
            passed = (at - self._night_from_utc) % DAY_SECONDS
            first = min(first, at + self._night_seconds - passed)
        return max(first, at + LEAST_SECONDS)

    def bent(self, reluctance: int) -> list[Preference]:
        """Name the preferences that bend where somebody so reluctant is asked, in their order."""
        return [kind for place, kind in enumerate(self._kinds, 1) if reluctance >> place & 1]

    def in_words(self, reluctance: int) -> str:
        """Say why somebody is asked later than others; empty where nothing speaks against it."""
        reasons: list[str] = list(self.bent(reluctance))
        if reluctance & UNHEARD:
            reasons.append("app not heard")
        if reluctance & self._doubtful:
            reasons.append("seldom takes a ring")
        return ", ".join(reasons).replace("_", " ")

    def _from_shift(self, shift: Shift, guild: Guild | None, at: float) -> int:
        found = 0
        if (
            shift.calls_in_a_row >= self._most_in_a_row
            and at < shift.talk_ended_at + self.break_seconds
        ):
            found = self._calls_in_a_row
        if shift.talked_seconds >= self._most_talk_seconds:
            found += self._talk_time
        if shift.night_calls >= self._most_by_night and self.is_night(at):
            found += self._night_calls
        if guild is not None:
            fair = shift.fair_calls + guild.shares - shift.guild_calls_seen
            if shift.calls > fair + self._calls_above_share:
                found += self._fair_share
        return found
