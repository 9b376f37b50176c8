"""Deadlines as on a machine that may stand still for seconds, and a clock that a test puts ahead.

Somebody waits behind each of the product's own: half a second for a group of the journal, two for a
promise. A test that is not about them has them in the way of what it says: on a busy machine any
process may rest for as long. So they are longer here, all alike: which of two comes first stays.
"""

from __future__ import annotations

import asyncio
from types import ModuleType
from typing import Final

import pytest

from router.runtime import asked_numbers, errands, number_change, number_writer, promise_desk
from router.store import client, journal, late_past, lease, promise_store

TIMES_LONGER: Final = 20
SHORT: Final[tuple[tuple[ModuleType, str], ...]] = (
    (client, "REPLY_DEADLINE_SECONDS"),
    (journal, "APPEND_DEADLINE_SECONDS"),
    (journal, "SNAPSHOT_DEADLINE_SECONDS"),
    (journal, "READING_DEADLINE_SECONDS"),
    (journal, "READ_BACK_DEADLINE_SECONDS"),
    (late_past, "LATE_READING_SECONDS"),
    (lease, "CONFIRM_SECONDS"),
    (promise_store, "WRITE_DEADLINE_SECONDS"),
    (promise_store, "READ_DEADLINE_SECONDS"),
    (promise_store, "LOOK_DEADLINE_SECONDS"),
    (promise_store, "ACKNOWLEDGE_MS"),
    (promise_desk, "NOTING_SECONDS"),
    (asked_numbers, "NOTING_SECONDS"),
    (number_change, "CHANGING_SECONDS"),
    (number_writer, "LEAVE_SECONDS"),
    (errands, "ERRAND_SECONDS"),
)


def take_time(patch: pytest.MonkeyPatch) -> None:
    """Have nothing given up that only takes long; a test shortens again what it is about."""
    for module, name in SHORT:
        patch.setattr(module, name, TIMES_LONGER * getattr(module, name))


def let_pass(seconds: float) -> None:
    """Have it be so much later for the running loop: what is due until then is due at once."""
    loop = asyncio.get_running_loop()
    earlier = loop.time
    loop.time = lambda: earlier() + seconds  # type: ignore[method-assign]
