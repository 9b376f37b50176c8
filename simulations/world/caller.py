"""A caller's leg, as Asterisk has it."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

from router.core.seen import SeenCall
from simulations.world.callers import Try
from simulations.world.legs import Leg
from simulations.world.listeners import Consult

Place = Literal["waiting", "aside", "fallback", "fallback_talking", "talking", "gone"]


class Caller(Struct, eq=False, gc=False):
    """A caller's leg."""

    name: str
    attempt: Try
    arrived: float
    talk_left_seconds: float
    place: Place = "waiting"
    partner: Leg | None = None
    helper: Leg | None = None
    """Whom the partner has brought in; with the place `aside`, the two confer."""
    consult: Consult | None = None
    """How it goes, once the partner has asked for a senior."""
    moves: int = 0
    """Rises with each change of place: what was to happen in the place before does not."""
    gives_up_at: float = 0.0
    """When patience is over, begun anew by a talk that was cut."""
    talking_since: float = 0.0
    talks: int = 0
    talk_seen: bool = False
    """The daemon knows of the talk that goes on."""
    answered_at: float | None = None
    answered_by: str | None = None
    """The listener; with an answer and no listener it was one of the fallback group."""
    acknowledged: bool = False
    """The engine has said that it has the call."""
    unheard: bool = False
    """The wire was cut or late while the caller was on the line: the engine knows it otherwise."""
    called_back: bool = False
    """We have rung them."""
    was_promised: bool = False
    """They have heard that they will be called back."""
    in_doubt: bool = False
    """Events could be lost while the caller was on the line: each turn of the hold loop counts."""

    def stay_with(self, leg: Leg | None) -> None:
        """Have one of two left."""
        self.partner, self.helper = leg, None

    def move(self, place: Place) -> int:
        """Be somewhere else, or there anew; gives what tells this stay from all others."""
        self.place = place
        self.moves += 1
        return self.moves

    @property
    def shown(self) -> str | None:
        """Give what the engine knows the person by; None where the number is withheld."""
        person = self.attempt.person
        return None if person.withheld else person.name


def seen(caller: Caller) -> SeenCall:
    """Give a caller's leg as a resync lists it."""
    place: Literal["waiting", "fallback", "talking"]
    if caller.place in ("waiting", "aside", "fallback"):
        place = "fallback" if caller.place == "fallback" else "waiting"
    else:
        place = "talking"
    return SeenCall(
        call=caller.name,
        line=caller.attempt.line,
        caller=caller.shown,
        arrived=caller.arrived,
        place=place,
        offer=caller.partner.name if caller.partner is not None and place == "talking" else None,
    )
