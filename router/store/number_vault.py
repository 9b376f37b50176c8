"""Callers' numbers, each sealed under a key of its own, readable until that key is destroyed."""

from __future__ import annotations

import os
from collections.abc import Iterable
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from msgspec import Struct

from router.errors import StoreError
from router.store.data_keys import DataKeys
from router.store.master_keys import NONCE_BYTES

PADDED_BYTES: Final = 16
"""The longest E.164 number, with its plus: what is sealed is always as long."""


class SealedNumber(Struct, frozen=True):
    """A number that nobody reads without its data key, which is not in here."""

    key: str
    """The data key's name."""
    sealed: bytes


class NumberVault:
    """Seals numbers, opens them, and erases them for good. Each call waits for the disk.

    Many are sealed or erased one after the other; `settle`, once after them, makes it last.
    """

    def __init__(self, keys: DataKeys) -> None:
        self._keys = keys

    def seal(self, number: str) -> SealedNumber:
        """Seal an E.164 number under a new key.

        Raises
        ------
        OSError
            if the key cannot be written.

        """
        name, key = self._keys.make()
        nonce, padded = os.urandom(NONCE_BYTES), number.encode().ljust(PADDED_BYTES, b"\0")
        return SealedNumber(name, nonce + AESGCM(key).encrypt(nonce, padded, name.encode()))

    def open(self, number: SealedNumber) -> str | None:
        """Give a number; None where it was erased.

        Raises
        ------
        StoreError
            if the master key does not fit, or what is kept is damaged.

        """
        key = self._keys.read(number.key)
        if key is None:
            return None
        nonce, sealed = number.sealed[:NONCE_BYTES], number.sealed[NONCE_BYTES:]
        try:
            padded = AESGCM(key).decrypt(nonce, sealed, number.key.encode())
        except (InvalidTag, ValueError) as error:
            raise StoreError("a sealed number is damaged") from error
        return padded.rstrip(b"\0").decode()

    def erase(self, keys: Iterable[str]) -> None:
        """Destroy these data keys, and with them what was sealed under them.

        Raises
        ------
        OSError
            if one cannot be reached.

        """
        self._keys.destroy(keys)

    def settle(self) -> None:
        """Have on disk, for good, what was done. Raises OSError if it cannot be."""
        self._keys.settle()

    def held(self) -> set[str]:
        """Name the data keys that are there. Raises OSError if they cannot be listed."""
        return self._keys.names()
