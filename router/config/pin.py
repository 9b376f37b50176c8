"""A listener's PIN: only a salted scrypt hash of it is kept."""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets

_COST = 2**14
_BLOCK = 8
_SALT_BYTES = 16
_HASH_BYTES = 32
_PIN = re.compile(r"[0-9]{4,8}\Z")
_KEPT = re.compile(rf"scrypt\$([0-9a-f]{{{2 * _SALT_BYTES}}})\$([0-9a-f]{{{2 * _HASH_BYTES}}})\Z")


def hash_pin(pin: str) -> str:
    """Give what is kept of a PIN of 4 to 8 digits (0 to 9, as a phone sends them).

    Raises
    ------
    ValueError
        if it is not such a PIN; the message does not show it.

    """
    if not _PIN.match(pin):
        raise ValueError("expected a PIN of 4 to 8 digits")
    salt = secrets.token_bytes(_SALT_BYTES)
    return f"scrypt${salt.hex()}${_scrypt(pin, salt).hex()}"


def pin_matches(pin: str, kept: str) -> bool:
    """Tell whether this is the PIN that was kept, in the same time whichever digit is wrong."""
    match = _KEPT.match(kept)
    if match is None or not _PIN.match(pin):
        return False
    salt, expected = (bytes.fromhex(part) for part in match.groups())
    return hmac.compare_digest(_scrypt(pin, salt), expected)


def is_pin_hash(text: str) -> bool:
    """Tell whether this text has the form that `hash_pin` gives."""
    return _KEPT.match(text) is not None


def _scrypt(pin: str, salt: bytes) -> bytes:
    return hashlib.scrypt(pin.encode(), salt=salt, n=_COST, r=_BLOCK, p=1, dklen=_HASH_BYTES)
