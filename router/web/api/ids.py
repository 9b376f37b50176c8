"""The names under which clients know their promises: sealed, so that each opens only its own."""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from typing import Final, NamedTuple

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESSIV

LONGEST_ID_CHARACTERS: Final = 400
"""Twice what ours have, unless Asterisk names its calls at great length."""

PADDED_BYTES: Final = 160
"""So that its length does not tell by which way the caller was owed the call."""

_WRITTEN: Final = re.compile(rf"[A-Za-z0-9_-]{{24,{LONGEST_ID_CHARACTERS}}}")
_PURPOSE: Final = b"decroche api"


class Slip(NamedTuple):
    """What a client's id stands for, and all that it was told. Epoch seconds."""

    promise: str
    joined: bool
    """The caller was owed this call already: what was asked here is one with it."""
    line: str
    begins: int
    due: int


class Ids:
    """Makes and reads ids. Nothing is kept: an id holds the promise's name, for its client alone.

    `secret` is the site's; with another one all ids are nobody's.
    """

    def __init__(self, secret: bytes) -> None:
        key = hashlib.blake2b(secret, person=_PURPOSE, digest_size=64).digest()
        self._cipher = AESSIV(key)

    def __repr__(self) -> str:
        return "Ids(...)"

    def make(self, client: str, slip: Slip) -> str:
        """Give the id, the same each time."""
        plain = msgspec.json.encode(slip).ljust(PADDED_BYTES)
        sealed = self._cipher.encrypt(plain, [client.encode()])
        return base64.urlsafe_b64encode(sealed).decode().rstrip("=")

    def read(self, client: str, text: str) -> Slip | None:
        """Give what an id stands for; None: it is none of this client's."""
        if not _WRITTEN.fullmatch(text):
            return None
        try:
            sealed = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
            plain = self._cipher.decrypt(sealed, [client.encode()])
            return msgspec.json.decode(plain, type=Slip)
        except (InvalidTag, binascii.Error, msgspec.DecodeError):
            return None
