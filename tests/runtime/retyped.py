"""A caller with a promise who types another number."""

from __future__ import annotations

from router.core.promise_events import NumberChanged
from tests.runtime.promise_house import House

TYPED = "0639980077"
TYPED_E164 = "+33639980077"


async def promised(house: House) -> None:
    """Have a caller promised a call at the number that shows."""
    house.arrive("c1")
    await house.noted("p-1", "c1")
    await house.settled()


async def changed(house: House, number: str = TYPED) -> NumberChanged:
    """Have that caller type another number, and wait until it stands."""
    assert house.types("c1", number) is None
    house.change("p-1", "c1", number)
    return await house.hear(NumberChanged)
