"""A line of the journal: an event and when the engine took it, with its wire form."""

from __future__ import annotations

import msgspec
from msgspec import Struct

from router.core.events import AnyEvent


class Entry(Struct, frozen=True):
    """One line of the journal: an event and the epoch second at which the engine took it."""

    at: float
    event: AnyEvent


_encoder = msgspec.json.Encoder()
_decoder = msgspec.json.Decoder(Entry)


def encode(entry: Entry) -> bytes:
    """Give the stable wire form (JSON) of a journal entry."""
    return _encoder.encode(entry)


def decode(data: bytes) -> Entry:
    """Read a journal entry.

    Raises
    ------
    msgspec.DecodeError
        if the bytes are not the wire form of an entry.

    """
    return _decoder.decode(data)
