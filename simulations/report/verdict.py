"""What came of a run, in a sentence for whoever reads one sentence only."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from router.report.numbers import ENGLISH, FRENCH
from simulations.records import RunRecord
from simulations.report import moments

Block = Mapping[str, Any]
"""The figures of the total, of one line or of one skill."""


@dataclass(frozen=True)
class Verdict:
    """`mark` in a word or two; then the same sentences in both languages."""

    good: bool
    mark: str
    english: str
    french: str


def judge(records: Sequence[RunRecord], figures: Mapping[str, Any]) -> Verdict:
    """Say what became of the calls, from the total's figures and the lost calls' hours."""
    total: Block = figures["total"]
    if total["invariant_violations"]:
        return _invalid(total)
    outside = int(figures.get("never_reached", 0))
    early = int(figures.get("ended_early", 0))
    mark = _mark(total, outside, early)
    if not counted(total):
        first = _nothing(total)
    else:
        first = _lost(records, total) if total["lost"] else _none_lost(total)
    more = [
        _withheld(total),
        _fallback(total),
        _people(total),
        _not_counted(total),
        _never_reached(outside),
    ]
    parts = [first, *filter(None, more), *([_ENDED_EARLY] if early else [])]
    return Verdict(
        good=mark in _GOOD_MARKS,
        mark=mark,
        english=" ".join(english for english, _ in parts),
        french=" ".join(french for _, french in parts),
    )


def counted(block: Block) -> int:
    """Give the calls that the shares are of: neither hung up at once nor turned away."""
    return int(block["offered"] - block["left_early"] - block["refused"])


def promises(block: Block) -> int:
    """Give the calls that became a promise, whatever came of it."""
    return int(block["promise_kept"] + block["promise_open"] + block["promise_broken"])


def picked_up(block: Block) -> int:
    """Give the calls that a human took while the caller was on the line."""
    return int(block["answered"] + block["fallback_answered"])


_Said = tuple[str, str]
"""A sentence in English, and the same in French."""

_ENDED_EARLY: _Said = (
    "Ended early: calls that were not over by then are not counted.",
    "Arrêté avant la fin : les appels encore en cours ne sont pas comptés.",
)

_GOOD_MARKS = {"NONE LOST", "NO CALL"}


def _mark(total: Block, outside: int, early: int) -> str:
    marks = (
        ("CALLS LOST", total["lost"]),
        ("PROMISES BROKEN", total["promise_broken"]),
        ("CALLS CUT OFF", outside),
        ("ENDED EARLY", early),
        ("NONE LOST", counted(total)),
    )
    return next((mark for mark, count in marks if count), "NO CALL")


def _invalid(total: Block) -> Verdict:
    count = total["invariant_violations"]
    return Verdict(
        good=False,
        mark="INVALID",
        english=(
            "The engine broke one of its own rules"
            f" ({ENGLISH.count(count)} {_plural(count, 'time')}): do not trust these figures."
        ),
        french=(
            "Le moteur a enfreint une de ses propres règles"
            f" ({FRENCH.count(count)} fois) : ne vous fiez pas à ces chiffres."
        ),
    )


def _nothing(total: Block) -> _Said:
    if not total["offered"]:
        return (
            "No call came in, so there is nothing to judge.",
            "Aucun appel n'est arrivé : il n'y a rien à juger.",
        )
    return (
        "No call stayed on the line, so there is nothing to judge.",
        "Aucun appel n'est resté en ligne : il n'y a rien à juger.",
    )


def _lost(records: Sequence[RunRecord], total: Block) -> _Said:
    lost, of = total["lost"], counted(total)
    instants = [call.arrived for run in records for call in run.calls if call.outcome == "lost"]
    if lost == 1:
        when, quand = "", ""
        if instants:
            when = f", on {moments.english(instants[0])}"
            quand = f", le {moments.french(instants[0])}"
        return (
            f"1 of {ENGLISH.count(of)} {_plural(of, 'call')} was lost{when}.",
            f"1 appel sur {FRENCH.count(of)} a été perdu{quand}.",
        )
    when, quand = _hours(instants)
    return (
        f"{ENGLISH.count(lost)} of {ENGLISH.count(of)} calls were lost{when}.",
        f"{FRENCH.count(lost)} appels sur {FRENCH.count(of)} ont été perdus{quand}.",
    )


def _withheld(total: Block) -> _Said | None:
    """Tell those apart whom nobody could call back."""
    lost, withheld = total["lost"], total["lost_withheld"]
    if not withheld:
        return None
    if withheld == lost:
        return (
            f"{'It' if lost == 1 else 'All of them'} had a withheld number.",
            f"{'Son numéro était masqué' if lost == 1 else 'Tous avaient un numéro masqué'}.",
        )
    return (
        f"{ENGLISH.count(withheld)} of them had a withheld number.",
        f"Parmi eux, {FRENCH.count(withheld)} avec un numéro masqué.",
    )


def _hours(instants: Sequence[float]) -> _Said:
    span = moments.most(instants)
    if span is None:
        return ", at no particular hour", ", sans heure particulière"
    if span.whole:
        return f", all of them {span.english()}", f", tous {span.french()}"
    return f", most of them {span.english()}", f", la plupart {span.french()}"


def _none_lost(total: Block) -> _Said:
    of = counted(total)
    if promises(total):
        return _with_promises(total)
    if of == 1:
        wait = total["wait_max_s"]
        return (
            f"The one call was picked up, after {ENGLISH.seconds(wait)}.",
            f"Le seul appel a été décroché, au bout de {FRENCH.seconds(wait)}.",
        )
    half, slowest = total["wait_p50_s"], total["wait_max_s"]
    return (
        (
            f"Every one of the {ENGLISH.count(of)} calls was picked up, half of them within"
            f" {ENGLISH.seconds(half)} and the slowest after {ENGLISH.seconds(slowest)}."
        ),
        (
            f"Les {FRENCH.count(of)} appels ont tous été décrochés, la moitié en au plus"
            f" {FRENCH.seconds(half)} et le plus lent au bout de {FRENCH.seconds(slowest)}."
        ),
    )


def _with_promises(total: Block) -> _Said:
    picked, of, owed = picked_up(total), counted(total), promises(total)
    kept, still, broken = (total[f"promise_{how}"] for how in ("kept", "open", "broken"))
    return (
        (
            f"No call was lost: of {ENGLISH.count(of)}, {ENGLISH.count(picked)} were picked up and"
            f" {ENGLISH.count(owed)} were promised a call back ({ENGLISH.count(kept)} kept,"
            f" {ENGLISH.count(still)} open, {ENGLISH.count(broken)} broken)."
        ),
        (
            f"Aucun appel n'a été perdu : sur {FRENCH.count(of)}, {FRENCH.count(picked)} décrochés"
            f" et {FRENCH.count(owed)} rappels promis ({FRENCH.count(kept)} tenus,"
            f" {FRENCH.count(still)} en cours, {FRENCH.count(broken)} manqués)."
        ),
    )


def _fallback(total: Block) -> _Said | None:
    count = total["fallback_answered"]
    if not count:
        return None
    return (
        (
            f"{ENGLISH.count(count)} {'was' if count == 1 else 'were'} picked up by the fallback"
            " group."
        ),
        (
            f"{FRENCH.count(count)} {_plural(count, 'appel')} {_plural(count, 'décroché')} par le"
            " groupe de secours."
        ),
    )


def _people(total: Block) -> _Said | None:
    """Speak of callers where that is another share than that of calls."""
    share = total["pickup_callers"]
    if share is None or share == total["pickup"]:
        return None
    return (
        f"Counting people rather than calls, {ENGLISH.share(share)} spoke with somebody.",
        (
            f"En comptant les personnes et non les appels, {FRENCH.share(share)} ont parlé à"
            " quelqu'un."
        ),
    )


def _not_counted(total: Block) -> _Said | None:
    early, refused = total["left_early"], total["refused"]
    if not early + refused:
        return None
    return (
        (
            f"Not counted: {ENGLISH.count(early)} that hung up at once and"
            f" {ENGLISH.count(refused)} turned away by a rule."
        ),
        (
            f"Non comptés : {FRENCH.count(early)} raccrochés aussitôt et"
            f" {FRENCH.count(refused)} refusés par une règle."
        ),
    )


def _never_reached(outside: int) -> _Said | None:
    if not outside:
        return None
    return (
        (
            f"{ENGLISH.count(outside)} more {_plural(outside, 'attempt')} met a trunk that was"
            " down and never reached the line."
        ),
        (
            f"{FRENCH.count(outside)} {_plural(outside, 'tentative')} de plus n'ont pas atteint"
            " la ligne, l'opérateur étant en panne."
            if outside > 1
            else "1 tentative de plus n'a pas atteint la ligne, l'opérateur étant en panne."
        ),
    )


def _plural(count: int, noun: str) -> str:
    return noun if count == 1 else f"{noun}s"
