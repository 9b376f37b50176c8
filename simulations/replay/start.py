"""Where a journal can be begun: with a state, or with a daemon that starts."""

from __future__ import annotations

from msgspec.structs import replace

from router.core.events import EngineStarted
from router.errors import DecrocheError
from simulations.replay.journal import Journal


def from_a_start(journal: Journal) -> Journal:
    """Leave out what stands before the first state that is known.

    Raises
    ------
    DecrocheError
        if there is none in the whole journal.

    """
    if journal.snapshot is not None:
        return journal
    for index, entry in enumerate(journal.entries):
        if isinstance(entry.event, EngineStarted):
            return journal if index == 0 else _begun_at(journal, index)
    raise DecrocheError(
        f"{journal.source}, line {journal.first_line}: begins in the middle, and no daemon starts"
        " in it: who is on duty, and by which rules, is in no line. `decroche journal` writes the"
        " state too"
    )


def _begun_at(journal: Journal, index: int) -> Journal:
    line = journal.first_line + index
    note = (
        f"{journal.source}: begins in the middle; {index} entries before line {line}, where a"
        " daemon starts, are left out"
    )
    return replace(
        journal,
        entries=journal.entries[index:],
        first_line=line,
        notes=(*journal.notes, note),
    )
