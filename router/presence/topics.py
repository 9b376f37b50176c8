"""The topics: `decroche/v1/listener/<id>/...` of each listener, and the router's own."""

from __future__ import annotations

from typing import Final, Literal, get_args

PREFIX: Final = "decroche/v1"
ROUTER_AVAILABILITY: Final = f"{PREFIX}/router/availability"

Heard = Literal[
    "state", "availability", "accept", "decline", "escalate", "disposition", "directory"
]
"""What a listener's app publishes, by the last level of its topic."""

Sent = Literal["offer", "call", "wake", "directory/answer", "refused"]
"""What is published for a listener's app, by what follows the listener."""

HEARD: Final[dict[str, Heard]] = {word: word for word in get_args(Heard)}

_LEVELS: Final = 5


def subscriptions() -> tuple[str, ...]:
    """Give the filters of all that listeners' apps publish."""
    return tuple(f"{PREFIX}/listener/+/{word}" for word in HEARD)


def topic_of(listener: str, word: Heard | Sent) -> str:
    """Give the topic of one listener."""
    return f"{PREFIX}/listener/{listener}/{word}"


def read_topic(topic: str) -> tuple[str, Heard] | None:
    """Give whose topic it is and what for; None if it is none that apps publish on."""
    levels = topic.split("/")
    if len(levels) != _LEVELS or "/".join(levels[:3]) != f"{PREFIX}/listener":
        return None
    word = HEARD.get(levels[4])
    return (levels[3], word) if word is not None else None
