from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from router.schedule.spans import Spans, both, joined, without

INSTANTS = 30
EVER: Spans = ((0, INSTANTS),)

sets = st.lists(st.tuples(st.integers(0, INSTANTS), st.integers(0, INSTANTS)), max_size=5).map(
    joined
)


def instants(spans: Spans) -> set[int]:
    return {instant for start, end in spans for instant in range(start, end)}


@given(sets, sets)
def test_spans_work_as_sets_of_instants(one: Spans, other: Spans) -> None:
    assert instants(joined([*one, *other])) == instants(one) | instants(other)
    assert instants(both(one, other)) == instants(one) & instants(other)
    assert instants(without(one, other)) == instants(one) - instants(other)


@given(sets, sets)
def test_the_same_instants_are_always_the_same_spans(one: Spans, other: Spans) -> None:
    assert joined([*one, *other]) == joined([*other, *one])
    assert both(one, other) == both(other, one) == without(one, without(EVER, other))
    assert joined([*without(one, other), *both(one, other)]) == one
    assert without(EVER, without(EVER, one)) == one


@given(sets, sets, sets)
def test_union_and_overlap_share_each_other_out(one: Spans, other: Spans, third: Spans) -> None:
    either = joined([*other, *third])
    assert both(one, either) == joined([*both(one, other), *both(one, third)])
    assert without(one, either) == both(without(one, other), without(one, third))


@given(sets)
def test_spans_neither_touch_nor_last_no_time(one: Spans) -> None:
    edges = [edge for span in one for edge in span]
    assert edges == sorted(set(edges))
