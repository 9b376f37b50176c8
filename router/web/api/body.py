"""A request's body: bounded in size and time, JSON and nothing else, read strictly."""

from __future__ import annotations

import asyncio
import re
from typing import Final

import msgspec
from aiohttp import web

from router.web.api.problem import Problem
from router.web.api.shape import NewPromise

LARGEST_BODY_BYTES: Final = 8_192
"""A call-back is asked for in some hundred bytes."""

BODY_SECONDS: Final = 5.0
"""From the headers to the end of the body: it is one packet, from a proxy on this machine."""

JSON: Final = "application/json"

_EXPECTED: Final = {
    "#": "expected an object with number and line, and perhaps listener and window",
    "#/number": "expected a telephone number as text, of 1 to 40 characters",
    "#/line": "expected the name of a line",
    "#/listener": "expected a listener's code as text, or null",
    "#/window": "expected an object with begins, ends or both, or null",
    "#/window/begins": "expected a time with its offset, such as 2026-01-05T09:00:00+01:00",
    "#/window/ends": "expected a time with its offset, such as 2026-01-05T12:00:00+01:00",
}
"""What is said of each place: msgspec's own words may repeat what stood there."""

_AT: Final = re.compile(r" - at `\$((?:\.[a-z]+)*)`\Z")
_MISSING: Final = re.compile(r"missing required field `([a-z]+)`")


async def read_body(request: web.Request) -> bytes:
    """Give the whole body, and read no more than is allowed.

    Raises
    ------
    Problem
        if it is not said to be JSON, too large, or too slow.

    """
    if request.content_type != JSON or "Content-Encoding" in request.headers:
        raise Problem("not_json", f"expected Content-Type: {JSON}, and no Content-Encoding")
    if (request.content_length or 0) > LARGEST_BODY_BYTES:
        raise _too_large()
    body = bytearray()
    try:
        async with asyncio.timeout(BODY_SECONDS):
            while part := await request.content.readany():
                body += part
                if len(body) > LARGEST_BODY_BYTES:
                    raise _too_large()
    except TimeoutError:
        raise Problem("too_slow", f"expected all of it within {BODY_SECONDS:g} s") from None
    except (web.RequestPayloadError, OSError):
        raise Problem("bad_request", "the body did not come whole") from None
    return bytes(body)


def read_new_promise(body: bytes) -> NewPromise:
    """Read what is asked for.

    Raises
    ------
    Problem
        if it is not JSON, or not as expected: then it says where.

    """
    try:
        return msgspec.json.decode(body, type=NewPromise)
    except msgspec.ValidationError as error:
        pointer = _pointer(str(error))
        raise Problem("invalid", _EXPECTED[pointer], pointer=pointer) from None
    except (msgspec.DecodeError, UnicodeError, RecursionError):
        raise Problem("bad_json", "expected one JSON object, in UTF-8") from None


def _pointer(words: str) -> str:
    """Give where msgspec found something wrong; the nearest place that we know of."""
    at, missing = _AT.search(words), _MISSING.search(words)
    pointer = "#" + (at[1].replace(".", "/") if at is not None else "")
    if missing is not None:
        pointer += f"/{missing[1]}"
    return pointer if pointer in _EXPECTED else "#"


def _too_large() -> Problem:
    return Problem("too_large", f"expected at most {LARGEST_BODY_BYTES} bytes")
