"""A journal told once more to an engine: anew from each state that it does not lead to.

Of a time without the store, or of a daemon of another version, the journal does not tell all. From
the next state that was kept the engine knows again what there is.
"""

from __future__ import annotations

from collections.abc import Iterator

import msgspec
from msgspec.structs import replace

from router.core.engine import Engine
from router.core.entry import Entry
from router.core.floor import State
from router.errors import DecrocheError
from router.past.journal import Journal, Waymark


def begin(journal: Journal) -> tuple[Engine, Journal]:
    """Give the engine that a journal begins with, and what is to be told to it.

    What comes before the first state that this version can read is left out.

    Raises
    ------
    DecrocheError
        if it begins with a state, and can read none.

    """
    if journal.snapshot is None:
        return Engine(), journal
    try:
        return Engine.restore(journal.snapshot), journal
    except msgspec.MsgspecError as error:
        for mark in journal.waymarks:
            if mark.index < len(journal.entries) and (engine := _restored(mark.state)) is not None:
                return engine, begun_at(journal, mark.index, mark.state)
        raise DecrocheError(
            f"{journal.source}: begins with a state that this version cannot read: {error}"
        ) from error


def stretches(journal: Journal) -> Iterator[tuple[Waymark | None, tuple[Entry, ...]]]:
    """Give the entries in their order, and with them the state that was kept right before them."""
    mark: Waymark | None = None
    told = 0
    for following in journal.waymarks:
        yield mark, journal.entries[told : following.index]
        mark, told = following, following.index
    yield mark, journal.entries[told:]


def begun_anew(engine: Engine, mark: Waymark) -> Engine | None:
    """Give the engine of a state; None where the one there is has come to the same by itself.

    So it goes on where the state cannot be read, too.
    """
    held = engine.snapshot()
    if held == mark.state:
        return None
    restored = _restored(mark.state)
    # A state of another version may say the same in other words.
    return restored if restored is not None and restored.snapshot() != held else None


def tells_all(last: State, mark: Waymark, following: State) -> bool:
    """Say whether nothing is missing, as far as is known, between what was told and a state."""
    same = last.calls.keys() == following.calls.keys()
    return same and last.calls_entered == following.calls_entered and not mark.begins


def _restored(state: bytes) -> Engine | None:
    try:
        return Engine.restore(state)
    except msgspec.MsgspecError:
        return None


def begun_at(journal: Journal, index: int, state: bytes | None = None) -> Journal:
    """Give a journal without its first entries: it begins with this state, or with none."""
    waymarks = (
        replace(one, index=one.index - index) for one in journal.waymarks if one.index > index
    )
    return replace(
        journal,
        entries=journal.entries[index:],
        snapshot=state,
        first_line=journal.line_of(index),
        waymarks=tuple(waymarks),
    )
