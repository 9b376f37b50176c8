"""Bytes to messages and actions to bytes. Pure: no socket, no clock, no log."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from router.ami.errors import UnsafeField
from router.ami.message import Message

__all__ = ["MAX_LINE_BYTES", "MAX_MESSAGE_BYTES", "Framer", "Message", "UnsafeField", "render"]

MAX_MESSAGE_BYTES = 256 * 1024
"""Four times the longest header value that has to be lived with; more is a runaway peer."""

MAX_BANNER_BYTES = 256
"""Asterisk's first line is about 30 bytes; a peer that sends so many without one has none."""

MAX_LINE_BYTES = 1024
"""With its CRLF. Asterisk throws a longer line away, and the rest of the action stays."""

MAX_LINES = 128
"""Asterisk counts no more headers than that in one action."""

_END_OF_LINE = b"\r\n"
_END_OF_MESSAGE = b"\r\n\r\n"
_BANNER = b"Asterisk Call Manager/"
_GLUED_EVENT = b"\r\nEvent: "
_USER_EVENT = b"Event: UserEvent\r\n"


class Framer:
    """Cuts a stream of bytes into messages, however it was chopped up on its way."""

    def __init__(self) -> None:
        self.version: str | None = None
        """What the banner says; None until it has come, empty where there is none."""
        self.oversized = 0
        """How many messages were dropped for being over `MAX_MESSAGE_BYTES`."""
        self._buffer = bytearray()
        self._searched = 0  # up to here the buffer holds no end of a message
        self._dropping = False

    def feed(self, data: bytes) -> list[Message]:
        """Take the next bytes and give the messages that are whole now, in stream order."""
        self._buffer += data
        if self.version is None and not self._take_banner():
            return []
        if self._buffer.find(_END_OF_MESSAGE, self._searched) < 0:
            self._keep_unfinished()
            return []
        *blocks, rest = bytes(self._buffer).split(_END_OF_MESSAGE)
        if self._dropping:
            self._dropping = False
            del blocks[0]
        self._buffer = bytearray(rest)
        self._searched = 0
        self._keep_unfinished()
        return [Message(part) for block in blocks for part in self._parts(block)]

    def _take_banner(self) -> bool:
        end = self._buffer.find(_END_OF_LINE, 0, MAX_BANNER_BYTES)
        if end < 0 and len(self._buffer) < MAX_BANNER_BYTES:
            return False
        self.version = ""
        if end >= 0 and self._buffer.startswith(_BANNER):
            self.version = self._buffer[len(_BANNER) : end].decode(errors="replace").strip()
            del self._buffer[: end + len(_END_OF_LINE)]
        return True

    def _keep_unfinished(self) -> None:
        # Its last bytes may be the beginning of an end that comes with the next read.
        self._searched = max(0, len(self._buffer) - len(_END_OF_MESSAGE) + 1)
        if self._searched > MAX_MESSAGE_BYTES and not self._dropping:
            self._dropping = True
            self.oversized += 1
        if self._dropping:
            del self._buffer[: self._searched]
            self._searched = 0

    def _parts(self, block: bytes) -> Iterator[bytes]:
        if len(block) > MAX_MESSAGE_BYTES:
            self.oversized += 1
            return
        block = block.lstrip(_END_OF_LINE)
        # Where the blank line between two events is missing, the second is cut off. Not so in a
        # UserEvent: its headers come from a dialplan, and with an `Event` among them whoever
        # chose it would speak as Asterisk.
        while not block.startswith(_USER_EVENT):
            cut = block.find(_GLUED_EVENT)
            if cut < 0:
                break
            yield block[:cut]
            block = block[cut + len(_END_OF_LINE) :]
        if block:
            yield block


def render(action: str, fields: Mapping[str, str | Sequence[str]]) -> bytes:
    """Write an action as Asterisk reads it; a field with several values takes a line for each.

    Raises
    ------
    UnsafeField
        if a name or a value holds CR, LF or NUL, is no text, or makes a line of more than
        `MAX_LINE_BYTES`; if a name is empty, holds a colon or is Action; if there are over
        `MAX_LINES` lines.

    """
    lines = [_line("Action", action)]
    for name, value in fields.items():
        if name.lower() == "action":
            raise UnsafeField(f"{action}: a field named Action would be a second action")
        values = (value,) if isinstance(value, str) else value
        lines.extend(_line(name, one) for one in values)
    if len(lines) > MAX_LINES:
        raise UnsafeField(f"{action}: {len(lines)} lines, and Asterisk reads {MAX_LINES} at most")
    return b"".join(lines) + _END_OF_LINE


def _line(name: str, value: str) -> bytes:
    text = f"{name}: {value}"
    if any(control in text for control in "\r\n\0"):
        raise UnsafeField(f"field {_shown(name)}: CR, LF or NUL would begin another field")
    if not name or ":" in name:
        raise UnsafeField(f"field {_shown(name)}: a name is not empty and has no colon")
    try:
        line = text.encode() + _END_OF_LINE
    except UnicodeEncodeError:
        raise UnsafeField(f"field {_shown(name)}: not text that UTF-8 can carry") from None
    if len(line) > MAX_LINE_BYTES:
        raise UnsafeField(
            f"field {_shown(name)}: a line of {len(line)} bytes, and Asterisk throws away "
            f"what is over {MAX_LINE_BYTES}",
        )
    return line


def _shown(name: str) -> str:
    return ascii(name[:40])
