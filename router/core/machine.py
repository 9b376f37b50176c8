"""State tables: what may follow what, and nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar

StateT = TypeVar("StateT", bound=str)
InputT = TypeVar("InputT", bound=str)


class EventRefused(Exception):  # noqa: N818 - it is the event that is refused, not our error
    """The base of what `Engine.step` raises: the event does not fit, and nothing has changed."""


class UnknownId(EventRefused):
    """The event names a call, an offer or a listener that the engine does not hold."""


class IllegalTransition(EventRefused):
    """The event cannot happen in the state that its subject is in."""


def follow(table: Mapping[StateT, Mapping[InputT, StateT]], state: StateT, what: InputT) -> StateT:
    """Give the state that `what` leads to.

    Raises
    ------
    IllegalTransition
        if the table has no such step.

    """
    try:
        return table[state][what]
    except KeyError:
        raise IllegalTransition(f"{what} cannot happen to what is {state}") from None
