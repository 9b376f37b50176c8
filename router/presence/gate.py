"""Who may say what, how much and how often. All that comes is hostile until it is through."""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from typing import Final

import msgspec

from router.presence.refusals import RefusedMessage, bad_field
from router.presence.topics import read_topic
from router.presence.words_in import RETAINED, SHAPES, AnyMessage

LONGEST_BYTES: Final = 1024
BURST_MESSAGES: Final = 20
"""At a connection an app says all that it knows; a listener presses no faster than that."""
MESSAGES_A_SECOND: Final = 1.0


class Gate:
    """Lets in what the listeners of this site may say."""

    def __init__(self) -> None:
        self.listeners: AbstractSet[str] = frozenset()
        self._tokens: dict[str, tuple[float, float]] = {}
        """By listener, those of the site alone: how many were left, and when."""

    def admit(
        self, topic: str, payload: bytes, now: float, *, retained: bool
    ) -> tuple[str, AnyMessage] | None:
        """Give who says what; None where a retained message was taken away.

        Raises
        ------
        RefusedMessage
            if it is nothing that anybody may say.

        """
        read = read_topic(topic)
        if read is None:
            raise RefusedMessage("bad_topic")
        listener, word = read
        if listener not in self.listeners:
            raise RefusedMessage("unknown_listener")
        self._pay(listener, now)
        if len(payload) > LONGEST_BYTES:
            raise RefusedMessage("too_large")
        if retained and word not in RETAINED:
            raise RefusedMessage("retained")
        if not payload and word in RETAINED:
            return None
        try:
            return listener, msgspec.json.decode(payload, type=SHAPES[word])
        except msgspec.ValidationError as error:
            raise RefusedMessage("malformed", bad_field(error, SHAPES[word])) from None
        except (msgspec.DecodeError, RecursionError, UnicodeDecodeError):
            raise RefusedMessage("malformed") from None

    def _pay(self, listener: str, now: float) -> None:
        left, since = self._tokens.get(listener, (float(BURST_MESSAGES), now))
        left = min(float(BURST_MESSAGES), left + max(0.0, now - since) * MESSAGES_A_SECOND)
        self._tokens[listener] = (max(0.0, left - 1.0), now)
        if left < 1.0:
            raise RefusedMessage("flood")
