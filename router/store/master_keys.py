"""The site's master key: under it the data keys lie on disk, and without it they are noise."""

from __future__ import annotations

import hashlib
import os
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from router.errors import StoreError

KEY_BYTES: Final = 32
"""AES-256."""

NONCE_BYTES: Final = 12
"""What GCM is made for. A data key is wrapped a few times in its life: random ones never meet."""

ID_BYTES: Final = 4
"""Tells master keys apart, of which a site has two at the most."""

TAG_BYTES: Final = 16
WRAPPED_BYTES: Final = ID_BYTES + NONCE_BYTES + KEY_BYTES + TAG_BYTES


class MasterKeys:
    """Wraps data keys under the current master key, and unwraps those of the one before too.

    `secret` and `before` are the contents of the credential files, of any length.
    """

    __slots__ = ("_ciphers", "_current")

    def __init__(self, secret: bytes, before: bytes | None = None) -> None:
        self._ciphers = {
            _id_of(one): AESGCM(_derived(one, b"decroche wrap"))
            for one in (secret, before)
            if one is not None
        }
        self._current = _id_of(secret)

    def __repr__(self) -> str:
        return "MasterKeys(...)"

    def wrap(self, name: str, data_key: bytes) -> bytes:
        """Give a data key as it may lie on disk. `name` is bound to it: no other may use it."""
        nonce = os.urandom(NONCE_BYTES)
        cipher = self._ciphers[self._current]
        return self._current + nonce + cipher.encrypt(nonce, data_key, name.encode())

    def unwrap(self, name: str, wrapped: bytes) -> bytes:
        """Give a data key back.

        Raises
        ------
        StoreError
            if it was wrapped under another master key, or is damaged.

        """
        cipher = self._ciphers.get(wrapped[:ID_BYTES])
        if cipher is None:
            raise StoreError(
                f"a number's key is wrapped under the master key {wrapped[:ID_BYTES].hex()}, which "
                "is not at hand; expected as credential decroche.vault_before or vault_before_file"
            )
        nonce, sealed = (
            wrapped[ID_BYTES : ID_BYTES + NONCE_BYTES],
            wrapped[ID_BYTES + NONCE_BYTES :],
        )
        try:
            return cipher.decrypt(nonce, sealed, name.encode())
        except (InvalidTag, ValueError) as error:
            raise StoreError("a number's key is damaged, or was put under another name") from error

    def is_current(self, wrapped: bytes) -> bool:
        """Say whether this was wrapped under the current master key."""
        return wrapped.startswith(self._current)


def _id_of(secret: bytes) -> bytes:
    return _derived(secret, b"decroche name")[:ID_BYTES]


def _derived(secret: bytes, purpose: bytes) -> bytes:
    """Give a key of the right length out of a secret that is written as text."""
    whole = hashlib.blake2b(secret).digest()
    return hashlib.blake2b(key=whole, person=purpose, digest_size=KEY_BYTES).digest()
