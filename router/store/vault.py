"""The caller behind a number, as a keyed hash: the same person, and no way back to the number."""

from __future__ import annotations

import hashlib
import re

import phonenumbers

HASH_BYTES = 16
"""128 bits: no two callers of a helpline will ever share one."""

HOME_REGION = "FR"
"""Where a number without a country code belongs."""

NUMBER = re.compile(r"\+?[0-9 ().\-/\u00a0\u202f]{4,40}")
"""What may be a number at all. The words that stand for one (`anonymous`, `unknown`) are not."""

ANONYMOUS_ON_KEYS = "266696687"
"""What some networks send in place of a number: the word, keyed on a telephone."""


class CallerHash:
    """Hashes callers' numbers with a secret of this site."""

    __slots__ = ("_key",)

    def __init__(self, secret: bytes) -> None:
        self._key = hashlib.blake2b(secret).digest()

    def __repr__(self) -> str:
        return "CallerHash(...)"

    def hash(self, number: str) -> str | None:
        """Give the caller's hash, in hex; None where the number is withheld or is not one.

        All the ways to write one number give one hash.
        """
        normal = _normal_form(number)
        if normal is None:
            return None
        return hashlib.blake2b(normal.encode(), key=self._key, digest_size=HASH_BYTES).hexdigest()


def _normal_form(number: str) -> str | None:
    text = number.strip()
    if not NUMBER.fullmatch(text) or text.lstrip("+") == ANONYMOUS_ON_KEYS:
        return None
    if not set(text) & set("123456789"):
        return None
    try:
        parsed = phonenumbers.parse(text, HOME_REGION)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_possible_number(parsed):
        return None
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)
