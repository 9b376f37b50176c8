from __future__ import annotations

import pytest

from router.store.vault import CallerHash

SECRET = b"a secret of at least 32 bytes, for tests"
callers = CallerHash(SECRET)


@pytest.mark.parametrize(
    "written",
    [
        "+33199000001",
        "0033199000001",
        "33199000001",
        "199000001",
        "01 99 00 00 01",
        "01.99.00.00.01",
        "01-99-00-00-01",
        "+33 (0)1 99 00 00 01",
        "01\u00a099\u00a000\u00a000\u00a001",
        " 0199000001\n",
    ],
)
def test_all_the_ways_to_write_a_number_are_one_caller(written: str) -> None:
    assert callers.hash(written) == callers.hash("0199000001")


def test_two_numbers_are_two_callers() -> None:
    hashes = {callers.hash(f"06399800{n:02}") for n in range(100)}
    assert len(hashes) == 100


def test_a_caller_from_abroad_is_a_caller() -> None:
    assert callers.hash("+14155550100") == callers.hash("0014155550100") is not None


def test_a_hash_is_128_bits_in_hex_without_the_number_in_it() -> None:
    hashed = callers.hash("0199000001")
    assert hashed is not None
    assert len(bytes.fromhex(hashed)) == 16
    assert "199000001" not in hashed


def test_another_site_s_secret_gives_another_hash() -> None:
    assert CallerHash(SECRET + b".").hash("0199000001") != callers.hash("0199000001")


@pytest.mark.parametrize("length", [32, 64, 65, 4096])
def test_every_byte_of_the_secret_counts(length: int) -> None:
    secret = b"s" * length
    assert CallerHash(secret).hash("0199000001") != CallerHash(secret[:-1] + b"t").hash(
        "0199000001"
    )


@pytest.mark.parametrize(
    "withheld",
    [
        "",
        " ",
        "s",
        "anonymous",
        "Anonymous",
        "unknown",
        "<unknown>",
        "private",
        "restricted",
        "unavailable",
        "withheld",
        "266696687",
        "+266696687",
        "0000000000",
        "+",
        "00",
        "101",
        "112",
        "sip:0199000001@example.org",
        "call me on 0199000001",
        "0199000001" * 4,
        "0199000001\x00",
        "\ud800",
        "٠١٩٩٠٠٠٠٠١",
        "9" * 65536,
    ],
)
def test_a_withheld_number_or_none_at_all_is_no_caller(withheld: str) -> None:
    assert callers.hash(withheld) is None


def test_the_secret_is_in_no_representation() -> None:
    assert repr(callers) == "CallerHash(...)"
    assert not hasattr(callers, "__dict__")
