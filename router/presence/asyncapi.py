"""Writes docs/mqtt.json: the topics and the payloads as AsyncAPI, from the types themselves.

`python -m router.presence.asyncapi > docs/mqtt.json`, or `make mqtt-contract`.
"""

from __future__ import annotations

import sys
from typing import Any, Final

import msgspec

from router.presence.gate import BURST_MESSAGES, LONGEST_BYTES, MESSAGES_A_SECOND
from router.presence.topics import ROUTER_AVAILABILITY, Heard, Sent, topic_of
from router.presence.words_in import RETAINED, SHAPES
from router.presence.words_out import EXPIRY_SECONDS, SENT, RouterAvailability
from router.version import VERSION

Node = dict[str, Any]
"""A part of the document, which is JSON."""

_SCHEMA: Final = "#/components/schemas/{name}"

_ABOUT: Final = (
    "What the apps of a helpline's listeners and decroche tell each other over MQTT 5, with TLS. "
    "An app logs in under its listener's name and has the topics of that listener alone. A message "
    f"has at most {LONGEST_BYTES} bytes; {BURST_MESSAGES} may come at once, then "
    f"{MESSAGES_A_SECOND:g} a second. What does not fit changes nothing; `refused` tells the app "
    "why, and once a minute at most that it says too much. No word tells who a caller is."
)


def document() -> Node:
    """Give the document. What apps publish, decroche receives."""
    shapes = [*SHAPES.values(), *SENT.values(), RouterAvailability]
    _, schemas = msgspec.json.schema_components(shapes, ref_template=_SCHEMA)
    channels: Node = {}
    operations: Node = {}
    for heard, shape in SHAPES.items():
        channels[heard] = _channel(topic_of("{listener}", heard), shape)
        operations[f"hear_{heard}"] = _operation(
            "receive", heard, shape, retained=heard in RETAINED
        )
    for sent, word in SENT.items():
        name = _name(sent)
        channels[name] = _channel(topic_of("{listener}", sent), word)
        operations[f"tell_{name}"] = {
            **_operation("send", name, word, retained=False),
            "description": f"Not retained; of no use after {EXPIRY_SECONDS[sent]} s.",
        }
    channels["router"] = _channel(ROUTER_AVAILABILITY, RouterAvailability)
    operations["tell_router"] = _operation("send", "router", RouterAvailability, retained=True)
    return {
        "asyncapi": "3.0.0",
        "info": {"title": "decroche", "version": VERSION, "description": _ABOUT},
        "defaultContentType": "application/json",
        "channels": channels,
        "operations": operations,
        "components": {"schemas": schemas},
    }


def encoded(spec: Node) -> str:
    """Give a document as it is kept."""
    return msgspec.json.format(msgspec.json.encode(spec), indent=2).decode() + "\n"


def _channel(address: str, shape: type[msgspec.Struct]) -> Node:
    channel: Node = {
        "address": address,
        "messages": {
            shape.__name__: {"payload": {"$ref": _SCHEMA.format(name=shape.__name__)}},
        },
    }
    if "{listener}" in address:
        channel["parameters"] = {
            "listener": {"description": "The listener's name in listeners.toml."}
        }
    return channel


def _operation(action: str, channel: str, shape: type[msgspec.Struct], *, retained: bool) -> Node:
    return {
        "action": action,
        "channel": {"$ref": f"#/channels/{channel}"},
        "messages": [{"$ref": f"#/channels/{channel}/messages/{shape.__name__}"}],
        "bindings": {"mqtt": {"qos": 1, "retain": retained}},
    }


def _name(word: Heard | Sent) -> str:
    """Name a channel, which has no slash."""
    return word.replace("/", "_")


if __name__ == "__main__":
    sys.stdout.write(encoded(document()))
