"""Joining a caller and the listener who accepted, wherever in the dialplan the two legs are.

Only legs in a holding bridge are moved into one bridge: both then stay what they were, and go on in
their dialplan afterwards. A caller's turn in hold may end at any instant, so the caller is first
sent to a bridge that is for this alone, and joined from there.

Asterisk may lose that order and still say "Redirect successful": where it comes just as the leg
goes from one step to the next, the step's own goto is written over it. So who does not come is
looked for, and sent anew.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Final, Protocol

import structlog

from router.ami.contract import ACCEPTED_BRIDGE, HOLD_CONTEXT, JOIN_BRIDGE
from router.ami.mirror import Mirror
from router.ami.pending import Fields
from router.core.events import AnyEvent, ConnectFailed

log = structlog.get_logger(__name__)

JOIN: Final = "join"
"""The extension by which a caller comes to the bridge for joining."""


class Send(Protocol):
    """Sends an action, and tells an event if Asterisk refuses it."""

    def __call__(
        self, action: str, fields: Fields, if_refused: Callable[[], AnyEvent] | None = None
    ) -> None:
        """Send it."""


class Ask(Protocol):
    """Asks Asterisk for a variable of a leg, and passes on what it answers, if it does."""

    def __call__(self, leg: str, variable: str, hear: Callable[[str], None]) -> None:
        """Ask it."""


class Connector:
    """Waits until both legs can be joined, and joins them."""

    def __init__(
        self, mirror: Mirror, send: Send, ask: Ask, tell: Callable[[AnyEvent], None]
    ) -> None:
        self._mirror = mirror
        self._send = send
        self._ask = ask
        self._tell = tell
        self._wanted: dict[str, str] = {}
        self._looked_at: dict[str, str] = {}
        """Those of the wanted ones who were so at the last look."""
        self._joining: dict[str, str] = {}

    def forget_all(self) -> None:
        """Give up whatever is not joined yet; the resync says what is to be done."""
        self._wanted.clear()
        self._looked_at.clear()
        self._joining.clear()

    def joined(self, call: str) -> None:
        """Note that this caller is in a bridge with a listener."""
        self._joining.pop(call, None)

    def is_joining(self, call: str) -> bool:
        """Say whether this caller is just being brought to a listener."""
        return call in self._wanted or call in self._joining

    def connect(self, call: str, offer: str) -> None:
        """Join these two as soon as both can be; asked twice, do it once."""
        if offer in (self._wanted.get(call), self._joining.get(call)):
            return
        if self._mirror.is_with_others(call):
            # Nobody is torn out of a talk, whoever it is with.
            self._tell(ConnectFailed(call, offer))
            return
        self._wanted[call] = offer
        # Being in the bridge for joining already, for an earlier listener, is not being there anew.
        self._mirror.send_elsewhere(call)
        self._send_to_join(call, offer)

    def withdraw(self, offer: str) -> None:
        """Join this listener, who is being dismissed, with nobody any more."""
        for pairs in (self._wanted, self._joining):
            for call in [call for call, other in pairs.items() if other == offer]:
                del pairs[call]

    def join_ready(self) -> None:
        """Join every wanted pair whose legs are both where they can be joined."""
        self._forget_gone(self._wanted)
        self._forget_gone(self._joining)
        for call, offer in list(self._wanted.items()):
            if self._ready(call, offer):
                self._joining[call] = self._wanted.pop(call)
                one, other = self._mirror.channel_of(call), self._mirror.channel_of(offer)
                pair = {"Channel1": one, "Channel2": other, "Tone": "no"}
                self._send("Bridge", pair, self._failed(call, offer))

    def look_again(self) -> None:
        """Find those who were to come since before the last look, and have not."""
        for call, offer in self._wanted.items():
            if self._looked_at.get(call) == offer and not self._is_there(call):
                self._ask(call, "EXTEN", partial(self._hear_where, call, offer))
        self._looked_at = dict(self._wanted)

    def _hear_where(self, call: str, offer: str, exten: str) -> None:
        """Send a caller anew who is not on the way: whoever is must not be torn out of a talk."""
        if self._wanted.get(call) == offer and not self._is_there(call) and exten != JOIN:
            log.info("redirect_lost", call=call)
            self._send_to_join(call, offer)

    def _send_to_join(self, call: str, offer: str) -> None:
        join = {"Context": HOLD_CONTEXT, "Exten": JOIN, "Priority": "1"}
        self._send("Redirect", {"Channel": call, **join}, self._failed(call, offer))

    def _is_there(self, call: str) -> bool:
        return self._mirror.held_in(call, JOIN_BRIDGE)

    def _ready(self, call: str, offer: str) -> bool:
        return self._is_there(call) and self._mirror.held_in(offer, ACCEPTED_BRIDGE)

    def _failed(self, call: str, offer: str) -> Callable[[], AnyEvent]:
        def failed() -> AnyEvent:
            for pairs in (self._wanted, self._joining):
                if pairs.get(call) == offer:
                    del pairs[call]
            return ConnectFailed(call, offer)

        return failed

    def _forget_gone(self, pairs: dict[str, str]) -> None:
        for call, offer in list(pairs.items()):
            if call not in self._mirror.calls or offer not in self._mirror.offers:
                del pairs[call]
