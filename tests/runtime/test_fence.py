"""The fence at Asterisk: the newest daemon's epoch is put there, and an older one finds it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any, cast

import pytest

from router.ami.link import AmiLink
from router.ami.message import Message
from router.ami.pending import Fields
from router.errors import Superseded
from router.runtime.fence import Fence
from router.store.embedded import EmbeddedStore
from router.store.lease import Lease
from tests.ami.fake_link import FakeLink
from tests.ami.words import response
from tests.store.epochs import taken


class Asterisk:
    """A link to an Asterisk that keeps the epoch it is told."""

    def __init__(self, epoch: str = "") -> None:
        self.epoch = epoch
        self.link = FakeLink()
        self.link.answer_to = self._answer

    def _answer(self, fields: Fields) -> Message:
        assert fields["Variable"] == "DECROCHE_EPOCH"
        if "Value" in fields:
            self.epoch = str(fields["Value"])
        return response("Success", Variable="DECROCHE_EPOCH", Value=self.epoch)

    @property
    def actions(self) -> list[str]:
        return [sent.action for sent in self.link.sent]


class Post:
    """A fence, its lease, and how often the loop was told to look."""

    def __init__(self, url: str) -> None:
        self.lease = Lease(url)
        self.woken = 0
        self.fence = Fence(self.lease, self._wake)

    async def tend(self, asterisk: Asterisk) -> None:
        await self.fence.tend(cast("AmiLink", asterisk.link))

    async def look(self, asterisk: Asterisk) -> None:
        await self.fence.look(cast("AmiLink", asterisk.link))

    def _wake(self) -> None:
        self.woken += 1


Scene = Callable[[str], Coroutine[Any, Any, None]]


def play(folder: Path, scene: Scene) -> None:
    async def with_store() -> None:
        store = EmbeddedStore(folder)
        try:
            await scene(await store.start())
        finally:
            await store.stop()

    asyncio.run(with_store())


def test_at_a_new_link_asterisk_is_told_our_epoch_once(tmp_path: Path) -> None:
    async def scene(url: str) -> None:
        post, asterisk = Post(url), Asterisk()
        await taken(post.lease)
        for _ in range(3):
            await post.tend(asterisk)
        assert asterisk.epoch == "1"
        assert asterisk.actions == ["Getvar", "Setvar", "Getvar", "Getvar"]

    play(tmp_path, scene)


def test_an_older_daemon_finds_the_newer_ones_epoch_and_leaves_it_there(tmp_path: Path) -> None:
    async def scene(url: str) -> None:
        older, newer, asterisk = Post(url), Post(url), Asterisk()
        await taken(older.lease)
        await older.tend(asterisk)
        await taken(newer.lease)
        await newer.tend(asterisk)
        await older.look(asterisk)
        assert (asterisk.epoch, older.woken, newer.woken) == ("2", 1, 0)
        with pytest.raises(Superseded, match=r"epoch 2.*epoch 1"):
            older.lease.check()
        await newer.look(asterisk)
        assert not newer.lease.is_lost

    play(tmp_path, scene)


def test_an_older_daemon_that_comes_back_to_asterisk_asks_the_store_and_is_told(
    tmp_path: Path,
) -> None:
    async def scene(url: str) -> None:
        older, newer, asterisk = Post(url), Post(url), Asterisk()
        for one in (older, newer):
            await taken(one.lease)
        await newer.tend(asterisk)
        await older.tend(asterisk)
        assert (asterisk.epoch, older.woken, older.lease.is_lost) == ("2", 1, True)

    play(tmp_path, scene)


@pytest.mark.parametrize("left", ["7", "0", "", "-7", "x", "9" * 20])
def test_what_a_lost_store_or_somebody_else_has_left_there_is_no_newer_daemon(
    tmp_path: Path, left: str
) -> None:
    async def scene(url: str) -> None:
        post, asterisk = Post(url), Asterisk(left)
        await taken(post.lease)
        await post.tend(asterisk)
        assert asterisk.epoch == ("8" if left == "7" else "1")
        assert not post.lease.is_lost

    play(tmp_path, scene)


def test_a_daemon_without_an_epoch_tells_none_until_it_has_one(tmp_path: Path) -> None:
    async def scene(url: str) -> None:
        post, asterisk = Post(url), Asterisk("3")
        await post.tend(asterisk)
        assert asterisk.actions == ["Getvar"]
        await taken(post.lease)
        await post.look(asterisk)
        assert asterisk.epoch == "4"

    play(tmp_path, scene)


def test_an_asterisk_that_is_away_is_no_newer_daemon(tmp_path: Path) -> None:
    async def scene(url: str) -> None:
        post, asterisk = Post(url), Asterisk()
        await taken(post.lease)
        asterisk.link.is_down = True
        await post.look(asterisk)
        assert not post.lease.is_lost

    play(tmp_path, scene)
