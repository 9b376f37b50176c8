"""At the start: what the store keeps of promises, held against what the engine knows of them."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field

from router.core.promise_events import PromiseNoted
from router.store.kept_numbers import (
    LIVE,
    PROMISES,
    TAKEN,
    Changes,
    Kept,
    LiveNumber,
    OwedNumber,
)


@dataclass(frozen=True)
class SortedOut:
    """What is to become of all that was found."""

    owed: dict[str, OwedNumber]
    """Promises that stand."""
    told_again: list[PromiseNoted]
    """Those of them that the engine does not know: the journal was lost, or never had them."""
    live: dict[str, LiveNumber]
    over: dict[str, LiveNumber] = field(default_factory=dict)
    """Calls with a talk that are over: their listeners may still promise to call back."""
    keys_to_erase: set[str] = field(default_factory=set)
    changes: Changes = field(default_factory=dict)


def sort_out(
    kept: Kept,
    keys: Collection[str],
    *,
    older: Collection[str],
    known: Collection[str],
    over: Collection[str] = (),
    journal_lost: bool,
    fits: bool = True,
) -> SortedOut:
    """Decide. A promise whose data key is gone was closed, or never confirmed: it is none.

    Parameters
    ----------
    kept
        what the store holds.
    keys
        the data keys that were there once that was read.
    older
        those of them that were there when the daemon started.
    known
        the promises that the engine holds.
    over
        promises that were closed, and calls that ended, before this was read.
    journal_lost
        the engine knows nothing of the past. Otherwise a promise that it has taken once and holds
        no more was kept, and the daemon died before its number was erased.
    fits
        the store is the one whose numbers these keys open.

    """
    kept_already = set() if journal_lost else kept.taken - set(known)
    owed = {
        name: one
        for name, one in kept.promises.items()
        if one.number.key in keys and name not in kept_already and name not in over
    }
    calls = {call: one for call, one in kept.live.items() if one.number.key in keys}
    live = {call: one for call, one in calls.items() if one.over_at is None and call not in over}
    talked = {call: one for call, one in calls.items() if call not in live and _has_talked(one)}
    needed = {one.number.key for found in (owed, live, talked) for one in found.values()}
    return SortedOut(
        owed=owed,
        told_again=[noted(name, one) for name, one in owed.items() if name not in known],
        live=live,
        over=talked,
        # With a record that cannot be read, whose key is whose is not known.
        keys_to_erase=set(older) - needed if fits and not kept.unreadable else set(),
        changes=_mended(kept, owed, {*live, *talked}, known),
    )


def _has_talked(call: LiveNumber) -> bool:
    return call.over_at is not None or call.listener is not None


def _mended(
    kept: Kept, owed: Collection[str], calls: Collection[str], known: Collection[str]
) -> Changes:
    """Give what is to be taken out of the store, and what the engine has by now."""
    changes: Changes = {(PROMISES, name): None for name in kept.promises if name not in owed}
    changes |= {(LIVE, call): None for call in kept.live if call not in calls}
    changes |= {(TAKEN, name): None for name in kept.taken if name not in owed}
    newly = [name for name in owed if name in known and name not in kept.taken]
    return changes | {(TAKEN, name): b"1" for name in newly}


def noted(name: str, promise: OwedNumber) -> PromiseNoted:
    """Give a stored promise as the event that tells the engine of it."""
    return PromiseNoted(
        promise=name,
        line=promise.line,
        caller=promise.caller,
        origin=promise.origin,
        place_at=promise.place_at,
        not_before=promise.not_before,
        due_by=promise.due_by,
        call=promise.call,
        usual=promise.usual,
        by_senior=promise.by_senior,
    )
