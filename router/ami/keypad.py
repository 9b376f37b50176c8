"""What a waiting caller keys: the dialplan passes it on as it is, and here it gets its meaning.

Digits end here: the engine and the journal learn whom or what the caller asks for.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Literal

from msgspec import Struct

from router.ami.mirror import Mirror
from router.ami.parse import BadMessage, as_code, as_key
from router.core.events import (
    AnyEvent,
    CallerAskedFor,
    CallerChose,
    CallerChoseSkills,
    CallerInShock,
    UsualChoice,
)
from router.core.policy import Skills
from router.core.promise_events import CallBackAsked

MAX_WRONG_CODES: Final = 3
"""A call. One for a slip, one for a doubt; who guesses has little, and each guess costs a call."""

_CHOICES: Final[dict[str, UsualChoice]] = {"wait": "wait", "another": "another"}

_CALL_BACK: Final = "call_back"
"""The choice to be called back, by that listener if it can be."""


class SkillChange(Struct, frozen=True):
    """What a line's key asks of a listener, and instead of which skills."""

    skills: Skills
    instead_of: tuple[str, ...] = ()


Meaning = SkillChange | Literal["shock", "call_back"]


class KeyBook(Struct, frozen=True):
    """What callers may key."""

    codes: Mapping[str, str]
    """Code to the name of the listener who has given it."""
    lines: Mapping[str, Mapping[str, Meaning]]
    """Line to key to what it means there."""


class Keypad:
    """Reads keys of calls that are known. Whatever is wrong with one is answered by nothing."""

    def __init__(self, mirror: Mirror) -> None:
        self.book = KeyBook(codes={}, lines={})
        self._mirror = mirror
        self._wrong_codes: dict[str, int] = {}

    def press(self, call: str, key: str) -> list[AnyEvent]:
        """Give what one key changes; nothing, if it means nothing on this line.

        Raises
        ------
        BadMessage
            if this is no key.

        """
        as_key(key)
        leg = self._mirror.calls.get(call)
        if leg is None:
            return []
        match self.book.lines.get(leg.line, {}).get(key):
            case None:
                return []
            case "shock":
                return [CallerInShock(call)]
            case "call_back":
                return [CallBackAsked(call)]
            case change:
                return [CallerChoseSkills(call, change.skills, change.instead_of)]

    def type_code(self, call: str, code: str) -> list[AnyEvent]:
        """Give whom a code asks for; nothing, if it is nobody's or too many were wrong before.

        Raises
        ------
        BadMessage
            if no caller can have typed this.

        """
        as_code(code)
        wrong = self._wrong_codes.get(call, 0)
        if call not in self._mirror.calls or wrong == MAX_WRONG_CODES:
            return []
        listener = self.book.codes.get(code)
        if listener is not None:
            return [CallerAskedFor(call, listener)]
        self._forget_ended()
        self._wrong_codes[call] = wrong + 1
        return []

    def choose(self, call: str, choice: str) -> list[AnyEvent]:
        """Give what a caller has chosen whose listener is busy.

        Raises
        ------
        BadMessage
            if that was not to be chosen.

        """
        chosen = _CHOICES.get(choice)
        if chosen is None and choice != _CALL_BACK:
            raise BadMessage("bad_choice")
        if call not in self._mirror.calls:
            return []
        return [CallerChose(call, chosen) if chosen is not None else CallBackAsked(call)]

    def _forget_ended(self) -> None:
        for call in [call for call in self._wrong_codes if call not in self._mirror.calls]:
            del self._wrong_codes[call]
