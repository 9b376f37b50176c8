"""What a listener makes of a ring that was never made: what they made of the one nearest in time.

A ring of the journal that was ended by somebody else (the caller left, another listener was first)
tells only what had happened by then. If the ring of now outlasts it, it goes on as the nearest one
that is known to have gone on for longer.
"""

from __future__ import annotations

from collections.abc import Iterable
from statistics import median
from typing import NamedTuple

from msgspec import Struct

from router.core.events import ListenerRang, OfferAccepted
from simulations.replay.near import alike, nearest
from simulations.replay.past import Act, Past, PastRing, Pause
from simulations.world.streams import stream

HOUR_SECONDS = 3600.0
LAST_WORDS_SECONDS = 2.0
"""For a leg that was picked up to go, where the journal shows none that did."""


class Script(Struct):
    """What will happen to one leg, unless somebody ends it."""

    ring: PastRing | None
    """The recorded ring that it follows; None where nobody was ever rung."""
    acts: list[Act]
    """Not yet in the name of the new offer."""


class _Talk(NamedTuple):
    """The end of a talk, and the rest after it."""

    at: float
    pause: Pause | None


class Scripts:
    """How each listener answers."""

    def __init__(self, past: Past, seed: int) -> None:
        self._seed = seed
        self._known_until = past.ended
        self._of_listener: dict[str, list[PastRing]] = {}
        self._at_hour: dict[int, list[PastRing]] = {}
        self._talks: dict[str, list[_Talk]] = {}
        for ring in past.rings:
            self._of_listener.setdefault(ring.listener, []).append(ring)
            self._at_hour.setdefault(_hour(ring.at), []).append(ring)
            if ring.connected is not None and ring.ended is not None:
                self._talks.setdefault(ring.listener, []).append(_Talk(ring.ended, ring.pause))
        for talks in self._talks.values():
            talks.sort(key=lambda talk: talk.at)
        self._all = past.rings
        self._drawn: dict[str, int] = {}
        self._leave_seconds = {up: _leave_seconds(past.rings, up=up) for up in (False, True)}
        self._connect_seconds = _connect_seconds(past.rings)

    def script(self, listener: str, now: float) -> Script:
        """Say what the listener makes of a ring that begins now."""
        own = self._of_listener.get(listener)
        ring = next(nearest(own, now), None) if own else self._of_anybody(listener, now)
        if ring is None:
            return Script(None, [])
        acts = [(alike(now, ring.at, at), act) for at, act in ring.acts]
        if not ring.is_whole:
            acts += self._rest(ring, now)
        return Script(ring, acts)

    def gone_at(self, script: Script, now: float, *, up: bool) -> float:
        """Say when a leg is gone that is released now; `up`: it has been picked up."""
        ring = script.ring
        if ring is not None and ring.ended is not None and ring.up_when_released == up:
            since = ring.released
            if since is not None:
                return alike(now, since, ring.ended)
        return now + self._leave_seconds[up]

    def connected_at(self, script: Script, now: float) -> tuple[float, bool]:
        """Say when a leg that has just been accepted is in the bridge, and whether that works."""
        ring = script.ring
        if ring is not None:
            accepted = next((at for at, act in ring.acts if isinstance(act, OfferAccepted)), None)
            until = ring.connected if ring.connected is not None else ring.not_connected
            if accepted is not None and until is not None:
                return alike(now, accepted, until), ring.connected is not None
        return now + self._connect_seconds, True

    def pause(self, listener: str, now: float) -> Pause | None:
        """Say how the listener rests from a talk whose leg has gone now."""
        talk = next(nearest(self._talks.get(listener, []), now), None)
        return talk.pause if talk is not None else None

    def _of_anybody(self, listener: str, now: float) -> PastRing | None:
        """Draw a ring at this hour of the day, or at any, for somebody who was never rung."""
        rings = self._at_hour.get(_hour(now)) or self._all
        if not rings:
            return None
        number = self._drawn[listener] = self._drawn.get(listener, 0) + 1
        return stream(self._seed, "ring", listener, str(number)).choice(rings)

    def _rest(self, ring: PastRing, now: float) -> list[Act]:
        """Give what happens after a recorded ring was ended by somebody else."""
        up = ring.picked_up
        since = ring.at if up is None else up
        known_seconds = (ring.released or self._known_until) - since
        for other in nearest(self._of_listener[ring.listener], ring.at):
            other_since = other.at if up is None else other.picked_up
            if not other.is_whole or other_since is None:
                continue
            later = [
                (at - other_since, act)
                for at, act in other.acts
                if at > other_since and not isinstance(act, ListenerRang)
            ]
            lasted_seconds = later[0][0] if later else (other.released or 0.0) - other_since
            if lasted_seconds > known_seconds:
                begun = now + (since - ring.at)
                return [(begun + seconds, act) for seconds, act in later]
        return []


def _hour(at: float) -> int:
    return int(at // HOUR_SECONDS) % 24


def _leave_seconds(rings: Iterable[PastRing], *, up: bool) -> float:
    known = [
        ring.ended - ring.released
        for ring in rings
        if ring.up_when_released == up and ring.ended is not None and ring.released is not None
    ]
    return median(known) if known else LAST_WORDS_SECONDS * up


def _connect_seconds(rings: Iterable[PastRing]) -> float:
    known = [
        ring.connected - at
        for ring in rings
        if ring.connected is not None
        for at, act in ring.acts
        if isinstance(act, OfferAccepted)
    ]
    return median(known) if known else 0.0
