"""One connection to Asterisk, from its login to its end. It lives once and never reconnects."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import structlog

from router.ami.deadlines import USUAL, Deadlines
from router.ami.errors import ActionTimedOut, LinkDown, LoginRefused
from router.ami.guard import call_guarded
from router.ami.manager import OneConnection
from router.ami.message import Message
from router.ami.pending import Fields, PendingAction, PendingList
from router.ami.protocol import LinkProtocol

_log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Account:
    """Where Asterisk's manager listens and who we are there. The secret is never shown."""

    host: str
    port: int
    username: str
    secret: str = field(repr=False)


Messages = Sequence[Message]


class AmiLink:
    """A link that is up: logged in, on an Asterisk that has fully booted.

    `on_event` is called with each event, at once and in stream order; events may come just
    before `open` returns. `on_lost` is called exactly once, with the reason, when a link that
    was opened is lost; not after `close`. Neither can end the link by raising.
    """

    def __init__(
        self,
        account: Account,
        *,
        on_event: Callable[[Message], None],
        on_lost: Callable[[Exception], None],
        deadlines: Deadlines = USUAL,
    ) -> None:
        """Prepare; `open` is the way to a link that is up."""
        self._account = account
        self._on_event = on_event
        self._on_lost = on_lost
        self._deadlines = deadlines
        self._protocol = LinkProtocol(self._hear, self._end)
        self._manager = OneConnection(account.host, account.port, self._protocol)
        self._booted: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._watch: asyncio.Task[None] | None = None

    @classmethod
    async def open(
        cls,
        account: Account,
        *,
        on_event: Callable[[Message], None],
        on_lost: Callable[[Exception], None],
        deadlines: Deadlines = USUAL,
    ) -> AmiLink:
        """Connect, log in and wait until Asterisk has fully booted.

        Raises
        ------
        LinkDown
            if Asterisk cannot be reached, hangs up meanwhile or does not finish booting.
        LoginRefused
            if it does not let this user in.
        ActionTimedOut
            if it does not answer the login.

        """
        link = cls(account, on_event=on_event, on_lost=on_lost, deadlines=deadlines)
        try:
            await link._connect()
            await link._log_in()
            await link._until_booted()
        except BaseException:
            link.close()
            raise
        link._watch = asyncio.create_task(link._keep_watch(), name="ami-liveness")
        return link

    @property
    def version(self) -> str:
        """The version of the manager protocol, as Asterisk's banner says it (`11.0.0`)."""
        return self._protocol.version

    @property
    def is_up(self) -> bool:
        """Whether actions can be sent."""
        return not self._protocol.closed

    def send(self, action: str, fields: Fields) -> asyncio.Future[Message]:
        """Write an action to the socket at once; the future is Asterisk's acknowledgement.

        An acknowledgement may say no (`Message.refused`). An `Originate` is always made
        asynchronous. The future fails with ActionTimedOut or LinkDown; who does not look at
        it misses nothing but the answer.

        Raises
        ------
        LinkDown
            if the link is down; the action is not kept for later.
        UnsafeField
            if a field cannot be sent safely.

        """
        return self._send(PendingAction(action, fields), self._deadlines.action_seconds)

    async def list(self, action: str, fields: Fields) -> Messages:
        """Send a listing action, and give its items in Asterisk's order, without its end.

        Raises
        ------
        ActionRefused
            if Asterisk says no, or does not come to an end.
        ActionTimedOut, LinkDown, UnsafeField
            as with `send`.

        """
        items: Messages = await self._send(
            PendingList(action, fields), self._deadlines.list_seconds
        )
        return items

    def close(self) -> None:
        """End the link for good. Nothing is called back after this, whatever state it was in."""
        self._manager.close()
        self._stop_waiting()

    def give_up(self, reason: Exception) -> None:
        """Declare the link lost, as if Asterisk had closed it."""
        if self.is_up:
            self._manager.close()
            self._end(reason)

    async def _connect(self) -> None:
        where = f"{self._account.host}:{self._account.port}"
        try:
            async with asyncio.timeout(self._deadlines.connect_seconds):
                await self._manager.connect()
        except TimeoutError:
            within = f"within {self._deadlines.connect_seconds} s"
            raise LinkDown(f"Asterisk's manager at {where} took no connection {within}") from None
        except OSError as error:
            raise LinkDown(
                f"Asterisk's manager at {where} cannot be reached: "
                f"{error.strerror or error}. Does Asterisk run, "
                "with `enabled = yes` and this address and port in manager.conf?",
            ) from error

    async def _log_in(self) -> None:
        account = self._account
        fields = {"Username": account.username, "Secret": account.secret, "Events": "on"}
        pending = PendingAction("Login", fields)
        answer = await self._send(pending, self._deadlines.login_seconds)
        if answer.refused:
            raise LoginRefused(
                f"Asterisk at {account.host}:{account.port} refused the login of "
                f"{account.username!r}: make user and secret the same in our configuration and in "
                "manager.conf, let this machine in by its permit and deny lines, and run "
                "`asterisk -rx 'manager reload'`",
            )

    async def _until_booted(self) -> None:
        try:
            async with asyncio.timeout(self._deadlines.boot_seconds):
                await self._booted
        except TimeoutError:
            raise LinkDown(
                f"no FullyBooted within {self._deadlines.boot_seconds} s of the login: Asterisk "
                "is still starting, or the account lacks `system` in its read line",
            ) from None
        if not self.is_up:
            raise LinkDown("Asterisk hung up as soon as it had booted")

    def _send(self, pending: PendingAction, deadline_seconds: float) -> asyncio.Future[Any]:
        future: asyncio.Future[Any] = self._manager.send_action(pending)
        deadline = asyncio.get_running_loop().call_later(
            deadline_seconds, self._give_up, pending, deadline_seconds
        )
        future.add_done_callback(lambda _: deadline.cancel())
        future.add_done_callback(_look_at_failure)
        return future

    @staticmethod
    def _give_up(pending: PendingAction, deadline_seconds: float) -> None:
        if not pending.future.done():
            _log.warning("ami_action_timed_out", action=pending.name, seconds=deadline_seconds)
            pending.future.set_exception(
                ActionTimedOut(f"{pending.name}: no answer within {deadline_seconds} s"),
            )

    async def _keep_watch(self) -> None:
        while True:
            await asyncio.sleep(self._deadlines.ping_every_seconds)
            try:
                await self._send(PendingAction("Ping", {}), self._deadlines.pong_seconds)
            except ActionTimedOut:
                silence = f"no pong within {self._deadlines.pong_seconds} s"
                self._protocol.connection_lost(LinkDown(f"Asterisk is silent: {silence}"))
                return
            except LinkDown:
                return

    def _hear(self, event: Message) -> None:
        if event.name == "FullyBooted" and not self._booted.done():
            self._booted.set_result(None)
        self._on_event(event)

    def _end(self, reason: Exception | None) -> None:
        was_open = self._watch is not None
        self._stop_waiting()
        if was_open:
            error = reason or LinkDown("Asterisk closed the connection")
            call_guarded("on_lost", self._on_lost, error)

    def _stop_waiting(self) -> None:
        if not self._booted.done():
            self._booted.set_exception(LinkDown("Asterisk hung up before it had booted"))
        _look_at_failure(self._booted)
        if self._watch is not None:
            self._watch.cancel()


def _look_at_failure(future: asyncio.Future[Any]) -> None:
    # asyncio complains of failures that nobody looked at; ours are logged where they arise.
    if not future.cancelled():
        future.exception()
