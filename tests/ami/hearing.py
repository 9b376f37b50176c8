"""A translator with an ear for the words of Asterisk and the dialplan."""

from __future__ import annotations

import pytest

from router.ami.keypad import KeyBook, SkillChange
from router.ami.message import Message
from router.ami.mirror import Mirror
from router.ami.parse import BadMessage
from router.ami.translate import Translator
from router.core.events import AnyEvent
from router.store.vault import CallerHash
from tests.ami.words import CALL, CODE, HOLDING, NUMBER, OFFER, SEAL, say

hash_caller = CallerHash(b"a secret of at least 32 bytes, for tests").hash
CALLER = hash_caller(NUMBER)
BOOK = KeyBook(
    codes={CODE: "anne"},
    lines={"health": {"0": "shock", "2": SkillChange({"en": 1}, ("fr",))}},
)


class Ear:
    """A translator, and what it told."""

    def __init__(self) -> None:
        self.mirror = Mirror()
        self._translator = Translator(self.mirror, SEAL, hash_caller)
        self.keypad = self._translator.keypad
        self.wrap_up = self._translator.wrap_up
        self.typed_numbers = self._translator.typed_numbers
        self.keypad.book = BOOK

    def hear(self, *messages: Message) -> list[AnyEvent]:
        return [event for one in messages for event in self._translator.translate(one)]

    def hear_of_both(self) -> None:
        """Know a caller's leg in hold, and a listener's leg that was ordered for it."""
        self.hear(say("arrived"), say("hold", CALL))
        leg = self.mirror.offer(OFFER)
        leg.listener, leg.call = "anne", CALL

    def holds(self, leg: str) -> bool:
        """Say whether a leg is known to be in one of the holding bridges."""
        return any(self.mirror.held_in(leg, name) for name in HOLDING.values())

    def refuses(self, message: Message) -> str:
        """Give the reason for which a message is refused; nothing has changed then."""
        before = seen(self.mirror)
        with pytest.raises(BadMessage) as bad:
            self.hear(message)
        assert seen(self.mirror) == before
        return bad.value.reason


def seen(mirror: Mirror) -> str:
    """Give all that a mirror holds."""
    return repr(vars(mirror))
