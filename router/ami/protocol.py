"""panoramisk's protocol with our own framing, and answers that never swallow an event."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import structlog
from panoramisk.ami_protocol import AMIProtocol

from router.ami.errors import LinkDown, UnsafeField
from router.ami.guard import call_guarded
from router.ami.message import Message
from router.ami.pending import LIST_ID_PREFIX, PendingAction
from router.ami.wire import Framer

_log = structlog.get_logger(__name__)

_LIST_ID = LIST_ID_PREFIX.encode()


class LinkProtocol(AMIProtocol):  # type: ignore[misc]  # panoramisk has no types
    """One connection's stream, both ways.

    `on_event` is called with each event, in stream order and before `data_received` returns;
    `on_lost` once, with the reason (None: hung up), unless `close` came first.
    """

    def __init__(
        self,
        on_event: Callable[[Message], None],
        on_lost: Callable[[Exception | None], None],
    ) -> None:
        self._on_event = on_event
        self._on_lost = on_lost
        self.framer = Framer()
        self.responses: dict[str, PendingAction] = {}
        self.transport: asyncio.Transport | None = None
        self.closed = False
        self.failed_handlers = 0
        self.unexpected_messages = 0
        """Late answers, answers to nobody, and what is neither an event nor an answer."""

    @property
    def version(self) -> str:
        """The protocol's version, from the banner; empty where there was none."""
        return self.framer.version or ""

    def connection_made(self, transport: asyncio.Transport) -> None:
        """Begin, unless the link was closed while it was still connecting."""
        self.transport = transport
        if self.closed:
            transport.abort()

    def send(self, data: PendingAction, as_list: object = None) -> asyncio.Future[Message]:  # noqa: ARG002  panoramisk's manager passes it
        """Write an action to the socket now, and give the future of its answer.

        Raises
        ------
        LinkDown
            if there is no connection; nothing is kept for a later one.
        UnsafeField
            if a field cannot be sent, or its ActionID is waiting for its answer already.

        """
        if self.closed or self.transport is None or self.transport.is_closing():
            raise LinkDown(f"{data.name} was not sent: there is no link to Asterisk")
        if data.id in self.responses:
            raise UnsafeField(f"{data.name}: its ActionID is that of an action on its way")
        self.transport.write(bytes(data))
        self.responses[data.id] = data
        future: asyncio.Future[Message] = data.future
        future.add_done_callback(lambda _: self.responses.pop(data.id, None))
        return future

    def data_received(self, data: bytes) -> None:
        """Handle each message that is whole now. Nothing in them raises or loses the next."""
        oversized_before = self.framer.oversized
        for message in self.framer.feed(data):
            if self.closed:
                return
            self.handle_message(message)
        if self.framer.oversized > oversized_before:
            _log.warning("ami_message_oversized", dropped_so_far=self.framer.oversized)

    def handle_message(self, message: Message) -> None:
        """Give an answer to its action, and each event to its handler."""
        if message.is_response or self._is_of_a_list(message):
            pending = self.responses.get(message.get("ActionID"))
            if pending is not None:
                pending.take(message)
            else:
                self.unexpected_messages += 1
        elif not message.is_event:
            self.unexpected_messages += 1
        elif not call_guarded(message.name, self._on_event, message):
            self.failed_handlers += 1

    def connection_lost(self, exc: Exception | None) -> None:
        """End the connection: what waits for an answer fails, and this is told once."""
        if not self.closed:
            self.close()
            self._on_lost(exc)

    def close(self) -> None:
        """End the connection for good, at once; nothing more is sent, read or told."""
        self.closed = True
        for pending in list(self.responses.values()):
            if not pending.future.done():
                pending.future.set_exception(LinkDown(f"{pending.name}: the link went down"))
        if self.transport is not None:
            # A close that waited for the peer to read would last as long as its silence.
            self.transport.abort()

    @staticmethod
    def _is_of_a_list(message: Message) -> bool:
        # The search spares nearly every event its full reading.
        return _LIST_ID in message.raw and message.get("ActionID").startswith(LIST_ID_PREFIX)
