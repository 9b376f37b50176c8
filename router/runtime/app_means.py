"""What the apps' desk acts by: the engine, the legs at Asterisk, and the directory."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, Literal

import structlog

from router.ami.act import Actor
from router.ami.contract import OFFER_CONTEXT
from router.config import Settings
from router.core.events import AnyEvent, OfferDeclined
from router.directory.departments import code_of
from router.directory.load import load_directory
from router.directory.nearest import nearest
from router.directory.shape import DirectoryFile
from router.errors import ConfigError
from router.presence.topics import Heard
from router.presence.words_in import LookUp
from router.presence.words_out import Answer, Found

log = structlog.get_logger(__name__)

MOST_FOUND: Final = 3
"""Entries that have a place, and as many that are there for everybody: what a telephone shows."""

MOST_TOLD: Final = 1_000
"""Events under way to the engine."""


class AppMeans:
    """Tells the engine, and remembers which events were an app's."""

    def __init__(
        self,
        actor: Actor,
        tell: Callable[[AnyEvent], None],
        send_answer: Callable[[str, Answer], None],
    ) -> None:
        self.orientations: dict[str, str] = {}
        self._actor = actor
        self._tell = tell
        self._send_answer = send_answer
        self._directory: DirectoryFile | None = None
        self._told: dict[int, tuple[AnyEvent, tuple[str, Heard] | None]] = {}

    def take(self, settings: Settings) -> None:
        """Go by this directory; a bad one is told of elsewhere, and the one before stays."""
        if settings.directory_file is None:
            self._directory, self.orientations = None, {}
            return
        try:
            self._directory = directory = load_directory(settings.directory_file)
        except ConfigError:
            return
        self.orientations = {entry.number: name for name, entry in directory.entries.items()}

    def tell(self, event: AnyEvent, said: tuple[str, Heard] | None = None) -> None:
        """Tell the engine what comes of what was said: whose word it is, and which."""
        while len(self._told) >= MOST_TOLD:
            del self._told[next(iter(self._told))]
        self._told[id(event)] = event, said
        self._tell(event)

    def was_an_apps(self, event: AnyEvent) -> bool:
        """Say whether an event that the engine has taken is one that was told here; asked once."""
        told, _ = self._told.pop(id(event), (None, None))
        return told is event

    def said(self, event: AnyEvent) -> tuple[str, Heard] | None:
        """Give by whose word, and which, an event was told that the engine has refused."""
        told, said = self._told.pop(id(event), (None, None))
        return said if told is event else None

    def press(self, offer: str, key: Literal["accept", "decline"]) -> None:
        """Lead a leg to where that key would have led it."""
        where = {"Context": OFFER_CONTEXT, "Exten": key, "Priority": "1"}
        self._actor.send("Redirect", {"Channel": offer, **where})

    def silence(self, declined: OfferDeclined) -> None:
        """End the ring of an offer that was declined meanwhile: no dialplan does so yet."""
        self._actor.send("Hangup", {"Channel": declined.offer})

    def answer(self, listener: str, answer: Answer) -> None:
        """Tell a listener's app what was found."""
        self._send_answer(listener, answer)

    def look_up(self, asked: LookUp) -> Answer:
        """Look for the nearest. Nothing is kept of it."""
        directory = self._directory
        if directory is None:
            return Answer(asked.request, (), "no_directory")
        code = code_of(asked.department)
        if code is None:
            return Answer(asked.request, (), "unknown_department")
        if asked.kind is not None and asked.kind not in directory.kinds:
            return Answer(asked.request, (), "unknown_kind")
        found = nearest(directory, code, asked.kind, MOST_FOUND)
        return Answer(
            asked.request,
            tuple(
                Found(one.number, one.name, one.kind, one.phone, one.department, away_km)
                for one, away_km in found
            ),
        )
