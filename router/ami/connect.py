"""Joining a caller and the listener who accepted, wherever in the dialplan the two legs are.

Only legs in a holding bridge are moved into one bridge: both then stay what they were, and go on in
their dialplan afterwards. A caller who hears words at that moment is first sent to hold.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from router.ami.contract import HOLD_CONTEXT
from router.ami.mirror import Mirror
from router.ami.pending import Fields
from router.core.events import AnyEvent, ConnectFailed


class Send(Protocol):
    """Sends an action, and tells an event if Asterisk refuses it."""

    def __call__(
        self, action: str, fields: Fields, if_refused: Callable[[], AnyEvent] | None = None
    ) -> None:
        """Send it."""


class Connector:
    """Waits until both legs can be joined, and joins them."""

    def __init__(self, mirror: Mirror, send: Send) -> None:
        self._mirror = mirror
        self._send = send
        self._wanted: dict[str, str] = {}

    def forget_all(self) -> None:
        """Give up whatever is not joined yet; the resync says what is to be done."""
        self._wanted.clear()

    def connect(self, call: str, offer: str) -> None:
        """Join these two as soon as both are held."""
        self._wanted[call] = offer
        if not self._mirror.held(call):
            join = {"Context": HOLD_CONTEXT, "Exten": "join", "Priority": "1"}
            self._send("Redirect", {"Channel": call, **join}, lambda: ConnectFailed(call, offer))

    def join_ready(self) -> None:
        """Join every wanted pair whose legs are both held now."""
        for call, offer in list(self._wanted.items()):
            if call not in self._mirror.calls or offer not in self._mirror.offers:
                del self._wanted[call]
            elif self._mirror.held(call) and self._mirror.held(offer):
                del self._wanted[call]
                self._bridge(call, offer)

    def _bridge(self, call: str, offer: str) -> None:
        pair = {"Channel1": call, "Channel2": offer, "Tone": "no"}
        self._send("Bridge", pair, lambda: ConnectFailed(call, offer))
