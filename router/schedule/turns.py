"""A rota: listeners who are on duty in turn."""

from __future__ import annotations

from datetime import date

from msgspec import Struct

from router.schedule.hours import Hours


class Swap(Struct, frozen=True):
    """Somebody takes the turn of another, from the first day up to and with the last."""

    first: date
    last: date
    listener: str


class Turns(Struct, frozen=True):
    """Who is on duty at these hours: the listeners in turn, each for so many days.

    Hours that run over midnight are of the day on which they begin, as is whoever is on duty.
    """

    begins: date
    """Before that day nobody is on duty."""
    every_days: int
    hours: Hours
    listeners: tuple[str, ...]
    swaps: tuple[Swap, ...] = ()

    def on_duty(self, day: date) -> str | None:
        """Name whose day it is; the later of two swaps holds."""
        if day < self.begins:
            return None
        for swap in reversed(self.swaps):
            if swap.first <= day <= swap.last:
                return swap.listener
        turn = (day - self.begins).days // self.every_days
        return self.listeners[turn % len(self.listeners)]
