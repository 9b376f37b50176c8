from __future__ import annotations

import pickle
from collections.abc import Sequence
from typing import Any

import pytest
from msgspec.structs import replace

from simulations.columns import FOLDED_TOGETHER, Table
from simulations.records import CallRecord, table_of_calls, table_of_offers
from tests.simulations.made_records import week

COUNTS = (1, FOLDED_TOGETHER - 1, FOLDED_TOGETHER, FOLDED_TOGETHER + 1)


def made(count: int) -> Sequence[CallRecord]:
    calls = week(calls=count).calls
    first = replace(calls[0], call="päge", listener=None, fallback_at=(3.0, 4.5), withheld=True)
    return [first, *calls[1:]]


@pytest.mark.parametrize("count", COUNTS)
def test_what_is_put_in_comes_out_as_it_was(count: int) -> None:
    calls = made(count)
    table = table_of_calls(calls)
    assert len(table) == count
    assert list(table) == calls
    assert [table[at] for at in range(count)] == calls
    assert table[-count] == calls[0]
    assert table[-2:] == calls[-2:]


def test_records_can_be_added_after_some_were_read() -> None:
    calls = made(30)
    table = table_of_calls(calls[:10])
    assert list(table) == calls[:10]
    for call in calls[10:]:
        table.append(call)
    assert list(table) == calls


@pytest.mark.parametrize("index", [3, -4])
def test_a_record_that_is_not_there_is_an_error(index: int) -> None:
    with pytest.raises(IndexError):
        table_of_calls(made(3))[index]


def test_a_table_is_equal_to_the_same_records_in_any_sequence() -> None:
    calls = made(5)
    table = table_of_calls(calls)
    assert table == tuple(calls)
    assert table == table_of_calls(calls)
    assert table != tuple(reversed(calls))
    assert table != tuple(calls[:4])


def test_a_table_comes_through_a_pickle_and_takes_more() -> None:
    calls = made(FOLDED_TOGETHER + 1)
    table = pickle.loads(pickle.dumps(table_of_calls(calls)))  # noqa: S301 - our own
    assert table == calls
    table.append(calls[0])
    assert list(table) == [*calls, calls[0]]


@pytest.mark.parametrize("number", [-1, 127, 128, -40_000, 3_000_000_000])
def test_a_number_of_any_size_comes_out_as_it_was_and_so_do_those_before_it(number: int) -> None:
    before = made(FOLDED_TOGETHER)
    other = replace(before[0], events=number)
    assert list(table_of_calls([*before, other])) == [*before, other]


def test_a_number_beyond_64_bits_is_an_error() -> None:
    table = table_of_calls([replace(made(1)[0], events=1 << 63)])
    with pytest.raises(OverflowError):
        list(table)


def test_values_that_come_again_may_be_of_any_number() -> None:
    calls = [
        replace(call, listener=f"listener {at}")
        for at, call in enumerate(made(FOLDED_TOGETHER + 200))
    ]
    assert list(table_of_calls(calls)) == calls


def test_a_call_takes_some_seventy_bytes_and_an_offer_some_thirty_on_its_way() -> None:
    record = week(calls=2 * FOLDED_TOGETHER)
    calls, offers = table_of_calls(record.calls), table_of_offers(record.offers)
    assert size_of(calls) < 75 * len(calls)
    assert size_of(offers) < 32 * len(offers)


def size_of(table: Table[Any]) -> int:
    return len(pickle.dumps(table, pickle.HIGHEST_PROTOCOL))
