"""The marks that the dialplan leaves of talks which no daemon was there to see."""

from __future__ import annotations

from router.ami import contract
from router.ami.link import AmiLink
from router.ami.parse import BadMessage, as_id


async def read_marks(link: AmiLink) -> tuple[str, ...]:
    """Ask Asterisk for the calls of such talks, the oldest first.

    Raises
    ------
    AmiError
        if the link goes down meanwhile.

    """
    answer = await link.send("Getvar", {"Variable": contract.TALKED})
    return () if answer.refused else marks_in(answer.get("Value"))


def marks_in(text: str) -> tuple[str, ...]:
    """Read the marks. What is before the first `&` is what is left of one that was cut off."""
    return tuple(dict.fromkeys(mark for mark in text.split("&")[1:] if _is_id(mark)))


def _is_id(text: str) -> bool:
    try:
        as_id(text)
    except BadMessage:
        return False
    return True
