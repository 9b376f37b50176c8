"""A trace as a story: one line an event, and the rule that it broke at the end."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from msgspec.structs import asdict

from router.core.events import AnyEvent, PbxResynced, PolicyLoaded
from simulations.shrink.attempt import Attempt, Couple

_WORD = re.compile(r"(?<=[a-z])(?=[A-Z])")

_UNTOLD = {"caller", "arrived"}
"""Who called is nobody's business, and when is in the time of the event."""


def story(told: Attempt) -> Iterator[str]:
    """Give the lines."""
    assert told.breakage is not None, "there is something to tell"
    began = told.stepped[0].at if told.stepped else 0.0
    for entry in told.stepped:
        yield f"{entry.at - began:+12.3f} s  {_words(entry.event, told.couples)}"
    yield f"broken: {told.breakage.words}"


def _words(event: AnyEvent, couples: Mapping[str, Couple]) -> str:
    kind = _WORD.sub(" ", type(event).__name__).lower()
    details = ", ".join(_details(event, couples))
    return f"{kind}: {details}" if details else kind


def _details(event: AnyEvent, couples: Mapping[str, Couple]) -> Iterator[str]:
    if isinstance(event, PolicyLoaded):
        yield _named("lines", list(event.policy.lines))
        yield _named("listeners", list(event.policy.listeners))
    elif isinstance(event, PbxResynced):
        yield _named("calls", [f"{seen.call} {seen.place}" for seen in event.calls])
        yield _named("legs", [f"{seen.offer} {seen.stage}" for seen in event.offers])
    else:
        fields: dict[str, Any] = asdict(event)
        yield from (f"{name} {value}" for name, value in fields.items() if name not in _UNTOLD)
        couple = couples.get(fields.get("offer", ""))
        if couple is not None:
            yield f"{couple[1]} for {couple[0]}"


def _named(what: str, names: Sequence[str]) -> str:
    return f"{what} {' '.join(names)}" if names else f"no {what}"
