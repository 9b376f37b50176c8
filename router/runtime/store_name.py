"""Whether the store that came up is the one whose numbers the keys beside it open.

A store that comes up empty, or is another one, names none of the keys: to erase them as needless
would make the promises unreadable for good that ops are about to bring back.
"""

from __future__ import annotations

import secrets
from typing import Final

import structlog

from router.runtime.number_writer import NumberWriter
from router.store.data_keys import DataKeys
from router.store.kept_numbers import NAME, Changes

NAME_BYTES: Final = 8

log = structlog.get_logger(__name__)


class StoreName:
    """Gives a store a name, and keeps that beside the keys."""

    def __init__(self, keys: DataKeys, writer: NumberWriter) -> None:
        self._keys = keys
        self._writer = writer
        self._fitting: str | None = None
        """The name of the store that was found to be theirs; None: none was."""

    def fits(self, stored: str | None) -> bool:
        """Say whether the store of this name is that of the keys; it is, if they have none yet."""
        try:
            ours = self._keys.store()
        except OSError as error:
            log.error("number_not_kept", problem=str(error))
            return False
        if ours is not None and ours != stored:
            log.error("store_of_other_keys", effect="no key is erased, until ops have looked")
            return False
        self._fitting = ours or stored or secrets.token_hex(NAME_BYTES)
        if ours is None:
            self._name(self._fitting)
        return True

    def row(self) -> Changes:
        """Give what a store is to hold of it that has to be given back all that it held."""
        return {} if self._fitting is None else {(NAME, "name"): self._fitting.encode()}

    def _name(self, name: str) -> None:
        # First the store: keys that have a name which no store has would be an alarm.
        self._writer.insist(
            self.row,
            lambda: self._writer.insist(lambda: self._named(name)),
        )

    def _named(self, name: str) -> Changes:
        self._keys.belong_to(name)
        return {}
