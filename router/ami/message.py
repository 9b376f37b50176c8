"""One message that Asterisk sent: its name is read at once, the rest when it is asked for."""

from __future__ import annotations

_EVENT = b"Event: "
_RESPONSE = b"Response: "


class Message:
    """An event or a response. Whatever its bytes are, reading it raises nothing.

    Header names are compared without regard to case. Bytes that are not UTF-8 become U+FFFD.
    """

    __slots__ = ("_headers", "is_event", "is_response", "name", "raw")

    def __init__(self, raw: bytes) -> None:
        """Take the message's lines, without the blank line that ended them."""
        self.raw = raw
        self._headers: dict[str, str] | None = None
        self.is_event = raw.startswith(_EVENT)
        self.is_response = not self.is_event and raw.startswith(_RESPONSE)
        self.name = ""
        """The event's name (`Hangup`), or what a response says (`Success`, `Error`)."""
        if self.is_event or self.is_response:
            first_line = raw.split(b"\r\n", 1)[0]
            self.name = first_line.split(b": ", 1)[1].decode(errors="replace")
        else:
            self._name_by_any_header()

    def get(self, header: str, default: str = "") -> str:
        """Give a header's value; of a doubled header the first, which Asterisk itself wrote."""
        if self._headers is None:
            self._headers = self._parse()
        return self._headers.get(header.lower(), default)

    @property
    def refused(self) -> bool:
        """Whether this is a response that says no."""
        return self.is_response and self.name == "Error"

    def __repr__(self) -> str:
        # The rest of a message carries callers' numbers: it never reaches a log by accident.
        return f"<Message {self.name[:64]!r} of {len(self.raw)} bytes>"

    def _name_by_any_header(self) -> None:
        event, response = self.get("Event"), self.get("Response")
        self.is_event = bool(event)
        self.is_response = bool(response) and not event
        self.name = event or response

    def _parse(self) -> dict[str, str]:
        headers: dict[str, str] = {}
        for name, value in self._pairs():
            headers.setdefault(name, value)
        return headers

    def _pairs(self) -> list[tuple[str, str]]:
        pairs = []
        for line in self.raw.decode(errors="replace").split("\r\n"):
            name, colon, value = line.partition(":")
            if colon:
                pairs.append((name.lower(), value.removeprefix(" ")))
        return pairs
