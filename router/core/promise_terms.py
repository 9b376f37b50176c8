"""By what a promise stands, as whoever keeps its number is to know it."""

from __future__ import annotations

from router.core.floor import State
from router.core.promise import Promise
from router.core.promise_commands import PromiseTerms


def terms_held(state: State) -> dict[str, PromiseTerms]:
    """Give by what each promise stands."""
    held = state.promises.items()
    return {name: terms_of(promise, state.set_back_seconds) for name, promise in held}


def terms_of(promise: Promise, set_back_seconds: float) -> PromiseTerms:
    """Give by what a promise stands; its times by the clock."""
    return PromiseTerms(
        promise=promise.name,
        caller=promise.caller,
        origin=promise.origin,
        place_at=promise.place_at - set_back_seconds,
        not_before=promise.not_before - set_back_seconds,
        due_by=promise.due_by - set_back_seconds,
        usual=promise.usual,
    )
