"""Why what an app says changes nothing, and what the app is told of it."""

from __future__ import annotations

import re
from typing import Final, Literal, get_args

from msgspec import Struct, ValidationError

from router.presence.topics import Heard

Told = Literal[
    "too_large",
    "flood",
    "malformed",
    "retained",
    "future",
    "outdated",
    "not_theirs",
    "not_now",
]
"""What the app of a listener is told. `not_theirs`: an offer of somebody else or of nobody;
`not_now`: it does not fit what goes on."""

Reason = Literal[Told, "bad_topic", "unknown_listener", "overflow"]
"""All that is counted. `overflow`: more came than could be looked at. The others are nobody's."""

TOLD: Final[dict[Reason, Told]] = {reason: reason for reason in get_args(Told)}


class RefusedMessage(Exception):  # noqa: N818 - it is the message that is refused, not our error
    """A message changes nothing. `field` is where it is not as the contract has it."""

    def __init__(self, reason: Reason, field: str | None = None) -> None:
        super().__init__(reason)
        self.reason: Reason = reason
        self.field = field


class Refused(Struct, frozen=True):
    """Something that the app has said changes nothing. No word of it is repeated here."""

    word: Heard
    """The last level of the topic on which it was said."""
    reason: Told
    at: float
    """Epoch seconds, by our clock: what is `future` or `outdated` is so by this one."""
    field: str | None = None
    """With `malformed`: which field is missing, or not what it should be; null: it is no JSON of
    this kind, or has a field that is none."""


_FIELD: Final = re.compile(
    r"(?:Object missing required field `|(?!Object contains).* - at `\$\.)([a-z_]+)`", re.DOTALL
)


def bad_field(error: ValidationError, shape: type[Struct]) -> str | None:
    """Give which field of the contract is amiss; nothing that was said gets through here."""
    found = _FIELD.fullmatch(str(error))
    return found[1] if found is not None and found[1] in shape.__struct_fields__ else None
