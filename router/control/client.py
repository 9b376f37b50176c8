"""Asking the running daemon, over its control socket."""

from __future__ import annotations

import asyncio
from http import HTTPStatus
from pathlib import Path
from typing import Final

import aiohttp

from router.errors import ControlError
from router.web.control import SOCKET_NAME, checked_path

ANSWER_SECONDS: Final = 10.0
"""Longer than the daemon itself takes before it says that it cannot."""


def ask(state_dir: Path, command: str, body: bytes) -> bytes:
    """Have the daemon of this state directory do something, and give what it tells of it.

    Raises
    ------
    ControlError
        if it does not run, may not be asked by this user, or cannot do it.

    """
    return asyncio.run(_ask(state_dir / SOCKET_NAME, command, body))


async def _ask(path: Path, command: str, body: bytes) -> bytes:
    connector = aiohttp.UnixConnector(checked_path(path))
    patience = aiohttp.ClientTimeout(total=ANSWER_SECONDS)
    async with aiohttp.ClientSession(connector=connector, timeout=patience) as session:
        try:
            async with session.post(f"http://decroche/{command}", data=body) as answer:
                said = await answer.read()
        except aiohttp.ClientConnectorError as error:
            raise _cannot_open(path, error.os_error) from error
        except (aiohttp.ClientError, TimeoutError) as error:
            raise ControlError(f"{path}: the daemon did not answer; look at its log") from error
    if answer.status == HTTPStatus.NOT_FOUND:
        raise ControlError(f"{path}: the daemon does not know this command: is it of this version?")
    if not answer.ok:
        raise ControlError(said.decode(errors="replace"))
    return said


def _cannot_open(path: Path, error: OSError) -> ControlError:
    if isinstance(error, PermissionError):
        return ControlError(
            f"{path}: may not be opened by this user; run the command as the daemon's user, "
            "such as: runuser -u decroche -- decroche ..."
        )
    if isinstance(error, FileNotFoundError | ConnectionRefusedError):
        return ControlError(f"{path}: nobody listens there: the daemon does not run")
    return ControlError(f"{path}: cannot be opened ({error.strerror})")
