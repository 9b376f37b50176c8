"""Words of others on a terminal, which would do what their control characters say."""

from __future__ import annotations


def printable(text: str) -> str:
    r"""Put `\x1b` and the like in place of what has no face."""
    return "".join(one if one.isprintable() else _named(one) for one in text)


def _named(one: str) -> str:
    return one.encode("unicode_escape").decode()
