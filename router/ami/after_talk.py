"""What a listener hears who has keyed a call-back after a talk: whether it is noted."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, tzinfo

from router.ami import contract
from router.ami.connect import Send
from router.ami.mirror import Mirror
from router.ami.words import agreed_words
from router.core.commands import PromiseWords


class AfterTalk:
    """Sends the leg of a talk that is over to these words, if its listener still waits for them."""

    def __init__(self, mirror: Mirror, send: Send, clock: Callable[[], float]) -> None:
        self.zone: tzinfo = UTC
        """Where the site is: what time it is there is said."""
        self._mirror = mirror
        self._send = send
        self._clock = clock

    def tell(self, offer: str, words: PromiseWords) -> None:
        """Say whether it is noted; a leg that has not asked for it may have a call by now."""
        leg = self._mirror.offers.get(offer)
        if leg is None or not leg.awaits_word:
            return
        leg.awaits_word = False
        if leg.agreed_at is not None and words == "promised":
            at, now = (
                datetime.fromtimestamp(one, self.zone) for one in (leg.agreed_at, self._clock())
            )
            said = {"Variable": contract.AGREED, "Value": agreed_words(at, now)}
            self._send("Setvar", {"Channel": offer, **said})
        where = {"Context": contract.WRAP_UP_CONTEXT, "Exten": words, "Priority": "1"}
        self._send("Redirect", {"Channel": offer, **where})
