"""The calls that went worst, each told from its arrival to its end."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from heapq import nsmallest
from itertools import chain

from router.core.commands import OfferResult
from router.report.numbers import ENGLISH, plain
from simulations.records import CallRecord, OfferRecord, RunRecord
from simulations.report import moments
from simulations.tally import NOT_COUNTED

RESULTS: dict[OfferResult, str] = {
    "talked": "accepted the call",
    "declined": "declined",
    "no_answer": "did not pick up",
    "busy": "was busy",
    "unreachable": "could not be reached",
    "no_key": "picked up but pressed no key, as a voicemail does",
    "refused": "could not be rung: the PBX refused",
    "lost_race": "accepted, but another listener was first",
    "caller_left": "was ringing when the caller left",
    "listener_left": "accepted, then hung up before the caller was there",
    "not_connected": "accepted, but was never connected",
    "not_reached": "accepted the promise, but the caller was not reached",
    "withdrawn": "was ringing when the ring was withdrawn",
    "vanished": "was rung, and the ring was gone after a fault",
}
_WORST_FIRST = ("lost", "promised", "fallback_answered", "answered")


@dataclass(frozen=True)
class Step:
    """One thing that happened, `after_seconds` from the call's arrival."""

    after_seconds: float
    words: str


@dataclass(frozen=True)
class Story:
    """One call: which, what came of it, and every step of it."""

    call: CallRecord
    seed: int
    title: str
    steps: tuple[Step, ...]


def worst(records: Sequence[RunRecord], count: int = 10) -> list[Story]:
    """Tell the worst calls: the lost ones first, then by wait, the longest first."""
    calls = (
        (run.seed, call) for run in records for call in run.calls if call.outcome not in NOT_COUNTED
    )
    chosen = nsmallest(count, calls, key=lambda one: _badness(one[1]))
    offers = _offers_of(records, {(seed, call.call) for seed, call in chosen})
    return [_story(seed, call, offers[seed, call.call]) for seed, call in chosen]


_Key = tuple[int, str]


def _badness(call: CallRecord) -> tuple[int, float, float, str]:
    return _WORST_FIRST.index(call.outcome), -call.waited_seconds, call.arrived, call.call


def _offers_of(
    records: Sequence[RunRecord], wanted: Collection[_Key]
) -> dict[_Key, list[OfferRecord]]:
    found: dict[_Key, list[OfferRecord]] = defaultdict(list)
    every = chain.from_iterable(((run.seed, offer) for offer in run.offers) for run in records)
    for seed, offer in every:
        if (seed, offer.call) in wanted:
            found[seed, offer.call].append(offer)
    return found


def _story(seed: int, call: CallRecord, offers: Sequence[OfferRecord]) -> Story:
    told = chain(_arrival(call, offers), _rings(call, offers), _fallback(call), _end(call))
    steps = sorted(told, key=_when)
    return Story(call, seed, _title(call), tuple(steps))


def _when(step: Step) -> float:
    return step.after_seconds


def _title(call: CallRecord) -> str:
    waited = ENGLISH.seconds(call.waited_seconds)
    became = {
        "lost": f"lost after {waited}",
        "promised": f"left after {waited}, to be called back",
        "answered": f"picked up after {waited}",
        "fallback_answered": f"picked up by the fallback group after {waited}",
    }[call.outcome]
    return f"{moments.english(call.arrived)}, line {plain(call.line)}: {became}"


def _arrival(call: CallRecord, offers: Sequence[OfferRecord]) -> Iterator[Step]:
    asked = ", ".join(f"{plain(name)} at level {level}" for name, level in call.skills)
    words = f"The caller arrived on line {plain(call.line)}"
    words += f"; asked for: {asked}." if asked else "."
    if call.known_listener:
        words += f" They had talked with {plain(call.known_listener)} before."
    yield Step(0.0, words)
    if not call.offers:
        yield Step(0.0, "No listener's phone was ever rung for this call.")
    elif offers and all(offer.at > call.arrived for offer in offers):
        yield Step(0.0, "No listener's phone was rung at first.")


def _rings(call: CallRecord, offers: Sequence[OfferRecord]) -> Iterator[Step]:
    for offer in offers:
        lasted = ENGLISH.seconds(offer.ended - offer.at)
        result = RESULTS[offer.result]
        if offer.result != "talked":
            result += f", after {lasted}"
        yield Step(offer.at - call.arrived, f"Rang {plain(offer.listener)}, who {result}.")


def _fallback(call: CallRecord) -> Iterator[Step]:
    for at in call.fallback_at:
        yield Step(at - call.arrived, "The fallback group was asked.")


def _end(call: CallRecord) -> Iterator[Step]:
    if call.outcome == "lost":
        yield Step(call.waited_seconds, "The caller was gone, and nobody had talked with them.")
        return
    if call.outcome == "promised":
        yield Step(call.waited_seconds, "The caller left, and was owed a call back.")
        return
    who = plain(call.listener) if call.listener else "the fallback group"
    talked = ENGLISH.seconds(call.talked_seconds)
    yield Step(call.waited_seconds, f"Connected to {who}; they talked for {talked}.")
