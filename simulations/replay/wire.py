"""What lies between the people of a replay and the engine."""

from __future__ import annotations

from router.core.events import AnyEvent
from simulations.inbox import Inbox


class Wire(Inbox):
    """Carries what happens to the engine, or loses it while nothing is heard."""

    def __init__(self) -> None:
        super().__init__()
        self.linked = False
        """Whether the engine hears, and is obeyed; not before its first resync."""
        self._held: list[AnyEvent] = []

    def tell(self, event: AnyEvent) -> None:
        """Send an event of Asterisk's: lost while the link is."""
        if self.linked:
            self.pending.append(event)

    def leave_word(self, event: AnyEvent) -> None:
        """Tell a listener's own word: now, or else as soon as the link is back."""
        if self.linked:
            self.pending.append(event)
        else:
            self._held.append(event)

    def mend(self) -> None:
        """Have the engine hear again, first what was left for it."""
        self.linked = True
        self.pending.extend(self._held)
        self._held.clear()
