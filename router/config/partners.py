"""Partner platforms: behind one number each, they take several calls at once.

To the engine each place is a listener of its own, named `<partner>-1` and so on, whose phone is
that number. A place has no menu, and is not woken. Whoever answers there presses the accept key.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from msgspec import ValidationError, convert
from msgspec.structs import replace

from router.config.fields import Name, PinHash
from router.config.known import Known
from router.config.reader import Reader
from router.config.shape import Listener, ListenersFile, Partner
from router.schedule import NO_HOURS


def with_places(people: ListenersFile) -> ListenersFile:
    """Add each partner's places to the listeners."""
    places = {
        place: _listener(partner)
        for name, partner in people.partners.items()
        for place in _places(name, partner)
    }
    return replace(people, listeners={**people.listeners, **places})


def check_partners(people: ListenersFile, pools: Known, reader: Reader) -> None:
    """Put on the list what is wrong with the partners, whose places are not listeners yet."""
    taken = {one.endpoint: f"listeners.{name}" for name, one in people.listeners.items()}
    for name, partner in people.partners.items():
        at = f"partners.{name}"
        if partner.endpoint in taken:
            reader.complain(f"{at}.endpoint", f"{taken[partner.endpoint]} has the same")
        taken.setdefault(partner.endpoint, at)
        pools.check(f"{at}.pool", partner.pool, reader)
        if partner.shifts == NO_HOURS:
            reader.complain(f"{at}.shifts", "expected some hours, got 'none'")
        for place in _places(name, partner):
            _check_name(place, at, people.listeners, reader)


def _check_name(place: str, at: str, listeners: Mapping[str, Listener], reader: Reader) -> None:
    if place in listeners:
        reader.complain(at, f"listeners.{place} has the name of one of its places")
    try:
        convert(place, Name)
    except ValidationError:
        reader.complain(at, f"expected a shorter name: {place!r} names one of its places")


def _places(name: str, partner: Partner) -> Iterator[str]:
    return (f"{name}-{place}" for place in range(1, partner.places + 1))


def _listener(partner: Partner) -> Listener:
    return Listener(
        name=partner.name,
        endpoint=partner.endpoint,
        login="",
        pin_hash=PinHash(),
        skills=partner.skills,
        pool=partner.pool,
        shifts=partner.shifts,
        wakes=False,
    )
