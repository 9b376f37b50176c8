"""The figures of some calls: one definition each, as everywhere in this project.

Pickup is what a human took while the caller was on the line. Cared for counts call-backs besides,
that were kept or are not due yet. Neither counts who hung up at once or was turned away by a rule.
By caller: somebody who calls five times and is picked up once is one caller reached; whose number
is withheld is nobody's call again, and is in no figure by caller.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Final, Literal

from msgspec import Struct

from router.report.facts import CallFact, PromiseFact
from router.report.hide import are_of_few, is_small
from router.report.quantile import quantile

Figure = float | int | None
Figures = dict[str, Figure]
Fate = Literal["promise_kept", "promise_open", "promise_broken"]

MARKS_SECONDS: Final = (10, 15, 20, 30, 60)
MARKS_OF_A_PART_SECONDS: Final = (20,)
PICKED_UP: Final = ("answered", "fallback_answered")
NOT_COUNTED: Final = ("left_early", "refused")
CARED_FOR: Final = ("promise_kept", "promise_open")
OUTCOMES: Final = (
    "answered",
    "fallback_answered",
    "promise_kept",
    "promise_open",
    "promise_broken",
    "left_early",
    "refused",
    "lost",
)


class Fates:
    """What has become of promises, as it stands at an instant."""

    def __init__(self, promises: Mapping[str, PromiseFact], as_of: float) -> None:
        self._promises = promises
        self._as_of = as_of

    def of_promise(self, promise: PromiseFact) -> Fate:
        """Give what became of a promise."""
        if promise.kept is not None:
            return "promise_kept"
        return "promise_open" if self._as_of < promise.due_by else "promise_broken"

    def outcome(self, call: CallFact) -> str:
        """Give one of `OUTCOMES`."""
        if call.outcome != "promised":
            return call.outcome
        # A promise of which the journal has lost all trace was not kept, as far as is known.
        return self._fate(call.promise) or "promise_broken"

    def _fate(self, promise: str | None) -> Fate | None:
        """Give what became of a promise, be it in another; None where nothing is known of it."""
        found = self._promises.get(promise or "")
        while found is not None and found.into in self._promises:
            found = self._promises[found.into or ""]
        return None if found is None else self.of_promise(found)


def figures_of(calls: Sequence[CallFact], fates: Fates) -> Figures:
    """Give all figures of these calls. Without a call, shares and waits are None."""
    outcomes = [fates.outcome(call) for call in calls]
    known = _known(calls, outcomes)
    talks = sorted(call.talked_seconds for call in known.told())
    return {
        "calls": len(calls),
        **{f"calls_{one}": known.many[one] for one in OUTCOMES},
        **_shares(known),
        **_by_caller(calls, outcomes),
        **_within(MARKS_SECONDS, known),
        **_waits(known),
        "wait_max_seconds": known.waits[-1] if known.told() else None,
        "talk_median_seconds": quantile(talks, 0.5),
        "talk_total_seconds": _talk_total(known.picked_up),
    }


def figures_of_a_part(calls: Sequence[CallFact], fates: Fates) -> Figures:
    """Give the figures of a part of the calls: none that is one call's own, as the longest wait."""
    known = _known(calls, [fates.outcome(call) for call in calls])
    return {
        "calls": len(calls),
        **_shares(known),
        **_within(MARKS_OF_A_PART_SECONDS, known),
        **_waits(known),
    }


class _Known(Struct, frozen=True):
    """What the figures of some calls are made of."""

    many: Counter[str]
    """Of each outcome."""
    picked_up: list[CallFact]
    seen: list[CallFact]
    """Those of them whose talk was seen to begin."""
    waits: list[float]
    """Theirs, the shortest first."""

    def counted(self) -> int:
        """Give how many there are of which shares are told."""
        return sum(self.many.values()) - sum(self.many[one] for one in NOT_COUNTED)

    def told(self) -> list[CallFact]:
        """Give those whose lengths are told. Of very few people they would be their own."""
        return [] if are_of_few(self.seen) else self.seen


def _known(calls: Sequence[CallFact], outcomes: Iterable[str]) -> _Known:
    picked_up = [call for call in calls if call.outcome in PICKED_UP]
    seen = [call for call in picked_up if call.waited_seconds is not None]
    waits = sorted(call.waited_seconds for call in seen if call.waited_seconds is not None)
    return _Known(Counter(outcomes), picked_up, seen, waits)


def _shares(known: _Known) -> Figures:
    picked_up, cared_for = len(known.picked_up), sum(known.many[one] for one in CARED_FOR)
    return {
        "pickup_share": share(picked_up, known.counted()),
        "cared_for_share": share(picked_up + cared_for, known.counted()),
    }


def _within(marks_seconds: Iterable[int], known: _Known) -> Figures:
    unseen = len(known.picked_up) - len(known.seen)
    return {
        f"within_{mark}_seconds_share": share(
            bisect_right(known.waits, mark), known.counted() - unseen
        )
        for mark in marks_seconds
    }


def _waits(known: _Known) -> Figures:
    waits = known.waits if known.told() else []
    return {
        "wait_median_seconds": quantile(waits, 0.5),
        "wait_p90_seconds": quantile(waits, 0.9),
        "wait_p95_seconds": quantile(waits, 0.95),
    }


def _talk_total(picked_up: Sequence[CallFact]) -> float | None:
    return None if are_of_few(picked_up) else sum(call.talked_seconds for call in picked_up)


def share(some: float, of: float) -> float | None:
    """Give a share from 0 to 1; None of nothing."""
    return some / of if of else None


def _by_caller(calls: Iterable[CallFact], outcomes: Iterable[str]) -> Figures:
    everybody: set[str] = set()
    reached: set[str] = set()
    owed: set[str] = set()
    for call, outcome in zip(calls, outcomes, strict=True):
        if call.caller is None or outcome in NOT_COUNTED:
            continue
        everybody.add(call.caller)
        if outcome in PICKED_UP:
            reached.add(call.caller)
        elif outcome in CARED_FOR:
            owed.add(call.caller)
    if is_small(len(everybody)):
        return dict.fromkeys(("callers", "pickup_callers_share", "cared_for_callers_share"))
    return {
        "callers": len(everybody),
        "pickup_callers_share": share(len(reached), len(everybody)),
        "cared_for_callers_share": share(len(reached | owed), len(everybody)),
    }
