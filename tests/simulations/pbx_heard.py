"""What a stage makes heard, in a form in which two stages can be compared."""

from __future__ import annotations

from dataclasses import dataclass, field

from tests.testbed.ami import Message

SAME = (
    "ChannelStateDesc",
    "CallerIDNum",
    "Context",
    "Exten",
    "Priority",
    "BridgeTechnology",
    "BridgeName",
    "UserEvent",
    "What",
    "Line",
    "Why",
    "Listener",
    "Pin",
    "Choice",
    "Key",
    "Code",
    "Cause",
    "Response",
    "Reason",
)
"""Headers whose values are to be the same, too."""

ERRORS: list[tuple[str, dict[str, str]]] = [
    ("Nonsense", {}),
    ("Setvar", {"Variable": "X", "Value": "1", "Channel": "nobody"}),
    ("Setvar", {"Value": "1"}),
    ("Getvar", {"Variable": "X", "Channel": "nobody"}),
    ("Getvar", {"Channel": "nobody"}),
    ("Redirect", {"Channel": "nobody", "Context": "decroche-hold", "Exten": "join"}),
    ("Redirect", {"Channel": "nobody", "Context": "c", "Exten": "s", "Priority": "1"}),
    ("Redirect", {"Context": "decroche-hold", "Exten": "join", "Priority": "1"}),
    ("Hangup", {"Channel": "nobody"}),
    ("Hangup", {}),
    ("Bridge", {"Channel1": "a", "Channel2": "b"}),
    ("Bridge", {"Channel1": "a"}),
    ("Originate", {}),
    ("Originate", {"Channel": "nochannel", "Async": "true"}),
]
"""Actions that are refused."""


@dataclass
class Heard:
    """What one stage made heard, ready to be compared."""

    legs: dict[str, list[tuple[object, ...]]] = field(default_factory=dict)
    answers: dict[str, list[tuple[object, ...]]] = field(default_factory=dict)


def header_names(message: Message) -> tuple[str, ...]:
    """Give the headers, in order, but for the one that Asterisk adds where it is asked to."""
    return tuple(name for name, _ in message.headers if name != "Timestamp")


def values(message: Message) -> tuple[str, ...]:
    """Give the values that are to be the same."""
    return tuple(message[name] for name in SAME)
