"""Which callers are known, and to whom: by keyed hash, never by number."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

MAX_ACQUAINTANCES: Final = 100_000
"""About five years of the service's callers; the one seen longest ago makes room."""

DAY_SECONDS: Final = 86_400.0


@dataclass(frozen=True, slots=True)
class Acquaintance:
    """Who last talked with a caller, and when (epoch seconds)."""

    listener: str
    talked_at: float


@dataclass(slots=True)
class Acquaintances:
    """The callers who have talked with us, the one seen longest ago first."""

    by_caller: dict[str, Acquaintance] = field(default_factory=dict)

    def remember(self, caller: str | None, listener: str, now: float, known_days: float) -> None:
        """Note that this caller talks with this listener now. A withheld number is nobody.

        Whoever has not talked with us for longer than `known_days` is forgotten for good.
        """
        if caller is None:
            return
        self._forget_before(now - known_days * DAY_SECONDS)
        self.by_caller.pop(caller, None)
        self.by_caller[caller] = Acquaintance(listener, now)
        if len(self.by_caller) > MAX_ACQUAINTANCES:
            del self.by_caller[next(iter(self.by_caller))]

    def forget(self, caller: str) -> None:
        """Know this caller no more."""
        self.by_caller.pop(caller, None)

    def _forget_before(self, at: float) -> None:
        gone: list[str] = []
        for caller, met in self.by_caller.items():
            if met.talked_at >= at:
                break
            gone.append(caller)
        for caller in gone:
            del self.by_caller[caller]

    def listener_of(self, caller: str | None, now: float, known_days: float) -> str | None:
        """Give whom this caller last talked with, if within `known_days`; else None."""
        if caller is None:
            return None
        met = self.by_caller.get(caller)
        if met is None or now - met.talked_at > known_days * DAY_SECONDS:
            return None
        return met.listener
