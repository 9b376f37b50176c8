"""Keeps exactly one link to Asterisk alive, for as long as it is wanted."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import structlog

from router.ami.deadlines import USUAL, Deadlines
from router.ami.errors import LoginRefused
from router.ami.guard import call_guarded
from router.ami.link import Account, AmiLink
from router.ami.message import Message
from router.errors import AmiError

_log = structlog.get_logger(__name__)

FIRST_PAUSE_SECONDS = 0.2
"""A cut connection is most often back at once, and callers wait meanwhile."""

LONGEST_PAUSE_SECONDS = 5.0
"""An Asterisk that restarts is back within seconds; with this it is found within 15 s."""

REFUSED_PAUSE_SECONDS = 30.0
"""A wrong secret is mended by a person; asking faster only fills Asterisk's security log."""

STEADY_SECONDS = 20.0
"""A link that held less long counts as one more failure, so that one that flaps is not hammered:
nor is an Asterisk that lets us in and does not say what it holds, whose link is given up after the
listing's deadline and those of what is asked before."""

JITTER_SHARE = 0.2
"""Several daemons that lost one Asterisk shall not come back in step."""


def pause_seconds(failures: int, jitter: float) -> float:
    """How long to wait after so many failures in a row (1 or more); `jitter` is from 0 to 1."""
    doublings = min(failures - 1, 10)
    pause = min(FIRST_PAUSE_SECONDS * 2.0**doublings, LONGEST_PAUSE_SECONDS)
    return pause * (1 - JITTER_SHARE * jitter)


class Reconnect:
    """The one owner of links.

    `on_up` is called with each link that opens, `on_down` with the reason each time that one is
    lost: always in turn, at once, and never after `stop`. Events of a link may come just before
    its `on_up`. `jitter` gives numbers from 0 to 1.
    """

    def __init__(
        self,
        account: Account,
        *,
        on_event: Callable[[Message], None],
        on_up: Callable[[AmiLink], None],
        on_down: Callable[[Exception], None],
        jitter: Callable[[], float],
        deadlines: Deadlines = USUAL,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self.link: AmiLink | None = None
        """The link that is up now."""
        self._account = account
        self._on_event = on_event
        self._on_up = on_up
        self._on_down = on_down
        self._jitter = jitter
        self._deadlines = deadlines
        self._sleep = sleep
        self._failures = 0
        self._told: type[Exception] | None = None
        self._task: asyncio.Task[None] | None = None
        self._stopped = False

    def start(self) -> None:
        """Begin to connect, and go on for ever. Once: a stopped one stays stopped."""
        if self._task is None and not self._stopped:
            self._task = asyncio.create_task(self._keep_connected(), name="ami-reconnect")

    async def stop(self) -> None:
        """End whatever is under way, a link that is up too. Nothing is called back after this."""
        self._stopped = True
        link, self.link = self.link, None
        if link is not None:
            link.close()
        if self._task is not None:
            self._task.cancel()
            await asyncio.wait([self._task])

    async def _keep_connected(self) -> None:
        while True:
            try:
                await self._hold_one_link()
            except AmiError as error:
                self._failures += 1
                self._tell(error)
                refused = isinstance(error, LoginRefused)
            except Exception:  # noqa: BLE001 - said below
                # A task's end: left to itself it would go in silence, and no link would come again.
                self._failures += 1
                refused = False
                _log.exception("ami_reconnect_failed")
            else:
                refused = False
            pause = pause_seconds(max(self._failures, 1), self._jitter())
            await self._sleep(REFUSED_PAUSE_SECONDS if refused else pause)

    async def _hold_one_link(self) -> None:
        loop = asyncio.get_running_loop()
        lost: asyncio.Future[None] = loop.create_future()

        def fall(reason: Exception) -> None:
            self.link = None
            lost.set_result(None)
            _log.warning("ami_link_lost", error=type(reason).__name__, reason=str(reason))
            call_guarded("on_down", self._on_down, reason)

        link = await AmiLink.open(
            self._account, on_event=self._on_event, on_lost=fall, deadlines=self._deadlines
        )
        self.link = link
        self._told = None
        up_since = loop.time()
        _log.info("ami_link_up", version=link.version)
        call_guarded("on_up", self._on_up, link)
        await lost
        held = loop.time() - up_since >= STEADY_SECONDS
        self._failures = 0 if held else self._failures + 1

    def _tell(self, error: AmiError) -> None:
        """Say a failure once, until another kind of failure or a link comes in between."""
        if type(error) is self._told:
            return
        self._told = type(error)
        if isinstance(error, LoginRefused):
            _log.error("ami_login_refused", how_to_mend=str(error))
        else:
            _log.warning("ami_unreachable", reason=str(error))
