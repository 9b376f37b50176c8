"""Which daemon is the newest on a store.

Each start takes the next epoch. What an older daemon would still write the store itself refuses.
"""

from __future__ import annotations

import asyncio
import os
import secrets
import socket
from collections.abc import Sequence
from typing import Any, Final, cast

import structlog
from redis.exceptions import ResponseError

from router.errors import Superseded
from router.store.client import STORE_TROUBLE, Client, open_client

EPOCH: Final = "decroche:epoch"
"""A hash: the `number` of the newest epoch, and its `holder`."""

CONFIRM_SECONDS: Final = 0.3
"""For a question beside the writing: somebody waits for a dial, or everybody for the journal."""

_READ: Final = """
local stored = tonumber(redis.call('HGET', KEYS[1], 'number') or '') or 0
local holder = redis.call('HGET', KEYS[1], 'holder') or ''
local me, own = ARGV[1], tonumber(ARGV[2])
if own > 0 and stored > own then
  return redis.error_reply('SUPERSEDED ' .. stored .. ' ' .. holder)
end
"""

_TAKE: Final = f"""{_READ}
local above = tonumber(ARGV[3])
if holder ~= me or stored <= above then
  stored = math.max(stored, own, above) + 1
  redis.call('HSET', KEYS[1], 'number', stored, 'holder', me)
end
return stored
"""
"""Asked twice by one daemon, it answers the same: a reply may be lost."""

_RUN: Final = f"""{_READ}
if stored < own then
  redis.call('HSET', KEYS[1], 'number', own, 'holder', me)
end
local answers, at = {{}}, 3
while at <= #ARGV do
  local words = tonumber(ARGV[at])
  answers[#answers + 1] = redis.call(unpack(ARGV, at + 1, at + words))
  at = at + words + 1
end
return answers
"""
"""A store that has lost the epoch, with all else that it held, is given it back: that makes nobody
newer."""

Word = str | bytes | float
StoreCommand = Sequence[Word]
"""As the store takes it: its name and its arguments."""

log = structlog.get_logger(__name__)


class Lease:
    """One daemon's epoch. What it writes through here is written only while nobody is newer.

    Every method but `fenced` raises `Superseded` once somebody is.
    """

    def __init__(self, url: str) -> None:
        self.url = url
        self.epoch: int | None = None
        """None: the store has not been reached yet."""
        self._me = f"{socket.gethostname()}, process {os.getpid()}, {secrets.token_hex(4)}"
        self._taking = asyncio.Lock()
        self._superseded: Superseded | None = None

    @property
    def is_lost(self) -> bool:
        """Whether a newer daemon is there."""
        return self._superseded is not None

    def check(self) -> None:
        """Raise if a newer daemon is known of."""
        if self._superseded is not None:
            raise self._superseded

    def lose(self, newer: int, holder: str = "") -> None:
        """Note that a newer daemon is there."""
        if self._superseded is None:
            who = f" on {holder}" if holder else ""
            self._superseded = Superseded(
                f"a newer daemon (epoch {newer}{who}) routes the calls now, and this one (epoch "
                f"{self.epoch}) ends. Expected one daemon on one store and one Asterisk: leave "
                "this one stopped, or start it again to have it take over"
            )
            log.critical("superseded", epoch=self.epoch, by=newer, holder=holder)

    async def hold(self, client: Client) -> None:
        """Take the next epoch, unless there is one."""
        self.check()
        async with self._taking:
            if self.epoch is None:
                await self._take(client)

    async def run(self, client: Client, commands: Sequence[StoreCommand]) -> list[Any]:
        """Run these commands, all or none, in one round trip; give their answers."""
        await self.hold(client)
        try:
            answers = await cast("Any", client).eval(*self.fenced(commands))
        except ResponseError as error:
            self.judge(error)
            raise
        return cast("list[Any]", answers)

    def fenced(self, commands: Sequence[StoreCommand]) -> tuple[Word, ...]:
        """Give what an `EVAL` takes to run these commands; for whoever has `hold`."""
        counted = (word for command in commands for word in (len(command), *command))
        return (_RUN, 1, EPOCH, self._me, self.epoch or 0, *counted)

    def judge(self, answer: Exception) -> None:
        """Raise `Superseded` if this answer of the store says so."""
        word, _, rest = str(answer).partition(" ")
        if word == "SUPERSEDED":
            newer, _, holder = rest.partition(" ")
            self.lose(int(newer), holder)
            self.check()

    async def confirm(self, above: int = 0) -> bool:
        """Ask the store whether we are the newest, on a connection of its own.

        False where it cannot be asked. With `above`, our epoch is to be higher than that.
        """
        self.check()
        client = open_client(self.url)
        try:
            async with asyncio.timeout(CONFIRM_SECONDS):
                async with self._taking:
                    await self._take(client, above)
                return True
        except STORE_TROUBLE:
            return False
        finally:
            await client.aclose()

    async def _take(self, client: Client, above: int = 0) -> None:
        asked = (_TAKE, 1, EPOCH, self._me, self.epoch or 0, above)
        try:
            self.epoch = int(await cast("Any", client).eval(*asked))
        except ResponseError as error:
            self.judge(error)
            raise
