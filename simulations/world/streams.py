"""Random numbers: a stream for each person and purpose, the same in every process."""

from __future__ import annotations

from hashlib import blake2b
from random import Random


def stream(seed: int, *name: str) -> Random:
    """Give the stream of this name; whatever others draw changes nothing in it."""
    words = "/".join((str(seed), *name))
    digest = blake2b(words.encode(), digest_size=8).digest()
    return Random(int.from_bytes(digest))  # noqa: S311 - the same numbers each time are wanted
