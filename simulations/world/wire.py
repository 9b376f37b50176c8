"""What lies between Asterisk and the engine: events on their way, or a link that is cut."""

from __future__ import annotations

from collections import deque
from random import Random

from router.core.events import AnyEvent
from simulations.clock import Clock

STALE_SECONDS = 6.0
"""So old may the daemon's heartbeat be before the dialplan takes it for dead (its contract)."""


class Wire:
    """Carries events to the engine in their order: at once, late, or not at all while it is cut."""

    def __init__(self, clock: Clock, doubled_share: float, chance: Random) -> None:
        self.pending: deque[AnyEvent] = deque()
        """What the engine is to take now."""
        self.on_its_way = 0
        """How many events are late and will still come."""
        self.cuts = 0
        """How many reasons there are for the engine to hear nothing."""
        self.stale_at = 0.0
        """With a cut: from when on the dialplan knows it."""
        self.late_seconds = 0.0
        """By how much all that is sent now comes late."""
        self._clock = clock
        self._last_due_at = 0.0
        self._times_cut = 0
        self._doubled_share = doubled_share
        self._chance = chance

    @property
    def linked(self) -> bool:
        """Say whether the engine hears and is obeyed."""
        return self.cuts == 0

    @property
    def is_faithful(self) -> bool:
        """Say whether the engine hears everything, and as it happens."""
        return self.cuts == 0 and self.late_seconds == 0.0 and self.on_its_way == 0

    def tell(self, event: AnyEvent) -> None:
        """Send an event of Asterisk's; it is lost while the wire is cut."""
        if self.cuts:
            return
        self._send(event)
        if self._doubled_share and self._chance.random() < self._doubled_share:
            self._send(event)

    def say(self, event: AnyEvent) -> None:
        """Give the engine what the daemon itself makes: it comes once, whatever the wire does."""
        self.pending.append(event)

    def cut(self) -> None:
        """Begin one more reason to hear nothing; what is on its way is lost."""
        self.cuts += 1
        self._times_cut += 1
        self.on_its_way = 0
        if self.cuts == 1:
            self.stale_at = self._clock.now + STALE_SECONDS

    def _send(self, event: AnyEvent) -> None:
        if self.is_faithful:
            self.pending.append(event)
            return
        self._last_due_at = max(self._clock.now + self.late_seconds, self._last_due_at)
        self.on_its_way += 1
        self._clock.call_at(self._last_due_at, self._come, event, self._times_cut)

    def _come(self, event: AnyEvent, times_cut: int) -> None:
        if times_cut == self._times_cut:
            self.on_its_way -= 1
            self.pending.append(event)
