"""What a listener's app says, as it stands on the wire: JSON, and nothing beside what is here."""

from __future__ import annotations

from typing import Annotated, Final, Literal

from msgspec import Meta, Struct

from router.core.events import Disposition, Help
from router.presence.topics import Heard

Said = Annotated[
    float,
    Meta(
        ge=0,
        description=(
            "When the listener said so, in epoch seconds, and not when it was published: what is "
            "published again keeps the instant."
        ),
    ),
]
OfferId = Annotated[
    str, Meta(pattern="^dcr-[A-Za-z0-9-]{1,60}$", description="As `offer` has told it.")
]
Intent = Literal["ready", "pause", "off"]
PauseReason = Literal["break", "meal", "talk_with_colleague", "other"]


class Message(Struct, frozen=True, forbid_unknown_fields=True):
    """The base of what apps say."""


class State(Message, frozen=True):
    """What the listener wants from now on. Retained."""

    state: Intent
    at: Said
    reason: PauseReason | None = None
    """Of a pause; it is logged and goes no further."""


class Availability(Message, frozen=True):
    """Whether the app is there: true once it is connected; false as its will. Retained."""

    online: bool


class Accept(Message, frozen=True):
    """The listener takes the call, on the phone that they have picked up."""

    offer: OfferId
    at: Said


class Decline(Message, frozen=True):
    """The listener does not take this call, whether their phone still rings or not."""

    offer: OfferId
    at: Said


class Escalate(Message, frozen=True):
    """The listener asks for help in this talk; then, for the caller to join the two."""

    offer: OfferId
    at: Said
    kind: Help = "senior"


class Dispose(Message, frozen=True):
    """What the talk in progress, or the last one, has led to; or that it was hard."""

    disposition: Disposition | Literal["hard"]
    at: Said
    orientation: Annotated[str, Meta(pattern="^[0-9]{2,4}$")] | None = None
    """With `orientation`: the short number of the directory's entry that was given."""
    call_at: float | None = None
    """With `follow_up`, and only while the leg of the talk is there: when, in epoch seconds."""


class LookUp(Message, frozen=True):
    """The listener looks for somebody to direct a caller to."""

    request: Annotated[str, Meta(pattern="^[A-Za-z0-9-]{1,36}$")]
    """Of the app's choosing; the answer bears it."""
    department: Annotated[str, Meta(min_length=1, max_length=40)]
    """A code such as 69, or a name."""
    at: Said
    kind: Annotated[str, Meta(max_length=32)] | None = None
    """One of the directory's kinds; null: all."""


AnyMessage = State | Availability | Accept | Decline | Escalate | Dispose | LookUp

SHAPES: Final[dict[Heard, type[AnyMessage]]] = {
    "state": State,
    "availability": Availability,
    "accept": Accept,
    "decline": Decline,
    "escalate": Escalate,
    "disposition": Dispose,
    "directory": LookUp,
}

RETAINED: Final[frozenset[Heard]] = frozenset({"state", "availability"})
"""What may be told again by the broker. All else holds for the instant at which it is said."""
