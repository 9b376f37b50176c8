"""The clock of the wall. Own time runs ahead of it for a while after it was set back."""

from __future__ import annotations

from router.core.floor import State


def on_the_clock(state: State) -> float:
    """Give the epoch second that the clock showed in this state."""
    return state.now - state.set_back_seconds
