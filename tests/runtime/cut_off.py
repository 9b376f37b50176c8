"""Callers whom an end cuts off: the daemon's, and perhaps Asterisk's with it."""

from __future__ import annotations

from router.core.promise_events import PromiseNoted
from tests.runtime.promise_house import House

ARRIVED = 1_700_000_000.0
SINCE_BEFORE = ARRIVED - 86_400.0
SINCE_AFTER = ARRIVED + 60.0


async def cut_off(
    house: House,
    up_since: float | None,
    *,
    calls: tuple[str, ...] = (),
    life: str | None = None,
) -> None:
    """Have the daemon die, and its next life be told which callers Asterisk holds."""
    await house.settled()
    await house.restart(journal_lost=False)
    house.part.watch.asterisk_holds(calls, up_since, (), life)
    await house.settled()


def origins(house: House) -> list[str]:
    """Give why each of those who were told of is owed a call-back."""
    return [event.origin for event in house.told if isinstance(event, PromiseNoted)]
