"""aiomqtt's client, from whose connecting one can leave at once.

paho connects in a thread, and is stuck there for 5 s by a broker that takes the connection and says
nothing, or for as long as by a name server. aiomqtt lends it a thread of the event loop's own, and
a process waits for these before it ends. So it gets one for which nobody waits.
"""

from __future__ import annotations

import asyncio
import contextlib
from concurrent.futures import Future, InvalidStateError
from threading import Thread
from typing import Self

import aiomqtt


class Client(aiomqtt.Client):
    """Connects once; is left at once if that is cancelled."""

    async def __aenter__(self) -> Self:
        """Connect.

        Raises
        ------
        MqttError
            if the broker cannot be reached, or does not let us in.

        """
        self._connecting: Future[None] = Future()
        try:
            return await super().__aenter__()
        except asyncio.CancelledError:
            with contextlib.suppress(InvalidStateError):
                self._connecting.set_exception(ConnectionAbortedError("no longer wanted"))
            raise

    def _client_connect(self) -> None:
        """Have it done elsewhere; aiomqtt calls this in the event loop's own thread for such."""
        Thread(target=self._connect, name="mqtt-connect", daemon=True).start()
        self._connecting.result()

    def _connect(self) -> None:
        with contextlib.suppress(InvalidStateError):
            try:
                super()._client_connect()
            except Exception as error:  # noqa: BLE001 - a thread's end: whatever it is, it is told
                self._connecting.set_exception(error)
            else:
                self._connecting.set_result(None)
