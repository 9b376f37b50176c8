"""What listeners want, and whether an app is there: a hint, for the phone may ring all the same."""

from __future__ import annotations

from router.core.event import Event


class DutyWord(Event, frozen=True, omit_defaults=True):
    """The base of what tells whether a listener wants calls: the latest word counts."""

    listener: str
    said_at: float | None = None
    """Epoch seconds: when it was said, or the shift began or ended; None: as it is told."""


class ListenerUnheard(Event, frozen=True):
    """The app of a listener, which was there, has fallen silent."""

    listener: str


class ListenerHeard(Event, frozen=True):
    """The app of a listener is there again."""

    listener: str


PresenceEvent = ListenerUnheard | ListenerHeard
