"""A number that a caller types: noted like one that shows, or put in the place of another."""

from __future__ import annotations

import shutil
import signal
from pathlib import Path

import phonenumbers
import pytest
from structlog.testing import capture_logs

from router.core.promise_events import NumberChanged, PromiseNoted, PromiseNotNoted
from router.store.client import open_client
from router.store.data_keys import DataKeys, keys_folder
from router.store.master_keys import MasterKeys
from router.store.number_vault import NumberVault
from tests.runtime.promise_house import CALLER, E164, MASTER, NUMBER, House, at_home, hash_caller
from tests.runtime.retyped import TYPED, TYPED_E164, changed, promised


def test_who_types_a_number_that_does_not_show_is_called_there() -> None:
    async def story(house: House) -> None:
        house.arrive_hidden("c1")
        assert house.desk.live.chosen("c1") is None
        assert house.types("c1", TYPED, 2) is None
        told = await house.noted("p-1", "c1", TYPED)
        assert told.caller == hash_caller(TYPED)
        assert await house.desk.number_of("p-1") == TYPED_E164
        assert house.desk.live.chosen("c1") == 2
        house.end("c1")
        await house.settled()
        assert ((await house.kept()).live, house.keys()) == ({}, 1)
        assert await house.desk.number_of("p-1") == TYPED_E164

    at_home(story)


def test_who_types_a_number_and_hangs_up_at_once_is_called_there() -> None:
    async def story(house: House) -> None:
        house.arrive_hidden("c1")
        house.types("c1", TYPED)
        house.note("p-1", "c1", TYPED)
        house.end("c1")
        await house.hear(PromiseNoted)
        await house.settled()
        assert await house.desk.number_of("p-1") == TYPED_E164
        assert ((await house.kept()).live, house.keys()) == ({}, 1)

    at_home(story)


@pytest.mark.parametrize(
    ("number", "why"),
    [
        ("15", "emergency"),
        ("112", "emergency"),
        ("3114", "short"),
        (f"0899{0:06}", "premium"),
        ("00441632960001", "international"),
        ("0", "not_a_number"),
        ("063998007", "not_a_number"),
        ("1" * 15, "not_a_number"),
        ("0199000001", "own_line"),
    ],
)
def test_a_number_that_is_not_called_back_is_refused_and_not_kept(number: str, why: str) -> None:
    async def story(house: House) -> None:
        await promised(house)
        with capture_logs() as lines:
            assert house.types("c1", number) == why
        assert house.metrics.promises_not_noted.labels(why)._value.get() == 1.0
        assert [line["reason"] for line in lines] == [why]
        await house.settled()
        assert (house.keys(), house.desk.live.chosen("c1")) == (2, 0)
        assert await house.desk.number_of("p-1") == E164

    at_home(story)


@pytest.mark.parametrize("written", [NUMBER, "0033639980042", "33639980042"])
def test_the_number_that_shows_is_the_same_however_it_is_typed(written: str) -> None:
    async def story(house: House) -> None:
        house.arrive("c1")
        assert house.types("c1", written) is None
        told = await house.noted("p-1", "c1", written)
        assert told.caller == CALLER
        assert await house.desk.number_of("p-1") == E164

    at_home(story)


def test_a_number_overseas_is_called_there() -> None:
    there = phonenumbers.example_number_for_type("RE", phonenumbers.PhoneNumberType.MOBILE)
    assert there is not None
    typed = f"0{there.national_number}"

    async def story(house: House) -> None:
        house.arrive_hidden("c1")
        assert house.types("c1", typed) is None
        await house.noted("p-1", "c1", typed)
        assert await house.desk.number_of("p-1") == f"+262{there.national_number}"

    at_home(story)


def test_of_a_line_that_calls_nobody_back_no_typed_number_is_kept() -> None:
    async def story(house: House) -> None:
        house.desk.take_rules(frozenset(), house.desk.live.numbers)
        assert house.types("c1", TYPED) is None
        await house.settled()
        assert house.keys() == 0

    at_home(story)


def test_what_is_typed_and_never_noted_is_erased_with_its_call() -> None:
    async def story(house: House) -> None:
        house.arrive("c1")
        for which in (1, 2, 3):
            house.types("c1", f"063998008{which}", which)
        await house.settled()
        assert house.keys() == 4
        house.end("c1")
        await house.settled()
        assert ((await house.kept()).live, house.keys()) == ({}, 0)

    at_home(story)


def test_nobody_is_called_at_another_number_than_the_one_they_have_typed() -> None:
    async def story(house: House) -> None:
        house.arrive("c1")
        house.note("p-1", "c1", TYPED)
        assert (await house.hear(PromiseNotNoted)).why == "number_unknown"
        house.change("p-1", "c1", TYPED)
        assert (await house.hear(PromiseNotNoted)).why == "store"

    at_home(story)


def test_another_number_takes_the_place_of_the_first_on_disk_and_is_then_told() -> None:
    async def story(house: House) -> None:
        await promised(house)
        before = (await house.kept()).promises["p-1"]
        told = await changed(house)
        assert told == NumberChanged("p-1", "c1", hash_caller(TYPED) or "")
        kept = await house.kept()
        after = kept.promises["p-1"]
        assert (after.caller, after.number.key == before.number.key) == (told.caller, False)
        assert (after.place_at, after.due_by) == (before.place_at, before.due_by)
        assert (kept.live["c1"].caller, kept.live["c1"].typed) == (told.caller, 1)
        assert await house.desk.number_of("p-1") == TYPED_E164
        assert house.desk.live.chosen("c1") == 1
        await house.settled()
        assert house.keys() == 2
        house.end("c1")
        house.close("p-1")
        await house.settled()
        assert ((await house.kept()).promises, house.keys()) == ({}, 0)

    at_home(story)


def test_a_number_may_be_changed_back() -> None:
    async def story(house: House) -> None:
        await promised(house)
        await changed(house)
        house.types("c1", NUMBER, 2)
        house.change("p-1", "c1", NUMBER)
        assert (await house.hear(NumberChanged)).caller == CALLER
        assert await house.desk.number_of("p-1") == E164
        assert house.desk.live.chosen("c1") == 2
        await house.settled()
        assert house.keys() == 2

    at_home(story)


def test_a_copy_of_all_files_from_before_a_change_gives_the_first_number_up_no_more(
    tmp_path: Path,
) -> None:
    async def story(house: House) -> None:
        await promised(house)
        kept = await house.kept()
        sealed = [kept.live["c1"].number, kept.promises["p-1"].number]
        client = open_client(house.url)
        await client.save()
        await client.aclose()
        leave_out = shutil.ignore_patterns("keys", "*.sock", "config")
        shutil.copytree(house.folder, tmp_path / "copy", ignore=leave_out)
        await changed(house)
        await house.settled()
        left = NumberVault(DataKeys(keys_folder(house.folder), MasterKeys(MASTER)))
        assert [left.open(one) for one in sealed] == [None, None]

    at_home(story)


def test_a_typed_number_is_in_no_log_line_and_in_no_event(
    capsys: pytest.CaptureFixture[str],
) -> None:
    async def story(house: House) -> None:
        with capture_logs() as lines:
            await promised(house)
            told = await changed(house)
            house.types("c1", "0639980078", 2)
            house.signal_store(signal.SIGKILL)
            house.change("p-1", "c1", "0639980078")
            await house.hear(PromiseNotNoted)
            await house.store.start()
        shown = repr(lines) + repr(told) + repr(house.told) + "".join(capsys.readouterr())
        assert not [one for one in (NUMBER, TYPED, "0639980078") if one[1:] in shown]

    at_home(story)
