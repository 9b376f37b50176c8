"""By which names the web port is asked for.

It listens on this machine alone, and a browser on this machine may be led to it by a page from
elsewhere: whoever owns a name can have it lead to 127.0.0.1, and what is there is then that page's
own to read. Such a page comes by its own name, which is none of ours.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware

AT_THIS_MACHINE: Final = frozenset({"localhost", "127.0.0.1", "[::1]"})
"""As a browser here names it."""

MISDIRECTED: Final = 421
"""The status that says: asked of a server that does not answer for this name."""

_WORDS: Final = (
    f"By this name nothing is served here. Expected as Host: {', '.join(sorted(AT_THIS_MACHINE))}, "
    "or a name that `hosts` in [web] of decroche.toml has, such as that of a reverse proxy.\n"
)


def name_of(host: str) -> str:
    """Give a `Host` in lower case, without its port."""
    name, colon, port = host.lower().rpartition(":")
    return name if colon and port.isdigit() else host.lower()


def only_by(names: Iterable[str]) -> Middleware:
    """Make a middleware that serves who asks by one of these names, or as at this machine."""
    ours = AT_THIS_MACHINE.union(name.lower() for name in names)

    @web.middleware
    async def serve(request: web.Request, handler: Handler) -> web.StreamResponse:
        match request.headers.getall("Host", []):
            case [host] if name_of(host) in ours:
                return await handler(request)
        return web.Response(
            status=MISDIRECTED, text=_WORDS, headers={"X-Content-Type-Options": "nosniff"}
        )

    return serve
