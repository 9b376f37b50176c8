"""The state as the journal tells it."""

from __future__ import annotations

import msgspec
import structlog

from router.core.engine import Engine
from router.core.machine import EventRefused
from router.store.stream import Recovered

log = structlog.get_logger(__name__)


def rebuild(recovered: Recovered) -> Engine:
    """Give the engine that the journal's events lead to; what it commanded then is not done again.

    A snapshot that this version cannot read, or an entry that the engine fails at, is left aside:
    the resync with Asterisk finds the calls that are there, and only what was known of absent
    callers is lost.
    """
    engine = engine_from(recovered.snapshot)
    refused = 0
    for entry in recovered.entries:
        try:
            engine.step(entry.event, entry.at)
        except EventRefused:
            refused += 1
        except Exception:
            # The entry that ended the daemon would end it again at each start, all night.
            kind = type(entry.event).__name__
            log.exception("journal_entry_fails", event_kind=kind, effect="starting from Asterisk")
            return Engine()
    log.info(
        "state_rebuilt",
        entries=len(recovered.entries),
        refused=refused,
        calls=len(engine.state.calls),
        offers=len(engine.state.offers),
    )
    return engine


def engine_from(snapshot: bytes | None) -> Engine:
    """Give the engine of a snapshot; a new one where there is none that can be read."""
    if snapshot is None:
        return Engine()
    try:
        return Engine.restore(snapshot)
    except msgspec.MsgspecError as error:
        log.error("snapshot_unreadable", reason=str(error), effect="starting from Asterisk alone")
        return Engine()
