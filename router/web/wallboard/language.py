"""Which of the page's languages a browser asks for. French unless it would rather have English."""

from __future__ import annotations

from typing import Final, Literal

Language = Literal["fr", "en"]

_LONGEST: Final = 200
"""Characters of the header that are read."""


def language_of(accepted: str) -> Language:
    """Read an `Accept-Language` header."""
    weights: dict[str, float] = {}
    for part in accepted[:_LONGEST].split(","):
        tag, _, rest = part.strip().partition(";")
        weight = _weight(rest.strip())
        name = tag.strip().lower().partition("-")[0]
        weights[name] = max(weight, weights.get(name, 0.0))
    return "en" if weights.get("en", 0.0) > weights.get("fr", weights.get("*", 0.0)) else "fr"


def _weight(parameter: str) -> float:
    if not parameter:
        return 1.0
    try:
        return float(parameter.removeprefix("q="))
    except ValueError:
        return 0.0
