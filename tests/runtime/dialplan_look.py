"""A look at what the dialplan has in a global variable, as a test says."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any, cast

from structlog.testing import capture_logs

from router.ami.link import AmiLink
from router.ami.message import Message
from tests.ami.fake_link import FakeLink
from tests.ami.words import response

NOBODY = None
"""In the place of an Asterisk that answers."""


def looked(
    look: Callable[[AmiLink], Awaitable[None]], said: str | Message | None
) -> list[MutableMapping[str, Any]]:
    """Look once; give all that was logged."""

    async def once() -> None:
        link = FakeLink()
        link.is_down = said is NOBODY
        answer = response("Success", Value=said) if isinstance(said, str) else said
        link.answer_to = lambda _: answer or response("Error")
        await look(cast("AmiLink", link))

    with capture_logs() as logs:
        asyncio.run(once())
    return logs


def events_of(logs: list[MutableMapping[str, Any]]) -> list[str]:
    """Give the lines that ops see."""
    return [line["event"] for line in logs if line["log_level"] != "debug"]
