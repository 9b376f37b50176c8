"""Who may look at the wallboard.

Without a token and without a proxy's header: whoever sits at this machine, and nobody else. With
either of them: who shows it, at this machine too, since a proxy that runs here looks like it.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable
from typing import Final, Literal

from aiohttp import web

from router.web.host_names import AT_THIS_MACHINE, name_of

COOKIE: Final = "decroche-wallboard"

COOKIE_SECONDS: Final = 30 * 86_400
"""Renewed each time that the page is opened: a wall that is looked at stays in."""

FORWARDED: Final = ("Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Real-IP", "Via")
"""What proxies add."""

_SCHEME: Final = "bearer "

Answer = Literal["in", "token", "proxy", "local"]
"""Let in; or what it takes: to show a token, to come by the proxy, or to be at this machine."""


class Door:
    """Knows the token and the header."""

    def __init__(
        self, token: bytes | None, proxy_header: str | None, clock: Callable[[], float]
    ) -> None:
        self._token = token
        self._proxy_header = proxy_header
        self._clock = clock

    def answer(self, request: web.BaseRequest) -> Answer:
        """Say whether a request is let in."""
        headers = request.headers
        if self._proxy_header is not None and headers.get(self._proxy_header, "").strip():
            return "in"
        if self._token is not None:
            bearer = headers.get("Authorization", "")
            shown = bearer[len(_SCHEME) :] if bearer.lower().startswith(_SCHEME) else ""
            is_in = self.is_token(shown) or self._is_cookie(request.cookies.get(COOKIE, ""))
            return "in" if is_in else "token"
        if self._proxy_header is not None:
            return "proxy"
        is_here = name_of(headers.get("Host", "")) in AT_THIS_MACHINE
        return "in" if is_here and not any(one in headers for one in FORWARDED) else "local"

    def is_token(self, shown: str) -> bool:
        """Say whether this is the token. How long that takes tells nothing of it."""
        given = hashlib.sha256(shown.strip().encode("utf-8", "surrogatepass")).digest()
        return self._token is not None and hmac.compare_digest(
            given, hashlib.sha256(self._token).digest()
        )

    def give_cookie(self, request: web.BaseRequest, response: web.StreamResponse) -> None:
        """Have a browser that is let in by the token show a cookie from now on, and not that."""
        if self._token is None:
            return
        ends = f"{int(self._clock()) + COOKIE_SECONDS:x}"
        # Only at this machine is there a page without TLS.
        is_plain = (
            name_of(request.headers.get("Host", "")) in AT_THIS_MACHINE
            and request.headers.get("X-Forwarded-Proto") != "https"
        )
        response.set_cookie(
            COOKIE,
            f"{ends}.{self._sign(ends)}",
            max_age=COOKIE_SECONDS,
            path="/",
            httponly=True,
            samesite="Strict",
            secure=not is_plain,
        )

    def _is_cookie(self, shown: str) -> bool:
        ends, _, signed = shown.partition(".")
        if not hmac.compare_digest(
            signed.encode("utf-8", "surrogatepass"), self._sign(ends).encode()
        ):
            return False
        return int(ends, 16) > self._clock()

    def _sign(self, ends: str) -> str:
        assert self._token is not None, "there are cookies only for who has shown it"
        words = f"wallboard {ends}".encode("utf-8", "surrogatepass")
        return hmac.new(self._token, words, hashlib.sha256).hexdigest()
