"""The page's own files, read once. No build step: what lies here is what a browser gets."""

from __future__ import annotations

import hashlib
from functools import cached_property
from pathlib import Path
from string import Template
from typing import Final

from router.web.wallboard.language import Language

FOLDER: Final = Path(__file__).parent / "static"

_TYPES: Final = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}

DOOR_WORDS: Final[dict[Language, dict[str, str]]] = {
    "fr": {
        "title": "Tableau de décroche",
        "token": "Jeton du tableau",
        "enter": "Entrer",
        "ask": "Ce tableau se regarde avec un jeton. Il reste ensuite ouvert sur cet appareil.",
        "wrong": "Ce n'est pas le jeton. Il est dans le fichier que nomme token_file.",
        "proxy": "Ce tableau se regarde par le portail de l'association, pas directement.",
        "local": "Ce tableau ne se regarde que sur la machine où tourne décroche. Pour l'ouvrir "
        "ailleurs, voir docs/wallboard.md.",
    },
    "en": {
        "title": "decroche wallboard",
        "token": "Wallboard token",
        "enter": "Enter",
        "ask": "This wallboard opens with a token. It then stays open on this device.",
        "wrong": "That is not the token. It is in the file that token_file names.",
        "proxy": "This wallboard is seen by way of the association's portal, not directly.",
        "local": "This wallboard is seen only on the machine that runs decroche. To open it "
        "elsewhere, see docs/wallboard.md.",
    },
}


class Files:
    """What is served as it is, and the two pages."""

    def __init__(self, folder: Path = FOLDER) -> None:
        read = {path.name: path.read_bytes() for path in sorted(folder.iterdir())}
        self._board = Template(read.pop("board.html").decode())
        self._door = Template(read.pop("door.html").decode())
        self._form = Template(read.pop("form.html").decode())
        self.assets = {name: (content, _TYPES[Path(name).suffix]) for name, content in read.items()}

    @cached_property
    def version(self) -> str:
        """Give what changes whenever one of the files does."""
        templates = (self._board, self._door, self._form)
        parts = [one.template.encode() for one in templates]
        parts += [content for content, _ in self.assets.values()]
        return hashlib.sha256(b"\0".join(parts)).hexdigest()[:16]

    def board(self, language: Language) -> str:
        """Give the wallboard's page."""
        return self._board.substitute(lang=language)

    def door(self, language: Language, words: str, *, form: bool) -> str:
        """Give the page of those who are not let in; `words` says why, by its name."""
        of_language = DOOR_WORDS[language]
        said = {"lang": language, "words": of_language[words], **of_language}
        return self._door.substitute(said, form=self._form.substitute(said) if form else "")
