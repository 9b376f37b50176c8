from __future__ import annotations

import pytest

from router.config import hash_pin, pin_matches


def test_a_pin_is_known_again_and_another_is_not() -> None:
    kept = hash_pin("2580")

    assert pin_matches("2580", kept)
    assert not pin_matches("2581", kept)


def test_the_same_pin_is_kept_differently_each_time() -> None:
    assert hash_pin("2580") != hash_pin("2580")


@pytest.mark.parametrize("pin", ["", "123", "123456789", "12a4", "١٢٣٤", "1234\n", " 1234", "½½½½"])
def test_what_is_no_pin_of_4_to_8_digits_is_refused_unshown(pin: str) -> None:
    with pytest.raises(ValueError, match="4 to 8 digits") as refused:
        hash_pin(pin)

    assert str(refused.value) == "expected a PIN of 4 to 8 digits"
    assert not pin_matches(pin, hash_pin("1234"))


@pytest.mark.parametrize(
    "kept", ["", "2580", "scrypt$00$00", "scrypt$" + "0" * 32 + "$" + "g" * 64]
)
def test_nothing_matches_what_is_not_a_kept_pin(kept: str) -> None:
    assert not pin_matches("2580", kept)
