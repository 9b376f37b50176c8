"""Which life of Asterisk's this is, told without a clock: a word that it loses as it dies.

A machine may come up with a clock that is behind, and put it right only later: by the times alone
callers whom Asterisk's death cut off would have come in after its start.
"""

from __future__ import annotations

import re
import secrets
from pathlib import Path
from typing import Final

import structlog

from router.ami import contract
from router.ami.link import AmiLink
from router.errors import AmiError

WORD: Final = re.compile(r"[0-9a-f]{16}")
WORD_BYTES: Final = 8

log = structlog.get_logger(__name__)


class PbxLife:
    """Holds the word that Asterisk has for this life, while a link to it is up."""

    def __init__(self) -> None:
        self.is_another = False
        """Whether Asterisk has died since a daemon was at it last."""
        self._path: Path | None = None
        self._link: AmiLink | None = None
        self._word: str | None = None
        self._last: str | None = None

    def keep_in(self, state_dir: Path) -> None:
        """Go on from the last life that a daemon has known, and let the next one do so."""
        self._path = state_dir / "pbx-life"
        try:
            self._last = _as_word(self._path.read_text(errors="replace"))
        except FileNotFoundError:
            pass
        except OSError as error:
            log.warning("pbx_life_unreadable", problem=error.strerror)

    def word(self) -> str | None:
        """Give it; None: there is no link, or Asterisk has not been asked, or keeps none."""
        return self._word

    def begin(self, link: AmiLink | None) -> None:
        """Know nothing as yet of whoever is at this link."""
        self._link, self._word, self.is_another = link, None, False

    async def tend(self, link: AmiLink) -> None:
        """Read the word, or give one to an Asterisk that has none: it is new, or began anew.

        Raises
        ------
        AmiError
            if the link goes down meanwhile.

        """
        word = await _read(link) or await _give(link, secrets.token_hex(WORD_BYTES))
        if link is self._link and word is not None:
            self._know(word)

    async def look(self, link: AmiLink) -> None:
        """Give it back to an Asterisk that is at the same link and has lost it.

        It lives: a reload of its dialplan takes all such words where `clearglobalvars` is set.
        """
        before = self._word
        try:
            if before is None:
                await self.tend(link)
            elif await _read(link) != before and link is self._link:
                await _give(link, before)
        except AmiError as error:
            log.debug("pbx_life_not_looked_at", problem=type(error).__name__)

    def _know(self, word: str) -> None:
        before, self._word, self._last = self._last, word, word
        self.is_another = before not in (None, word)
        if word == before or self._path is None:
            return
        try:
            self._path.write_text(word)
        except OSError as error:
            log.warning("pbx_life_unwritable", problem=error.strerror)


def _as_word(text: str) -> str | None:
    return text if WORD.fullmatch(text) else None


async def _read(link: AmiLink) -> str | None:
    answer = await link.send("Getvar", {"Variable": contract.LIFE})
    return None if answer.refused else _as_word(answer.get("Value"))


async def _give(link: AmiLink, word: str) -> str | None:
    """Have Asterisk keep it; what it says then counts, should two have given it one at once."""
    await link.send("Setvar", {"Variable": contract.LIFE, "Value": word})
    return await _read(link)
