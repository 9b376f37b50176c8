"""A small trace made fit to be shown to others: it names nobody, and tells of nobody it needs not.

A journal of a site begins with a state that has every known caller, as a hash, and every listener.
What the breakage does without is left out of it; callers, listeners, pools and lines get names that
say nothing, the same everywhere. Each change is kept only if the trace still breaks the same rule.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from copy import deepcopy
from functools import partial
from typing import Any, Final

import msgspec
from msgspec import Struct

from router.core.entry import Entry, encode
from simulations.shrink.attempt import Attempt, attempt

Json = Any
"""A journal's own form: names stand in it as whole strings, or as keys."""

Change = Callable[[Json], Json]

LEFT_OUT: Final = ("acquaintances", "guilds", "promises")
"""What a state may do without."""

LEFT_OUT_OF_A_LISTENER: Final = ("habit", "shift", "rung_in_vain", "led_to", "last_talk")

NAMED_BY: Final = {
    "caller": (("caller", "last_caller"), ("by_caller",)),
    "listener": (("listener", "usual"), ("listeners",)),
    "pool": (("pool", "pools"), ()),
    "line": (("line",), ("lines",)),
}
"""Of each kind: the fields that hold a name, or several, and those whose keys are names."""


class Nameless(Struct):
    """The trace as it may be shown."""

    told: Attempt
    snapshot: bytes | None
    named: list[str]
    """The kinds whose names are still in it, since the breakage hangs on them."""


def nameless(smallest: Attempt, snapshot: bytes | None) -> Nameless:
    """Leave out of a trace, which breaks something, what it does without, and rename the rest."""
    trace = {
        "snapshot": None if snapshot is None else msgspec.json.decode(snapshot),
        "entries": [msgspec.json.decode(encode(entry)) for entry in smallest.stepped],
    }
    best = Nameless(smallest, snapshot, [])
    for change in _that_leave_out():
        trace, best, _ = _try(change, trace, best)
    for kind in NAMED_BY:
        trace, best, is_kept = _try(partial(_renamed, kind=kind), trace, best)
        if not is_kept:
            best.named.append(kind)
    return best


def _try(change: Change, trace: Json, best: Nameless) -> tuple[Json, Nameless, bool]:
    """Give the changed trace where it still breaks the same rule, or else the one before."""
    changed = change(deepcopy(trace))
    found = _attempted(changed)
    wanted = best.told.breakage
    assert wanted is not None, "there is something to keep"
    if found is None or found.told.breakage is None or not found.told.breakage.is_like(wanted):
        return trace, best, False
    found.named = best.named
    return changed, found, True


def _attempted(trace: Json) -> Nameless | None:
    """Run a trace; None where a change has made something of it that is no trace."""
    state = trace["snapshot"]
    snapshot = None if state is None else msgspec.json.encode(state)
    try:
        entries = msgspec.convert(trace["entries"], list[Entry])
        return Nameless(attempt(entries, snapshot), snapshot, [])
    except (msgspec.ValidationError, KeyError):
        return None


def _that_leave_out() -> Iterator[Change]:
    yield _without_strangers
    yield from (partial(_without, field=field) for field in LEFT_OUT)
    yield from (partial(_without_of_listeners, field=one) for one in LEFT_OUT_OF_A_LISTENER)
    yield _without_listeners_unnamed


def _without(trace: Json, *, field: str) -> Json:
    (trace["snapshot"] or {}).pop(field, None)
    return trace


def _without_of_listeners(trace: Json, *, field: str) -> Json:
    for listener in (trace["snapshot"] or {}).get("listeners", {}).values():
        listener.pop(field, None)
    return trace


def _without_strangers(trace: Json) -> Json:
    """Leave those out of the known callers whom nothing else names."""
    state = trace["snapshot"] or {}
    known = state.pop("acquaintances", {"by_caller": {}})["by_caller"]
    named = _names("caller", trace)
    state["acquaintances"] = {"by_caller": {one: known[one] for one in known if one in named}}
    return trace


def _without_listeners_unnamed(trace: Json) -> Json:
    """Leave listeners out, of the state and of its rules, whom nothing else names."""
    state = trace["snapshot"]
    if state is None:
        return trace
    lists = [state["listeners"], state["policy"]["listeners"]]
    state["listeners"], state["policy"]["listeners"] = {}, {}
    named = _names("listener", trace)
    state["listeners"], state["policy"]["listeners"] = (
        {name: listener for name, listener in people.items() if name in named} for people in lists
    )
    return trace


def _renamed(trace: Json, *, kind: str) -> Json:
    """Give the names of a kind numbers, in their own order, by which ties are decided."""
    old = sorted(_names(kind, trace))
    width = len(str(len(old)))
    new = {name: f"{kind}-{number:0{width}}" for number, name in enumerate(old, start=1)}
    return _with_names(trace, new)


def _with_names(part: Json, new: Mapping[str, str]) -> Json:
    if isinstance(part, dict):
        return {new.get(key, key): _with_names(value, new) for key, value in part.items()}
    if isinstance(part, list):
        return [_with_names(one, new) for one in part]
    return new.get(part, part) if isinstance(part, str) else part


def _names(kind: str, trace: Json) -> set[str]:
    fields, tables = NAMED_BY[kind]
    found: set[str] = set()
    for field, value in _fields(trace):
        if field in fields:
            found.update(_strings(value))
        elif field in tables:
            found.update(_strings([*value]))
    return found - {""}


def _fields(part: Json) -> Iterator[tuple[str, Json]]:
    """Give every field of every object, however deep."""
    if isinstance(part, dict):
        yield from part.items()
    inner: Iterable[Json] = part.values() if isinstance(part, dict) else part
    if isinstance(part, dict | list):
        for one in inner:
            yield from _fields(one)


def _strings(value: Json) -> Iterator[str]:
    yield from (
        one for one in (value if isinstance(value, list) else [value]) if isinstance(one, str)
    )
