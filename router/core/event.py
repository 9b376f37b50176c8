"""What every event is."""

from __future__ import annotations

from msgspec import Struct


class Event(Struct, frozen=True, tag=True, gc=False):
    """The base of all events. None can be part of a cycle: the collector need not look at them."""
