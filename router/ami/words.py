"""What a waiting caller is to hear, put where the dialplan looks for it: nothing is cut short."""

from __future__ import annotations

from typing import Final

from router.core.commands import OfferChoice, SayWhileWaiting

WORDS: Final = "DECROCHE_WORDS"
WAIT: Final = "DECROCHE_WAIT"
USUAL: Final = "DECROCHE_USUAL"


def waiting_words(command: OfferChoice | SayWhileWaiting) -> tuple[str, str]:
    """Give the variable of the caller's leg, and its value, that carries a command out."""
    match command:
        case OfferChoice():
            return USUAL, "busy"
        case SayWhileWaiting():
            return WORDS, command.words
