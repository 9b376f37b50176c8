"""What is told of a command line that cannot be: what was typed may be a caller's number."""

from __future__ import annotations

from typing import Final

from cyclopts import CycloptsError, CycloptsPanel, UnusedCliTokensError
from rich.panel import Panel

from router.observe.redaction import redact

ASK_FOR_A_NUMBER: Final = frozenset({("forget",), ("promises", "add")})

ASKED_FOR: Final = (
    " The number is asked for, or read from the standard input. Was it one of them? Then take it "
    "out of your shell's history."
)


def misuse(error: CycloptsError) -> Panel:
    """Say what is wrong, and repeat nothing that looks like a number."""
    return CycloptsPanel(_words(error))


def _words(error: CycloptsError) -> str:
    if not isinstance(error, UnusedCliTokensError):
        return redact(str(error))
    # A number with gaps comes as many short words, none of which looks like one.
    command = tuple(error.command_chain or ())
    asked_for = ASKED_FOR if command in ASK_FOR_A_NUMBER else ""
    return f"too many words, by {len(error.unused_tokens or ())}; see --help.{asked_for}"
