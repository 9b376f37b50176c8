"""The people at the far ends: how a listener treats a ringing phone, and what a caller does."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from simulations.pbx import causes

PATIENCE_SECONDS = 600.0
"""How long a caller waits for a human unless told otherwise."""


@dataclass(frozen=True)
class Ring:
    """What comes of one ring of one phone."""

    refusal: int | None = None
    """The cause by which it is refused at once; None: it rings."""
    picks_up_after_seconds: float | None = None
    """None: never."""
    key: str = ""
    """Pressed so long after picking up, if any."""
    key_after_seconds: float = 0.4
    leaves_after_seconds: float | None = None
    """Hangs up so long after picking up, whatever was heard."""
    talk_seconds: float | None = None
    """Ends the talk after so long; None: the caller does."""
    end: int = causes.HUNG_UP
    """The cause of that end."""


Manner = Callable[[], Ring]
"""How somebody treats their phone: asked at each ring."""


@dataclass(frozen=True)
class Caller:
    """Somebody who calls: hangs up after so long a talk, or so long without a human."""

    number: str
    line: str
    talk_seconds: float = PATIENCE_SECONDS
    patience_seconds: float = PATIENCE_SECONDS


@dataclass(frozen=True)
class MenuCaller:
    """A listener who calls the menu."""

    number: str
    keys: tuple[str, ...] = field(repr=False)
    """What is keyed each time that keys are asked for; the end is not to be keyed with it."""
    after_seconds: float = 1.0
    """From being asked to keying it."""


UNREACHABLE = Ring(refusal=causes.UNREACHABLE)
BUSY = Ring(refusal=causes.BUSY)
REJECTS = Ring(refusal=causes.REJECTED)
NEVER = Ring()


def answers(after_seconds: float = 0.2, key_after_seconds: float = 0.4) -> Ring:
    """Pick up, press 1, and talk until the caller hangs up."""
    return Ring(picks_up_after_seconds=after_seconds, key="1", key_after_seconds=key_after_seconds)


def drops(talk_seconds: float, after_seconds: float = 0.2) -> Ring:
    """Pick up, press 1, and lose the network in the talk."""
    return Ring(
        picks_up_after_seconds=after_seconds,
        key="1",
        talk_seconds=talk_seconds,
        end=causes.NETWORK_FAILED,
    )


def talks_for(talk_seconds: float, after_seconds: float = 0.2) -> Ring:
    """Pick up, press 1, and end the talk after so long."""
    return Ring(picks_up_after_seconds=after_seconds, key="1", talk_seconds=talk_seconds)


def presses(key: str, after_seconds: float = 0.2) -> Ring:
    """Pick up, and press that key."""
    return Ring(picks_up_after_seconds=after_seconds, key=key)


def voicemail(after_seconds: float = 0.2) -> Ring:
    """Let a machine pick up: it presses nothing."""
    return Ring(picks_up_after_seconds=after_seconds)


def leaves(after_seconds: float = 0.2) -> Ring:
    """Pick up, and hang up as the words begin."""
    return Ring(picks_up_after_seconds=after_seconds, leaves_after_seconds=0.3)
