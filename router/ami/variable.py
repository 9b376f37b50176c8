"""What a variable of Asterisk's has in it, for who can do without the answer."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import structlog

from router.ami.link import AmiLink
from router.ami.message import Message
from router.errors import AmiError

log = structlog.get_logger(__name__)


async def global_variable(link: AmiLink, name: str) -> str | None:
    """Ask Asterisk. None: it does not say; what was known before stands."""
    try:
        answer = await link.send("Getvar", {"Variable": name})
    except AmiError as error:
        log.debug("dialplan_not_looked_at", variable=name, problem=type(error).__name__)
        return None
    return None if answer.refused else answer.get("Value")


def hear_variable(link: AmiLink, leg: str, name: str, hear: Callable[[str], None]) -> None:
    """Ask Asterisk for a variable of a leg, and pass on what it answers, if it does."""

    def answered(answer: asyncio.Future[Message]) -> None:
        if not answer.cancelled() and answer.exception() is None and not answer.result().refused:
            hear(answer.result().get("Value"))

    try:
        link.send("Getvar", {"Channel": leg, "Variable": name}).add_done_callback(answered)
    except AmiError as error:
        log.debug("leg_not_looked_at", variable=name, problem=type(error).__name__)
