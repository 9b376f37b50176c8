"""What a waiting caller is to hear, put where the dialplan looks for it: nothing is cut short."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from router.core.commands import OfferChoice, SayWhileWaiting

WORDS: Final = "DECROCHE_WORDS"
WAIT: Final = "DECROCHE_WAIT"
USUAL: Final = "DECROCHE_USUAL"


_STEP_MINUTES: Final = 5
"""To which a time is rounded up by which somebody will be called."""

CLOCK_PROMPTS: Final = (
    *(f"hour-{hour}" for hour in range(24)),
    *(f"minute-{minute}" for minute in range(1, 60)),
    "today",
    "tomorrow",
)

_LAST_ATTEMPT: Final = 5
"""That is counted in words."""

ATTEMPT_PROMPTS: Final = (
    *(f"attempt-{attempt}" for attempt in range(1, _LAST_ATTEMPT + 1)),
    "attempt-more",
)

CALL_BACK_PROMPTS: Final = CLOCK_PROMPTS + ATTEMPT_PROMPTS
"""What is named by the daemon where a line calls back."""


def waiting_words(
    command: OfferChoice | SayWhileWaiting, *, calls_back: bool = False
) -> tuple[str, str]:
    """Give the variable of the caller's leg, and its value, that carries a command out."""
    match command:
        case OfferChoice():
            return USUAL, "busy-call-back" if calls_back else "busy"
        case SayWhileWaiting():
            return WORDS, command.words


def due_words(due_at: datetime) -> str:
    """Give the sounds that say a time of day, never an earlier one than this."""
    early_minutes = due_at.minute % _STEP_MINUTES
    if early_minutes or due_at.second or due_at.microsecond:
        due_at += timedelta(minutes=_STEP_MINUTES - early_minutes)
    return _played(_clock(due_at.replace(minute=due_at.minute - due_at.minute % _STEP_MINUTES)))


def agreed_words(at: datetime, now: datetime) -> str:
    """Give the sounds that say when, today or tomorrow, somebody is to be called."""
    return _played(["today" if at.date() == now.date() else "tomorrow", *_clock(at)])


def owed_words(due_at: datetime, attempt: int) -> str:
    """Give the sounds that tell a listener by when a call is owed, and which attempt this is."""
    nth = str(attempt) if attempt <= _LAST_ATTEMPT else "more"
    return f"{due_words(due_at)}&{_played([f'attempt-{nth}'])}"


def _clock(at: datetime) -> list[str]:
    return [f"hour-{at.hour}", *([f"minute-{at.minute}"] if at.minute else [])]


def _played(prompts: list[str]) -> str:
    return "&".join(f"decroche/{prompt}" for prompt in prompts)
