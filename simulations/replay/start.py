"""Where a journal can be begun: with a state, or with a daemon that starts."""

from __future__ import annotations

from msgspec.structs import replace

from router.core.events import EngineStarted
from router.errors import DecrocheError
from router.past.journal import Journal
from router.past.telling import begin, begun_at


def from_a_start(journal: Journal) -> Journal:
    """Leave out what stands before the first state that is known.

    Raises
    ------
    DecrocheError
        if there is none in the whole journal.

    """
    if journal.snapshot is not None:
        _, begun = begin(journal)
        left_out = len(journal.entries) - len(begun.entries)
        return _noted(begun, left_out, "a state of this version is") if left_out else begun
    for index, entry in enumerate(journal.entries):
        if isinstance(entry.event, EngineStarted):
            begun = begun_at(journal, index)
            return _noted(begun, index, "a daemon starts") if index else journal
    raise DecrocheError(
        f"{journal.source}, line {journal.first_line}: begins in the middle, and no daemon starts"
        " in it: who is on duty, and by which rules, is in no line. `decroche journal` writes the"
        " state too"
    )


def _noted(begun: Journal, left_out: int, what: str) -> Journal:
    note = (
        f"{begun.source}: begins in the middle; {left_out} entries before line"
        f" {begun.line_of(0)}, where {what}, are left out"
    )
    return replace(begun, notes=(*begun.notes, note))
