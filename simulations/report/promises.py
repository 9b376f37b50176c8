"""Promises in words, for the table and the page."""

from __future__ import annotations

from router.report.numbers import ENGLISH
from simulations.report.verdict import Block, promises


def in_words(total: Block) -> str | None:
    """Say what became of the promises; None where nothing was promised."""
    said = []
    if promises(total):
        said.append(_of_calls(total))
    if total["promises_due"]:
        said.append(_in_time(total))
    return " ".join(said) or None


def _of_calls(total: Block) -> str:
    kept, still, broken = (total[f"promise_{how}"] for how in ("kept", "open", "broken"))
    return (
        f"{ENGLISH.count(promises(total))} calls ended with a promise of a call back:"
        f" {ENGLISH.count(kept)} kept, {ENGLISH.count(still)} not due yet or being tried,"
        f" {ENGLISH.count(broken)} broken."
    )


def _in_time(total: Block) -> str:
    due, in_time = total["promises_due"], total["promises_kept_in_time"]
    words = (
        f"Of {ENGLISH.count(due)} promises due {ENGLISH.count(in_time)} were kept in time"
        f" ({ENGLISH.share(total['promises_kept_in_time_share'])}),"
        f" {ENGLISH.count(total['kept_by_ringing_back'])} of them by callers who rang back and"
        f" {ENGLISH.count(total['kept_in_the_same_call'])} in the very call"
    )
    half, most = total["kept_after_p50_s"], total["kept_after_p95_s"]
    if half is None:
        return f"{words}."
    soon = f"half within {ENGLISH.seconds(half)}, 95 of 100 within {ENGLISH.seconds(most)}"
    return f"{words}; {soon}."
