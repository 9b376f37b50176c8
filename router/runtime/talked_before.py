"""Which callers an earlier daemon has brought to somebody, as the journal tells."""

from __future__ import annotations

from collections.abc import Mapping

import structlog

from router.core.events import AnyEvent, FallbackAnswered, PbxResynced, TalkStarted
from router.errors import StoreError
from router.store.kept_numbers import LiveNumber
from router.store.stream import read_history

log = structlog.get_logger(__name__)


async def talked_before(store_url: str, live: Mapping[str, LiveNumber]) -> set[str]:
    """Name those of these calls of which the journal knows that they have talked with somebody.

    The engine forgets a call with its end, and a daemon may die before it has noted, beside the
    number, what its journal has by then.
    """
    unsure = {call: one.arrived for call, one in live.items() if not one.answered}
    if not unsure:
        return set()
    try:
        history = await read_history(store_url, min(unsure.values()))
    except StoreError as error:
        log.warning("talks_unread", problem=str(error), effect="somebody may be called in vain")
        return set()
    return {call for entry in history.entries for call in _talking(entry.event)} & unsure.keys()


def _talking(event: AnyEvent) -> list[str]:
    match event:
        case TalkStarted() | FallbackAnswered():
            return [event.call]
        case PbxResynced():
            return [
                *event.talked,
                *(seen.call for seen in event.calls if seen.place == "talking"),
            ]
        case _:
            return []
