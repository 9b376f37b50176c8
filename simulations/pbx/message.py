"""The manager protocol's messages: actions as they come, answers and events as they go."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

Headers = Sequence[tuple[str, str]]

BANNER = b"Asterisk Call Manager/11.0.0\r\n"

MAX_UNFINISHED_BYTES = 64 * 1024
"""An action has some hundred bytes; whoever sends so many without an end is cut off."""

_END = b"\r\n\r\n"


class RunawayPeerError(Exception):
    """A peer that goes on and on without ending its action."""


@dataclass(frozen=True)
class Action:
    """One action: its headers in order, doubled ones included."""

    headers: tuple[tuple[str, str], ...]

    def get(self, name: str) -> str:
        """Give the first header of this name, whatever its case, or the empty string."""
        wanted = name.lower()
        return next((value for key, value in self.headers if key.lower() == wanted), "")

    def variables(self) -> dict[str, str]:
        """Give what the `Variable` headers of an Originate set."""
        pairs = (value.partition("=") for key, value in self.headers if key == "Variable")
        return {name: value for name, _, value in pairs}


def render(headers: Headers) -> bytes:
    """Write one message."""
    return ("".join(f"{name}: {value}\r\n" for name, value in headers) + "\r\n").encode()


def take_actions(buffer: bytearray) -> Iterator[Action]:
    """Take the actions that are whole out of a buffer.

    Raises
    ------
    RunawayPeerError
        if what is left is longer than any action.

    """
    while (end := buffer.find(_END)) >= 0:
        block = bytes(buffer[:end])
        del buffer[: end + len(_END)]
        yield _action(block)
    if len(buffer) > MAX_UNFINISHED_BYTES:
        raise RunawayPeerError


def _action(block: bytes) -> Action:
    lines = block.decode(errors="replace").split("\r\n")
    pairs = (line.partition(":") for line in lines if ":" in line)
    return Action(tuple((name, value.strip()) for name, _, value in pairs))
