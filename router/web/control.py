"""The control socket: what ops ask of the running daemon. Who may open its file may ask."""

from __future__ import annotations

import errno
import os
import socket
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import Final

from aiohttp import web

from router.errors import ControlError, DecrocheError
from router.web.unspoken import SILENT, without_words

SOCKET_NAME: Final = "control.sock"
"""In the state directory."""

LONGEST_PATH_BYTES: Final = 107
"""What the kernel takes for a socket's path."""

LARGEST_BODY_BYTES: Final = 4_096
"""What is asked is a few words."""

LEAVE_SECONDS: Final = 1.0
"""How long what is being asked may take when the daemon leaves."""

_OTHERS_MASK: Final = 0o177
"""The socket's file is made with mode 0600."""

Command = Callable[[bytes], Awaitable[bytes | None]]
"""Does what is asked, and gives what there is to tell of it; None: that it is done. Raises
`DecrocheError`, in words for a person, if it cannot."""


class ControlServer:
    """Serves `POST /<command>` on a Unix socket, for each of the commands."""

    def __init__(self, state_dir: Path, commands: Mapping[str, Command]) -> None:
        self._path = state_dir / SOCKET_NAME
        self._commands = commands
        self._runner: web.AppRunner | None = None

    async def start(self) -> None:
        """Listen.

        Raises
        ------
        ControlError
            if the socket cannot be had, or another daemon listens there.

        """
        listening = _listen(self._path)
        app = web.Application(client_max_size=LARGEST_BODY_BYTES, middlewares=[without_words])
        for name, command in self._commands.items():
            app.router.add_post(f"/{name}", _answering(command))
        self._runner = web.AppRunner(
            app, access_log=None, logger=SILENT, shutdown_timeout=LEAVE_SECONDS
        )
        await self._runner.setup()
        await web.SockSite(self._runner, listening).start()

    async def stop(self) -> None:
        """Stop listening, and take the socket away."""
        if self._runner is not None:
            self._path.unlink(missing_ok=True)
            await self._runner.cleanup()
            self._runner = None


def checked_path(path: Path) -> str:
    """Give a socket's path as the kernel takes it.

    Raises
    ------
    ControlError
        if it is too long.

    """
    if len(os.fsencode(path)) > LONGEST_PATH_BYTES:
        raise ControlError(
            f"{path}: longer than {LONGEST_PATH_BYTES} bytes; expected a shorter state_dir"
        )
    return str(path)


def _answering(command: Command) -> Callable[[web.Request], Awaitable[web.Response]]:
    async def answer(request: web.Request) -> web.Response:
        try:
            told = await command(await request.read())
        except DecrocheError as error:
            return web.Response(status=422, text=str(error))
        return web.Response(body=told if told is not None else b"done")

    return answer


def _listen(path: Path) -> socket.socket:
    address = checked_path(path)
    listening = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        _clear(path, address)
        _bind(listening, address)
    except OSError as error:
        listening.close()
        raise ControlError(f"{path}: cannot be made ({error.strerror})") from error
    except ControlError:
        listening.close()
        raise
    return listening


def _bind(listening: socket.socket, address: str) -> None:
    mask = os.umask(_OTHERS_MASK)
    try:
        listening.bind(address)
    finally:
        os.umask(mask)


def _clear(path: Path, address: str) -> None:
    """Take away what a daemon has left that was killed; one that lives is left alone."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as probe:
        try:
            probe.connect(address)
        except FileNotFoundError:
            return
        except OSError as error:
            if error.errno != errno.ECONNREFUSED:
                raise
        else:
            raise ControlError(f"{path}: another daemon listens there")
    if not path.is_socket():
        raise ControlError(f"{path}: is there, and is no socket; take it away")
    path.unlink()
