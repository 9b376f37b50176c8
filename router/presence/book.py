"""Whose word on a listener is the latest, and whose app is there."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Final, Literal

from router.core.floor import State
from router.core.shift import LONGEST_SHIFT_SECONDS
from router.presence.refusals import RefusedMessage

AHEAD_SECONDS: Final = 10.0
"""By which an app's clock may be ahead of ours."""

COMMAND_SECONDS: Final = 30.0
"""After which what was pressed is no longer meant: a ring is over by then."""

Presence = Literal["online", "unknown"]


class Book:
    """Instants are epoch seconds. The latest word counts, whoever gave it: phone, shift or app."""

    def __init__(self) -> None:
        self._spoken_at: dict[str, float] = {}
        self._presence: dict[str, Presence] = {}

    def begin(self, said_at: Mapping[str, float]) -> None:
        """Begin with when an earlier life of the daemon has last heard each listener's word."""
        self._spoken_at = dict(said_at)

    def others_word(self, listener: str, now: float) -> None:
        """Note that the phone menu, or the shift, has told what a listener does."""
        # An app whose clock is ahead shall not outrank what is said after it.
        self._spoken_at[listener] = max(now, self._spoken_at.get(listener, 0.0))

    def apps_word(self, listener: str, at: float, now: float) -> bool:
        """Take an app's word; say whether it is news.

        Raises
        ------
        RefusedMessage
            if a later word is known, it is older than any shift, or it is of the future.

        """
        refuse_future(at, now)
        spoken_at = self._spoken_at.get(listener, 0.0)
        if at < spoken_at or at < now - LONGEST_SHIFT_SECONDS:
            raise RefusedMessage("outdated")
        self._spoken_at[listener] = at
        return at > spoken_at

    def app_is(self, listener: str, presence: Presence) -> None:
        """Note whether an app is there. Silence is no word: what the listener wants stays."""
        self._presence[listener] = presence

    def is_there(self, listener: str) -> bool:
        """Say whether their app was there when it was last heard of, by this broker."""
        return self._presence.get(listener) == "online"

    def nobody_is_heard(self) -> None:
        """Note that the broker is gone: of no app is known any more whether it is there."""
        self._presence = dict.fromkeys(self._presence, "unknown")

    def presences(self) -> Counter[Presence]:
        """Count the apps that were ever heard of."""
        return Counter(self._presence.values())


def last_words(state: State) -> dict[str, float]:
    """Give when each listener's word was last heard; where that is not known, it was just now."""
    said_at = {
        name: state.now if one.duty_said_at is None else one.duty_said_at
        for name, one in state.listeners.items()
        # Of who has never been on duty, no word can be outdated.
        if one.duty_said_at is not None or one.shift.began_at > 0.0
    }
    return {name: at - state.set_back_seconds for name, at in said_at.items()}


def refuse_future(at: float, now: float) -> None:
    """Refuse what is dated ahead of our clock."""
    if at > now + AHEAD_SECONDS:
        raise RefusedMessage("future")


def refuse_unless_now(at: float, now: float) -> None:
    """Refuse what was not said just now."""
    refuse_future(at, now)
    if at < now - COMMAND_SECONDS:
        raise RefusedMessage("outdated")
