"""The caller behind a number, as a keyed hash: the same person, and no way back to the number."""

from __future__ import annotations

import hashlib

from router.numbers.read import normal_form

HASH_BYTES = 16
"""128 bits: no two callers of a helpline will ever share one."""


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
        normal = normal_form(number)
        if normal is None:
            return None
        return hashlib.blake2b(normal.encode(), key=self._key, digest_size=HASH_BYTES).hexdigest()
