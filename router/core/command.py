"""The base of all that is to be done."""

from __future__ import annotations

from msgspec import Struct


class Command(Struct, frozen=True, tag=True, gc=False):
    """The base of all commands. None can be part of a cycle: the collector need not look."""
