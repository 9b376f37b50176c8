"""A promise: a call-back that is owed to a caller, from being noted until it is kept."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final, Literal

from router.core.promise_events import PromiseOrigin

LEG_PREFIX: Final = "dcb-"
"""Begins the unique id of every caller's leg that we dial: promise and attempt follow, so that
Asterisk itself refuses to make one attempt twice."""

PromiseState = Literal[
    # Its next attempt has a time.
    "waiting",
    # A listener is sought.
    "searching",
    # A listener has taken it, and the caller's phone rings.
    "dialling",
    "talking",
    # The caller is on the line, having rung us or answered our ring: that call shall keep it.
    "rang_back",
    # The attempts are used up: a senior sees to it by hand.
    "with_seniors",
    "kept",
    "cancelled",
]
"""Where a promise stands."""


PromiseInput = Literal[
    "due",
    # The caller is with us already, for something else: not now.
    "put_off",
    "taken",
    "listener_left",
    "not_reached",
    "used_up",
    "talked",
    "talk_over",
    "cut_off",
    "called_in",
    "left_again",
    "given_anew",
    "cancelled",
]
"""What can happen to a promise."""


PROMISE_TABLE: Final[dict[PromiseState, dict[PromiseInput, PromiseState]]] = {
    "waiting": {
        "due": "searching",
        "used_up": "with_seniors",
        "put_off": "waiting",
        "called_in": "rang_back",
        "given_anew": "waiting",
        "cancelled": "cancelled",
    },
    "searching": {
        "taken": "dialling",
        "used_up": "with_seniors",
        "put_off": "waiting",
        "called_in": "rang_back",
        "given_anew": "waiting",
        "cancelled": "cancelled",
    },
    "dialling": {
        "listener_left": "searching",
        "not_reached": "waiting",
        "put_off": "waiting",
        "used_up": "with_seniors",
        "called_in": "rang_back",
        "cancelled": "cancelled",
    },
    "talking": {"talk_over": "kept", "cut_off": "waiting"},
    "rang_back": {
        "talked": "talking",
        "left_again": "waiting",
        "not_reached": "waiting",
        "used_up": "with_seniors",
        "cancelled": "cancelled",
    },
    "with_seniors": {
        "called_in": "rang_back",
        "given_anew": "waiting",
        "cancelled": "cancelled",
    },
    "kept": {},
    "cancelled": {},
}


Happening = tuple[float, PromiseInput | Literal["noted"], str]
"""When, what, and more of it in a word: how an attempt ended, or who cancelled."""


NUMBER_LOST: Final = "number_lost"
"""Why attempts are at an end before they are used up, in a promise's history."""


@dataclass(slots=True)
class Promise:
    """A call-back that is owed. Times are epoch seconds. The number is not known here."""

    name: str
    line: str
    caller: str
    """A keyed hash."""
    origin: PromiseOrigin
    noted_at: float
    place_at: float
    """Since when the caller has waited, in the call that it came from or since it was asked for."""
    not_before: float
    due_by: float
    call: str | None = None
    """The call that it came from."""
    usual: str | None = None
    """The listener who shall call back, if that can be."""
    by_senior: bool = False
    """A senior is to call back."""
    state: PromiseState = "waiting"
    deadline: float | None = None
    attempts: int = 0
    """Since a senior has last given it anew."""
    dials: int = 0
    """Ever: each has a leg of its own."""
    leg: str | None = None
    """The caller's leg that is dialled or talking, or the call by which they rang back."""
    number_lost: bool = False
    """Nobody can be rung for it: no listener is, either."""
    history: list[Happening] = field(default_factory=list)

    @property
    def stands_apart(self) -> bool:
        """Say whether it is for a talk of its own: no other call or promise takes its place."""
        return self.by_senior or self.origin == "listener"
