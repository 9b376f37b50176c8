"""A text in a message's properties, read as MQTT 5 has it.

paho ends the link at U+FEFF, which MQTT-1.5.4-3 allows and brokers pass on. Kept by the broker, one
such message of one listener would end our link at each subscription, and no app would be heard any
more. Nobody looks at properties of apps here: what is no text at all ends nothing either.
"""

from __future__ import annotations

from typing import Final

from paho.mqtt import properties
from paho.mqtt.exception import MalformedPacket

LENGTH_BYTES: Final = 2


def read_text(buffer: bytes, longest: int) -> tuple[str, int]:
    """Give a text, and how many bytes it took with its length before it.

    Raises
    ------
    MalformedPacket
        if it does not fit into what is left of the message.

    """
    length = int.from_bytes(buffer[:LENGTH_BYTES])
    if longest < LENGTH_BYTES + length:
        raise MalformedPacket("a text that is longer than its message")
    text = bytes(buffer[LENGTH_BYTES : LENGTH_BYTES + length])
    return text.decode(errors="replace"), LENGTH_BYTES + length


def read_as_the_standard_has_it() -> None:
    """Have paho read every text so from now on."""
    properties.readUTF = read_text
