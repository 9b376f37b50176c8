"""What keeps an older daemon from dialling: Asterisk knows the newest epoch, and is asked of it."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

import structlog

from router.ami import contract
from router.ami.link import AmiLink
from router.errors import AmiError, Superseded
from router.store.lease import Lease

NUMBER: Final = re.compile(r"[0-9]{1,15}")
"""Of epochs; what else stands there is nobody's."""

log = structlog.get_logger(__name__)


class Fence:
    """Stands at each link to Asterisk. `wake` has the loop look whether it may go on."""

    def __init__(self, lease: Lease, wake: Callable[[], None]) -> None:
        self._lease = lease
        self._wake = wake
        self._stands_at: AmiLink | None = None
        """The link by which Asterisk was told our epoch."""

    async def tend(self, link: AmiLink) -> None:
        """Put our epoch to Asterisk, or find that a newer one is there.

        On a new link it may be left from a store that has been lost: then ours is raised above it.

        Raises
        ------
        AmiError
            if Asterisk does not answer.

        """
        seen = await _seen(link)
        if self._lease.epoch is None or self._lease.is_lost:
            return
        if seen > self._lease.epoch and not await self._is_ours_to_raise(link, seen):
            return
        if self._stands_at is not link or seen != self._lease.epoch:
            await link.send("Setvar", {"Variable": contract.EPOCH, "Value": str(self._lease.epoch)})
            self._stands_at = link
            log.info("epoch_told", epoch=self._lease.epoch)

    async def look(self, link: AmiLink) -> None:
        """Tend to it once more; should Asterisk not answer, others find that out."""
        try:
            await self.tend(link)
        except AmiError as error:
            log.debug("fence_not_looked_at", problem=type(error).__name__)

    async def _is_ours_to_raise(self, link: AmiLink, seen: int) -> bool:
        if link is self._stands_at:
            # It was not there before us, so it came after.
            self._lease.lose(seen)
            self._wake()
            return False
        try:
            return await self._lease.confirm(above=seen)
        except Superseded:
            self._wake()
            return False


async def _seen(link: AmiLink) -> int:
    answer = await link.send("Getvar", {"Variable": contract.EPOCH})
    value = answer.get("Value")
    return int(value) if NUMBER.fullmatch(value) else 0
