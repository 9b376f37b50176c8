"""What lies between Asterisk and the engine: events on their way, or a link that is cut."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from router.core.events import AnyEvent
from simulations.clock import Clock
from simulations.inbox import Inbox
from simulations.world.noise import Noise

STALE_SECONDS = 6.0
"""So old may the daemon's heartbeat be before the dialplan takes it for dead (its contract)."""


class Wire(Inbox):
    """Carries events to the engine: at once, late, or not at all while it is cut."""

    def __init__(self, clock: Clock, noise: Noise, doubled_share: float, chance: Random) -> None:
        super().__init__()
        self.on_its_way = 0
        """How many events are late and will still come."""
        self.cuts = 0
        """How many reasons there are for the engine to hear nothing."""
        self.stale_at = 0.0
        """With a cut: from when on the dialplan knows it."""
        self.late_seconds = 0.0
        """By how much all that is sent now comes late."""
        self.noise = noise
        self.times_cut = 0
        self._clock = clock
        self._reads: Callable[[AnyEvent], bool] | None = None
        self._last_due_at = 0.0
        self._doubled_share = doubled_share
        self._chance = chance
        self._is_plain = doubled_share == 0.0
        """What comes through goes to the engine, and once."""

    @property
    def linked(self) -> bool:
        """Say whether the engine hears and is obeyed."""
        return self.cuts == 0

    @property
    def is_faithful(self) -> bool:
        """Say whether the engine hears everything, and as it happens."""
        is_prompt = self.cuts == 0 and self.late_seconds == 0.0 and self.on_its_way == 0
        return is_prompt and self.noise.is_quiet

    @property
    def in_order_at(self) -> float:
        """Give the second at which what is sent now comes, after all that was sent in order."""
        return max(self._clock.now + self.late_seconds, self._last_due_at)

    def be_read_by(self, reads: Callable[[AnyEvent], bool]) -> None:
        """Have each event that comes read; it is False where it means nothing to the engine."""
        self._reads = reads
        self._is_plain = False

    def tell(self, event: AnyEvent) -> None:
        """Send an event of Asterisk's; it is lost while the wire is cut."""
        delay_seconds = 0.0 if self.noise.is_quiet else self.noise.delay_seconds()
        if delay_seconds == 0.0:
            self.tell_surely(event)
        elif delay_seconds is not None and not self.cuts:
            due_at = self._clock.now + self.late_seconds + delay_seconds
            self._send(event, due_at)
            if self._is_doubled():
                self._send(event, due_at)

    def tell_surely(self, event: AnyEvent) -> None:
        """Send what no noise can touch: it keeps its order, and is lost by a cut alone."""
        if self.cuts:
            return
        if self._is_plain and self.on_its_way == 0 and self.late_seconds == 0.0:
            self.pending.append(event)
            return
        self._send_in_order(event)
        if self._is_doubled():
            self._send_in_order(event)

    def cut(self) -> None:
        """Begin one more reason to hear nothing; what is on its way is lost."""
        self.cuts += 1
        self.times_cut += 1
        self.on_its_way = 0
        if self.cuts == 1:
            self.stale_at = self._clock.now + STALE_SECONDS

    def _is_doubled(self) -> bool:
        return self._doubled_share > 0.0 and self._chance.random() < self._doubled_share

    def _send_in_order(self, event: AnyEvent) -> None:
        if self.on_its_way == 0 and self.late_seconds == 0.0:
            self._arrive(event)
        else:
            self._last_due_at = self.in_order_at
            self._send(event, self._last_due_at)

    def _send(self, event: AnyEvent, due_at: float) -> None:
        self.on_its_way += 1
        self._clock.call_at(due_at, self._come, event, self.times_cut)

    def _come(self, event: AnyEvent, times_cut: int) -> None:
        if times_cut == self.times_cut:
            self.on_its_way -= 1
            self._arrive(event)

    def _arrive(self, event: AnyEvent) -> None:
        if self._reads is None or self._reads(event):
            self.pending.append(event)
