"""What a global variable of Asterisk's has in it, for who can do without the answer."""

from __future__ import annotations

import structlog

from router.ami.link import AmiLink
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
