"""Sets of instants as sorted spans that neither touch nor overlap."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

Span = tuple[int, int]
"""Half open: from the first instant up to, and without, the second."""

Spans = tuple[Span, ...]


def joined(spans: Iterable[Span]) -> Spans:
    """Give the instants that are in any of them; spans that last no time are left out."""
    merged: list[Span] = []
    for start, end in sorted(spans):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        elif start < end:
            merged.append((start, end))
    return tuple(merged)


def both(one: Spans, other: Spans) -> Spans:
    """Give the instants that are in both sets."""
    return tuple(_overlaps(one, other))


def without(one: Spans, other: Spans) -> Spans:
    """Give the instants of one set that are not in the other."""
    if not one:
        return ()
    edges = [one[0][0], *(edge for span in other for edge in span), one[-1][1]]
    gaps = zip(edges[::2], edges[1::2], strict=True)
    return both(one, tuple((start, end) for start, end in gaps if start < end))


def _overlaps(one: Spans, other: Spans) -> Iterator[Span]:
    here = there = 0
    while here < len(one) and there < len(other):
        start = max(one[here][0], other[there][0])
        end = min(one[here][1], other[there][1])
        if start < end:
            yield start, end
        if one[here][1] <= other[there][1]:
            here += 1
        else:
            there += 1
