"""A state table as a Mermaid diagram, and what the code says of its words."""

from __future__ import annotations

import inspect
import re
import sys
from collections.abc import Iterator, Mapping
from dataclasses import fields
from typing import Any, Final

from msgspec import Struct

Table = Mapping[Any, Mapping[Any, str]]

SHARED_BY: Final = 4
"""A step that so many states have is drawn once, from a box that names them."""

_WORD = re.compile(r"^((?:    # [^\n]+\n)+)    \"(\w+)\",$", re.MULTILINE)
"""A word of a `Literal`, with the comment above it."""


class Drawing(Struct, frozen=True):
    """One table to be drawn."""

    name: str
    table: Table
    owner: type
    """Whose states these are; the words for them stand in its module."""
    field: str
    """Where it has its state."""

    @property
    def begins(self) -> str:
        """The state in which a new one is."""
        return next(str(one.default) for one in fields(self.owner) if one.name == self.field)


def diagram(drawing: Drawing) -> str:
    """Draw every state and every step of a table, and nothing else."""
    steps = "".join(f"    {step}\n" for step in _steps(drawing))
    return f"```mermaid\nstateDiagram-v2\n{steps}```\n"


def words(drawing: Drawing) -> str:
    """List what the code says of the words in a table; not all of them need it."""
    used = {*drawing.table, *(what for steps in drawing.table.values() for what in steps)}
    said = {
        word: " ".join(re.sub(r"^ +# ", "", comment, flags=re.MULTILINE).split())
        for comment, word in _WORD.findall(inspect.getsource(sys.modules[drawing.owner.__module__]))
        if word in used
    }
    return "".join(f"- `{word}`: {comment}\n" for word, comment in said.items())


def _steps(drawing: Drawing) -> Iterator[str]:
    shared = _shared(drawing.table)
    yield f"[*] --> {drawing.begins}"
    for state, steps in drawing.table.items():
        own: dict[str, list[str]] = {}
        for what, after in steps.items():
            if (what, after) not in shared:
                own.setdefault(after, []).append(what)
        for after, whats in own.items():
            yield f"{state} --> {after}: {', '.join(whats)}"
        if not steps:
            yield f"{state} --> [*]"
    for number, ((what, after), states) in enumerate(shared.items(), 1):
        yield f'state "{", ".join(states)}" as any{number}'
        yield f"any{number} --> {after}: {what}"


def _shared(table: Table) -> dict[tuple[str, str], list[str]]:
    """Give the steps that many states have in common: one arrow for each is a thicket."""
    sources: dict[tuple[str, str], list[str]] = {}
    for state, steps in table.items():
        for step in steps.items():
            sources.setdefault(step, []).append(state)
    return {step: states for step, states in sources.items() if len(states) >= SHARED_BY}
