"""The sections about call-backs that were owed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final, get_args

from router.core.promise_events import PromiseOrigin
from router.report.facts import Facts, PromiseFact
from router.report.figures import Fates, Figures, share
from router.report.hide import is_small
from router.report.model import Group, Section, parts, whole
from router.report.quantile import quantile
from router.report.span import Span

ORIGINS: Final[tuple[str, ...]] = get_args(PromiseOrigin)


def sections(facts: Facts, fates: Fates, span: Span) -> list[Section]:
    """Tell what was promised in a span, and what has become of it."""
    noted = [one for one in facts.promises.values() if span.holds(one.noted)]
    by_origin = {
        origin: _group([one for one in noted if one.origin == origin], fates) for origin in ORIGINS
    }
    by_whom = {
        whom: _group([one for one in noted if one.by_senior == is_senior], fates)
        for whom, is_senior in (("senior", True), ("listener", False))
    }
    # How many were kept is told in any case; when one was kept is told of nobody alone.
    told = [] if is_small(len(_people(noted))) else noted
    everything = Group(frozenset(), {**_counts(noted, fates), **_times(told, fates)})
    return [
        whole("promises", "total", everything),
        parts("promises_by_origin", by_origin),
        parts("promises_by_whom", by_whom),
    ]


def _group(promises: Sequence[PromiseFact], fates: Fates) -> Group:
    return Group(_people(promises), _counts(promises, fates))


def _people(promises: Iterable[PromiseFact]) -> frozenset[str]:
    return frozenset(one.caller for one in promises)


def _counts(promises: Sequence[PromiseFact], fates: Fates) -> Figures:
    stand = [one for one in promises if one.result not in ("joined", "cancelled")]
    due = [one for one in stand if fates.of_promise(one) != "promise_open"]
    in_time = sum(one.kept is not None and one.kept <= one.due_by for one in stand)
    return {
        "promises": len(promises),
        "promises_joined": sum(one.result == "joined" for one in promises),
        "promises_cancelled": sum(one.result == "cancelled" for one in promises),
        "promises_due": len(due),
        "promises_kept": sum(one.kept is not None for one in stand),
        "promises_kept_in_time": in_time,
        "promises_kept_in_time_share": share(in_time, len(due)),
        "promises_open": len(stand) - len(due),
        "promises_with_seniors": sum(one.result == "with_seniors" for one in stand),
    }


def _times(promises: Iterable[PromiseFact], fates: Fates) -> Figures:
    kept = [one for one in promises if fates.of_promise(one) == "promise_kept"]
    after = sorted(
        max(0.0, one.kept - max(one.noted, one.not_before)) for one in kept if one.kept is not None
    )
    late = [one.kept - one.due_by for one in kept if one.kept is not None]
    return {
        "kept_after_median_seconds": quantile(after, 0.5),
        "kept_after_p95_seconds": quantile(after, 0.95),
        "kept_late_max_seconds": max(0.0, *late) if late else None,
    }
