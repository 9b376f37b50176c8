"""The number at which a caller wants to be called back, as they type it.

Its digits go from here to where they are sealed, and nowhere else: the engine has a hash of them.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Final

from router.ami.message import Message
from router.ami.mirror import CallerLeg, Mirror
from router.ami.parse import BadMessage
from router.core.events import AnyEvent
from router.core.promise_events import NumberTyped, WhyNotNoted

_NUMBER: Final = re.compile(r"[0-9]{1,15}")
"""As many digits as a number has anywhere, and as the dialplan reads."""

_TRIES: Final = {"1": 1, "2": 2, "3": 3}

NumberTaker = Callable[[str, CallerLeg, str, int], WhyNotNoted | None]
"""Is shown what a call's caller has typed, at which try, to be sealed; says why it is refused."""


def take_nothing(_call: str, _leg: CallerLeg, _number: str, _try: int) -> None:
    """Forget a number where nobody is called back."""


class TypedNumbers:
    """Reads what callers type whose calls are known."""

    def __init__(self, mirror: Mirror, hash_caller: Callable[[str], str | None]) -> None:
        self.take: NumberTaker = take_nothing
        self._mirror = mirror
        self._hash_caller = hash_caller

    def typed(self, call: str, message: Message) -> list[AnyEvent]:
        """Give that a number was typed, and by whom it would be answered.

        Raises
        ------
        BadMessage
            if no caller can have typed this.

        """
        number, which = message.get("Number"), _TRIES.get(message.get("Try"))
        if _NUMBER.fullmatch(number) is None or which is None:
            raise BadMessage("bad_number")
        leg = self._mirror.calls.get(call)
        if leg is None:
            return []
        caller = self._hash_caller(number)
        refused = self.take(call, replace(leg, caller=caller), number, which)
        return [NumberTyped(call, None if refused else caller, refused)]
