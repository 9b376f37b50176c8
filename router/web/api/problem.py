"""What can go wrong, each with its status and its title: one table, which the page shows too."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, NamedTuple

import msgspec
from aiohttp import web

from router.web.api.shape import FieldError, ProblemDetails
from router.web.counter import Refused

MEDIA_TYPE: Final = "application/problem+json"

PAGE: Final = "/v1/"
"""Where each problem is told of, under its name."""


class Kind(NamedTuple):
    """A kind of problem."""

    status: int
    title: str


KINDS: Final[Mapping[str, Kind]] = {
    "bad_request": Kind(400, "This is no request that is understood"),
    "bad_json": Kind(400, "The body is not JSON"),
    "bad_key": Kind(400, "The Idempotency-Key is missing, or is none"),
    "no_token": Kind(401, "The token is missing, or is none of ours"),
    "not_found": Kind(404, "There is nothing of yours here"),
    "no_such_method": Kind(405, "This cannot be done here"),
    "too_slow": Kind(408, "The body took too long to come"),
    "in_progress": Kind(409, "The same request is being answered"),
    "not_now": Kind(409, "It cannot be cancelled now"),
    "owed_elsewhere": Kind(409, "The same call-back was asked for elsewhere too"),
    "too_large": Kind(413, "The body is too large"),
    "not_json": Kind(415, "Only JSON is taken"),
    "not_expected": Kind(417, "This expectation cannot be met"),
    "invalid": Kind(422, "The body is not as expected"),
    "other_body": Kind(422, "This Idempotency-Key was used for another body"),
    "not_a_number": Kind(422, "This is no telephone number"),
    "emergency": Kind(422, "Emergency numbers are not called back"),
    "short": Kind(422, "Short numbers are not called back"),
    "premium": Kind(422, "Service and premium numbers are not called back"),
    "own_line": Kind(422, "This is a number of our own"),
    "international": Kind(422, "Numbers abroad are not called back"),
    "unknown_line": Kind(422, "There is no such line"),
    "not_offered": Kind(422, "This line calls nobody back"),
    "unknown_listener": Kind(422, "No listener has this code"),
    "window_past": Kind(422, "The window has passed"),
    "window_too_far": Kind(422, "The window is too far away"),
    "window_backwards": Kind(422, "The window ends before it begins"),
    "outside_hours": Kind(422, "Nobody is called back in this window"),
    "too_many": Kind(429, "Too many requests"),
    "failed": Kind(500, "Something went wrong here"),
    "not_stored": Kind(503, "It could not be put on disk, so nothing is promised"),
    "busy": Kind(503, "Too many requests are being answered"),
}

POINTERS: Final[Mapping[Refused, str]] = {
    "not_a_number": "#/number",
    "emergency": "#/number",
    "short": "#/number",
    "premium": "#/number",
    "own_line": "#/number",
    "international": "#/number",
    "unknown_line": "#/line",
    "not_offered": "#/line",
    "unknown_listener": "#/listener",
    "window_past": "#/window",
    "window_too_far": "#/window",
    "window_backwards": "#/window",
    "outside_hours": "#/window",
}
"""Where what is refused stands in the body."""


class Problem(Exception):  # noqa: N818 -- it is an answer, and is named as RFC 9457 names it
    """An answer that says what is wrong. Its words never repeat anything of the request."""

    def __init__(
        self,
        kind: str,
        detail: str,
        *,
        pointer: str | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(kind)
        self.kind = kind
        self._detail = detail
        self._pointer = pointer
        self._headers = dict(headers or {})

    def response(self) -> web.Response:
        """Give it as RFC 9457 has it."""
        status, title = KINDS[self.kind]
        where = () if self._pointer is None else (FieldError(self._pointer, self._detail),)
        details = ProblemDetails(
            type=f"{PAGE}#{self.kind}",
            title=title,
            status=status,
            detail=self._detail,
            errors=where,
        )
        return web.Response(
            status=status,
            body=msgspec.json.encode(details),
            content_type=MEDIA_TYPE,
            headers=self._headers,
        )


def too_soon(kind: str, detail: str, retry_after_seconds: float) -> Problem:
    """Give a problem that goes by itself, with the whole seconds after which to try again."""
    return Problem(kind, detail, headers={"Retry-After": str(max(1, round(retry_after_seconds)))})


def of_http(error: web.HTTPException) -> Problem:
    """Give what is said of a request that reaches nothing here."""
    if error.status == KINDS["no_such_method"].status:
        allowed = error.headers.get("Allow", "")
        return Problem("no_such_method", f"expected {allowed}", headers={"Allow": allowed})
    if error.status == KINDS["not_expected"].status:
        return Problem("not_expected", "expected 100-continue, or nothing")
    return Problem("not_found", f"see {PAGE} for what is here")
