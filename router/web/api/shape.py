"""What is said over HTTP, as plain data. From these shapes the OpenAPI document is made."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Final, Literal

from msgspec import Meta, Struct

LONGEST_NUMBER_CHARACTERS: Final = 40
LONGEST_NAME_CHARACTERS: Final = 32

State = Literal["waiting", "with_seniors", "kept", "cancelled"]

_Time = Annotated[datetime, Meta(tz=True)]


class Window(Struct, frozen=True, forbid_unknown_fields=True):
    """When the call may come. Times are RFC 3339, with their offset from UTC."""

    begins: Annotated[
        _Time | None, Meta(description="Nobody is rung before; absent: as soon as may be.")
    ] = None
    ends: Annotated[
        _Time | None,
        Meta(description="By when; absent: within the time that the line promises from then on."),
    ] = None


class NewPromise(Struct, frozen=True, forbid_unknown_fields=True):
    """A call-back that is asked for."""

    number: Annotated[
        str,
        Meta(
            min_length=1,
            max_length=LONGEST_NUMBER_CHARACTERS,
            description="The number to be rung, as people write it. No answer ever repeats it.",
            examples=["0639980001", "+33 6 39 98 00 01"],
        ),
    ]
    line: Annotated[
        str,
        Meta(
            pattern="^[a-z][a-z0-9_-]*$",
            max_length=LONGEST_NAME_CHARACTERS,
            description="The line whose listeners call back, by its name in decroche.toml.",
            examples=["health"],
        ),
    ]
    listener: Annotated[
        str | None,
        Meta(
            description="The code of the listener who shall call back, if that can be.",
            examples=["204"],
        ),
    ] = None
    window: Window | None = None


class Promise(Struct, frozen=True):
    """A call-back that is owed, or was."""

    id: Annotated[
        str, Meta(description="Keep it to yourself: who has it and your token can cancel.")
    ]
    line: str
    state: Annotated[
        State,
        Meta(
            description=(
                "`waiting`: not kept yet, nor does it say whether somebody talks with the caller "
                "just now; `with_seniors`: nobody was reached, a senior sees to it; `kept`; "
                "`cancelled`."
            )
        ),
    ]
    begins: Annotated[datetime, Meta(description="Nobody is rung before.")]
    due: Annotated[datetime, Meta(description="By when the caller may expect to be rung.")]


class FieldError(Struct, frozen=True):
    """What is wrong in one place of a body."""

    pointer: Annotated[str, Meta(description="Where, as a JSON pointer.", examples=["#/number"])]
    detail: str


class ProblemDetails(Struct, frozen=True, omit_defaults=True):
    """A problem, as RFC 9457 has it."""

    type: Annotated[str, Meta(description="Which, as a reference into the page at `/v1/`.")]
    title: str
    status: int
    detail: str
    errors: tuple[FieldError, ...] = ()
