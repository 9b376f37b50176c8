"""Whether a journal fits the engine that it is told to.

What the engine does not say again, because the journal lacks what made it say so or because it is
of another version, shows as soon as the journal speaks of a ring that the engine has not made.
"""

from __future__ import annotations

from typing import Final

from router.core import events
from router.core.commands import RingListener
from router.core.event import Event
from router.core.floor import State

OF_A_RING: Final = (
    events.ListenerRang,
    events.ListenerPickedUp,
    events.OfferAccepted,
    events.OfferDeclined,
    events.TalkStarted,
    events.ConnectFailed,
    events.HelpAsked,
    events.ConsultStarted,
)
"""What happens only to a ring that is there. The end of a leg may be heard twice."""


class Fit:
    """Knows each ring that was made, and for which call."""

    def __init__(self, state: State) -> None:
        self._call_of = {name: offer.call for name, offer in state.offers.items()}

    def go_on(self, state: State) -> None:
        """Know the rings of another state as well."""
        self._call_of.update((name, offer.call) for name, offer in state.offers.items())

    def rung(self, order: RingListener) -> None:
        """Note a ring that was ordered."""
        self._call_of[order.offer] = order.call

    def seen(self, event: events.PbxResynced) -> None:
        """Note the rings that Asterisk has."""
        for one in event.offers:
            self._call_of.setdefault(one.offer, one.call)

    def is_misfit(self, event: Event) -> bool:
        """Say of what the engine has refused whether it speaks of a ring that was never made."""
        if not isinstance(event, OF_A_RING):
            return False
        call = self._call_of.get(event.offer)
        return call is None or (isinstance(event, events.TalkStarted) and call != event.call)
