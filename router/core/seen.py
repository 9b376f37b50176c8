"""What Asterisk holds of ours, as a resync sees it."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct


class SeenCall(Struct, frozen=True):
    """A caller's leg that Asterisk holds now."""

    call: str
    line: str
    caller: str | None
    arrived: float
    place: Literal["waiting", "fallback", "talking"]
    offer: str | None = None
    """With `talking`: the leg in the same bridge."""


class SeenOffer(Struct, frozen=True):
    """A listener's leg that Asterisk holds now."""

    offer: str
    listener: str
    call: str
    stage: Literal["ringing", "picked_up", "accepted", "talking"]
