"""Numbers and promises: durable before said, readable while dialling, erased for good after."""

from __future__ import annotations

import shutil
import signal
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

import pytest
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from structlog.testing import capture_logs

from router.errors import StoreError
from router.store.client import open_client
from router.store.data_keys import DataKeys, keys_folder
from router.store.master_keys import KEY_BYTES, NONCE_BYTES, WRAPPED_BYTES, MasterKeys
from router.store.number_vault import NumberVault, SealedNumber
from tests.runtime.promise_house import E164, MASTER, NUMBER, House, at_home

PREMIUM = f"0899{0:06}"


def test_a_promise_is_told_once_it_is_on_disk_and_can_then_be_dialled() -> None:
    async def story(house: House) -> None:
        house.arrive("c1")
        told = await house.noted("p-1", "c1")
        assert (told.line, told.origin, told.usual, told.call) == ("carers", "key", "anne", "c1")
        assert (told.place_at, told.not_before, told.due_by) == (1.0, 2.0, 1_802.0)
        assert list((await house.kept()).promises) == ["p-1"]
        assert await house.desk.number_of("p-1") == E164
        assert await house.desk.number_of("p-2") is None

    at_home(story)


def test_a_caller_whose_number_is_not_called_back_is_told_no() -> None:
    async def story(house: House) -> None:
        house.arrive("c1", PREMIUM)
        house.note("p-1", "c1")
        assert await house.refused() == "p-1"
        house.note("p-2", "unknown")
        assert await house.refused() == "p-2"
        assert (await house.kept()).promises == {}
        refused = house.metrics.promises_not_noted
        assert refused.labels("premium")._value.get() == 1.0
        assert refused.labels("no_number")._value.get() == 1.0

    at_home(story)


def test_of_a_line_that_calls_nobody_back_no_number_is_kept() -> None:
    async def story(house: House) -> None:
        house.desk.take_rules(frozenset(), house.desk.live.numbers)
        house.arrive("c1")
        await house.settled()
        assert (await house.kept()).live == {}
        assert house.keys() == 0

    at_home(story)


def test_a_live_number_is_on_disk_while_the_call_is_on_and_erased_when_it_ends() -> None:
    async def story(house: House) -> None:
        for _ in range(3):
            house.arrive("c1")
        await house.settled()
        assert list((await house.kept()).live) == ["c1"]
        assert house.keys() == 1
        house.end("c1")
        await house.settled()
        assert (await house.kept()).live == {}
        assert house.keys() == 0

    at_home(story)


def test_a_promise_outlives_the_call_and_its_number_goes_when_it_is_closed() -> None:
    async def story(house: House) -> None:
        house.arrive("c1")
        await house.noted("p-1", "c1")
        house.end("c1")
        await house.settled()
        assert await house.desk.number_of("p-1") == E164
        house.close("p-1")
        await house.settled()
        kept = await house.kept()
        assert (kept.live, kept.promises, kept.taken) == ({}, {}, frozenset())
        assert house.keys() == 0
        assert await house.desk.number_of("p-1") is None

    at_home(story)


def test_a_copy_of_all_files_from_before_the_close_gives_the_number_up_no_more(
    tmp_path: Path,
) -> None:
    """Of all but the keys' folder, which is in no copy; with it, the copy would be the number."""

    async def story(house: House) -> None:
        house.arrive("c1")
        await house.noted("p-1", "c1")
        client = open_client(house.url)
        await client.save()
        leave_out = shutil.ignore_patterns("keys", "*.sock", "config")
        shutil.copytree(house.folder, tmp_path / "copy", ignore=leave_out)
        wrapped = b"".join(one.read_bytes() for one in keys_folder(house.folder).iterdir())
        kept = await house.kept()
        sealed = [kept.live["c1"].number, kept.promises["p-1"].number]
        assert any(one.key.encode() in _all_of(tmp_path / "copy") for one in sealed)
        house.end("c1")
        house.close("p-1")
        await house.settled()
        await client.aclose()

        left = NumberVault(DataKeys(keys_folder(house.folder), MasterKeys(MASTER)))
        assert [left.open(one) for one in sealed] == [None, None]
        copied, here = _all_of(tmp_path / "copy"), _all_of(house.folder)
        assert NUMBER[1:].encode() not in copied + here
        # Nor does it to somebody with the master key who tries whatever may be a key.
        assert _found_by_trying(copied + here, sealed) == set()
        assert _found_by_trying(copied + here + wrapped, sealed) == {E164}

    at_home(story)


def _found_by_trying(content: bytes, sealed: Sequence[SealedNumber]) -> set[str]:
    """Try each run of bytes as a key for each number, wrapped under the master key or plain."""
    masters, found = MasterKeys(MASTER), set()
    for at in range(len(content)):
        for one in sealed:
            keys = [content[at : at + KEY_BYTES]]
            with suppress(StoreError):
                keys.append(masters.unwrap(one.key, content[at : at + WRAPPED_BYTES]))
            for key in keys:
                nonce, rest = one.sealed[:NONCE_BYTES], one.sealed[NONCE_BYTES:]
                with suppress(InvalidTag, ValueError):
                    padded = AESGCM(key).decrypt(nonce, rest, one.key.encode())
                    found.add(padded.rstrip(b"\0").decode())
    return found


def _all_of(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())


def test_no_data_key_is_ever_in_the_store() -> None:
    async def story(house: House) -> None:
        house.arrive("c1")
        await house.noted("p-1", "c1")
        wrapped = [one.read_bytes() for one in keys_folder(house.folder).iterdir()]
        store = _all_of(house.folder / "store")
        assert not any(one and one in store for one in wrapped)

    at_home(story)


def test_the_number_is_in_no_log_line_and_in_no_event(capsys: pytest.CaptureFixture[str]) -> None:
    async def story(house: House) -> None:
        with capture_logs() as lines:
            house.arrive("c1")
            told = [await house.noted("p-1", "c1")]
            house.signal_store(signal.SIGKILL)
            house.note("p-2", "c1")
            await house.refused()
            house.arrive("c2", PREMIUM)
            house.note("p-3", "c2")
            await house.refused()
            await house.store.start()
        shown = repr(lines) + repr(told) + repr(house.told) + "".join(capsys.readouterr())
        assert NUMBER[1:] not in shown
        assert PREMIUM[1:] not in shown

    at_home(story)


def test_what_is_on_its_way_is_written_before_the_daemon_leaves() -> None:
    async def story(house: House) -> None:
        house.arrive("c1")
        house.note("p-1", "c1")
        await house.part.finish()
        assert list((await house.kept()).promises) == ["p-1"]

    at_home(story)
