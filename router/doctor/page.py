"""What a daemon that runs here serves on a port of this machine."""

from __future__ import annotations

from http.client import HTTPConnection, HTTPException

from router.web.server import HOST

ANSWER_SECONDS = 2.0
"""A page takes milliseconds."""


def page_of(port: int, path: str) -> bytes | None:
    """Give what is there; None where nobody answers, or not as a web server that has it."""
    connection = HTTPConnection(HOST, port, timeout=ANSWER_SECONDS)
    try:
        connection.request("GET", path)
        answer = connection.getresponse()
        return answer.read() if answer.status == 200 else None  # noqa: PLR2004 - HTTP's own word
    except (OSError, HTTPException):
        return None
    finally:
        connection.close()
