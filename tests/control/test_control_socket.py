"""What ops ask of the running daemon, over its socket."""

from __future__ import annotations

import asyncio
import os
import socket
import stat
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from router.control.client import ask
from router.errors import ControlError
from router.web.control import LARGEST_BODY_BYTES, SOCKET_NAME, ControlServer

NOBODY = 65_534
Scene = Callable[[], Awaitable[None]]


class House:
    """A daemon's state directory, and what it was asked."""

    def __init__(self, state_dir: Path) -> None:
        self.state_dir = state_dir
        self.path = state_dir / SOCKET_NAME
        self.heard: list[bytes] = []
        self.server = ControlServer(
            state_dir, {"note": self._note, "tell": self._tell, "refuse": self._refuse}
        )

    def while_open(self, scene: Scene) -> None:
        async def played() -> None:
            await self.server.start()
            try:
                await scene()
            finally:
                await self.server.stop()

        asyncio.run(played())

    async def ask(self, command: str, body: bytes = b"") -> bytes:
        return await asyncio.to_thread(ask, self.state_dir, command, body)

    async def refused(self, command: str, body: bytes = b"") -> str:
        with pytest.raises(ControlError) as refused:
            await self.ask(command, body)
        return str(refused.value)

    async def _note(self, body: bytes) -> None:
        self.heard.append(body)

    async def _tell(self, body: bytes) -> bytes:
        return body[::-1]

    async def _refuse(self, _: bytes) -> None:
        raise ControlError("expected something else")


@pytest.fixture
def house(tmp_path: Path) -> House:
    return House(tmp_path / "state")


def test_what_is_asked_reaches_the_daemon_and_only_its_user_may_ask(house: House) -> None:
    async def scene() -> None:
        await house.ask("note", "à l'écoute".encode())
        assert house.heard == ["à l'écoute".encode()]
        assert stat.S_IMODE(house.path.stat().st_mode) == 0o600
        assert stat.S_IMODE(house.state_dir.stat().st_mode) == 0o700

    house.while_open(scene)
    assert not house.path.exists()


def test_what_there_is_to_tell_is_the_answer_and_else_that_it_is_done(house: House) -> None:
    async def scene() -> None:
        assert await house.ask("tell", b"abc") == b"cba"
        assert await house.ask("note", b"abc") == b"done"

    house.while_open(scene)


def test_a_refusal_is_told_in_the_daemons_own_words(house: House) -> None:
    async def scene() -> None:
        assert await house.refused("refuse") == "expected something else"

    house.while_open(scene)


def test_a_command_of_another_version_is_told_as_such(house: House) -> None:
    async def scene() -> None:
        assert "does not know this command" in await house.refused("later")

    house.while_open(scene)


def test_who_says_too_much_is_not_listened_to(house: House) -> None:
    async def scene() -> None:
        await house.refused("note", b"x" * (LARGEST_BODY_BYTES + 1))
        assert house.heard == []

    house.while_open(scene)


def test_without_a_daemon_it_is_said_that_none_runs(house: House) -> None:
    assert "the daemon does not run" in asyncio.run(house.refused("note"))


def test_a_killed_daemons_socket_is_told_as_such_and_taken_over_by_the_next(house: House) -> None:
    house.state_dir.mkdir()
    with socket.socket(socket.AF_UNIX) as killed:
        killed.bind(str(house.path))
        killed.listen()
    assert "the daemon does not run" in asyncio.run(house.refused("note"))

    async def scene() -> None:
        await house.ask("note", b"again")

    house.while_open(scene)
    assert house.heard == [b"again"]


def test_a_second_daemon_leaves_the_firsts_socket_alone(house: House) -> None:
    async def scene() -> None:
        with pytest.raises(ControlError, match="another daemon listens there"):
            await ControlServer(house.state_dir, {}).start()
        await house.ask("note", b"still here")

    house.while_open(scene)
    assert house.heard == [b"still here"]


def test_a_file_that_is_no_socket_is_not_taken_away(house: House) -> None:
    house.state_dir.mkdir()
    house.path.write_text("somebody's")
    with pytest.raises(ControlError, match="no socket"):
        asyncio.run(house.server.start())
    assert house.path.read_text() == "somebody's"


def test_another_user_is_told_whose_socket_it_is(house: House) -> None:
    async def scene() -> None:
        with barred_from(house.state_dir):
            assert "as the daemon's user" in await house.refused("note")

    house.while_open(scene)


def test_a_path_that_no_socket_can_have_is_refused_by_both_sides(tmp_path: Path) -> None:
    deep = House(tmp_path / ("x" * 120))
    with pytest.raises(ControlError, match="expected a shorter state_dir"):
        asyncio.run(deep.server.start())
    assert "expected a shorter state_dir" in asyncio.run(deep.refused("note"))


@contextmanager
def barred_from(folder: Path) -> Iterator[None]:
    """Be a user who may not enter this folder."""
    if os.geteuid() == 0:
        folder.chmod(0o700)
        os.seteuid(NOBODY)
        try:
            yield
        finally:
            os.seteuid(0)
    else:
        folder.chmod(0o000)
        try:
            yield
        finally:
            folder.chmod(0o700)
