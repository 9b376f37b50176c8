"""The doctor's own way to Asterisk, independent of the daemon's; it never waits without end."""

from __future__ import annotations

import socket
import threading
import time
from collections import defaultdict
from contextlib import suppress
from types import TracebackType
from typing import Any, Self

from asterisk.ami import Action, AMIClient

from router.errors import AmiError

ANSWER_SECONDS = 3.0
"""For a connection, or the answer to an action. Asterisk takes milliseconds; a look at a machine in
trouble should still be over before whoever ran it gives up."""

GREETING_SECONDS = 3.0
"""For the greeting, once connected; likewise."""

EVENT_SECONDS = 3.0
"""For the end of a list, and for the event of what was set; likewise."""

CLOCK_LOOKS = 4
"""One answer that is late on its way is not to be taken for a clock that is off."""


class AmiRefusedError(AmiError):
    """Asterisk said no; the message is Asterisk's."""


class Link:
    """A connection to the manager interface, for the length of a `with`.

    Raises
    ------
    AmiError
        on entering: nobody listens there, or what listens does not greet as Asterisk does.

    """

    def __init__(self, host: str, port: int) -> None:
        self._where = f"{host}:{port}"
        self._client = _Client(host, port)
        self._lists: dict[str, list[dict[str, str]]] = defaultdict(list)
        self._complete: set[str] = set()
        self._set: set[str] = set()
        self._news = threading.Condition()
        self._client.add_event_listener(self._take)

    def __enter__(self) -> Self:
        try:
            self._client.connect()
        except OSError as error:
            self._client.hang_up()
            raise AmiError(f"{self._where}: {error.strerror or 'no answer'}") from error
        if not self._client.greeted():
            self._client.hang_up()
            raise AmiError(f"{self._where}: what listens there does not greet as Asterisk does")
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._client.hang_up()

    def ask(self, action: str, **fields: str) -> dict[str, str]:
        """Send an action and give the headers of its response.

        Raises
        ------
        AmiRefusedError
            if Asterisk answers with an error.
        AmiError
            if it does not answer in time.

        """
        for value in fields.values():
            if not value.isprintable():
                raise AmiError(f"{action}: a field holds a control character")
        try:
            response = self._client.send_action(Action(action, fields)).response
        except OSError as error:
            raise AmiError(f"{self._where}: the connection is gone") from error
        if response is None:
            raise AmiError(f"{self._where}: no answer to {action} within {ANSWER_SECONDS:g} s")
        if response.is_error():
            raise AmiRefusedError(response.keys.get("Message", "refused"))
        return dict(response.keys)

    def list_of(self, action: str, **fields: str) -> list[dict[str, str]]:
        """Send an action that answers with a list, and give the headers of its items.

        Raises
        ------
        AmiRefusedError
            if Asterisk answers with an error.
        AmiError
            if the list is not whole in time.

        """
        action_id = self.ask(action, **fields)["ActionID"]
        with self._news:
            if not self._news.wait_for(lambda: action_id in self._complete, EVENT_SECONDS):
                raise AmiError(f"{self._where}: no end of {action} within {EVENT_SECONDS:g} s")
            return self._lists.pop(action_id, [])

    def variable(self, name: str) -> str:
        """Give a global variable; empty where it is not set.

        Raises
        ------
        AmiError
            if Asterisk refuses or does not answer in time.

        """
        return self.ask("Getvar", Variable=name).get("Value", "")

    def echoes(self, name: str) -> bool:
        """Set a global variable, and say whether the event of it comes.

        Raises
        ------
        AmiError
            if Asterisk refuses or does not answer in time.

        """
        self.ask("Events", EventMask="on")
        self.ask("Setvar", Variable=name, Value="1")
        with self._news:
            return self._news.wait_for(lambda: name in self._set, EVENT_SECONDS)

    def _take(self, event: Any, source: object) -> None:  # noqa: ARG002  (the library names it)
        headers = dict(event.keys)
        if event.name == "VarSet":
            with self._news:
                self._set.add(headers.get("Variable", ""))
                self._news.notify_all()
        action_id = headers.get("ActionID")
        if action_id is None:
            return
        with self._news:
            if headers.get("EventList") == "Complete":
                self._complete.add(action_id)
                self._news.notify_all()
            else:
                self._lists[action_id].append(headers)


class _Client(AMIClient):  # type: ignore[misc]  # the library has no types
    """The library's client, without the traces that its thread leaves on a peer gone wrong."""

    def __init__(self, host: str, port: int) -> None:
        super().__init__(address=host, port=port, timeout=ANSWER_SECONDS)
        self._heard = threading.Event()
        self._greeted = False
        self.add_listener(on_connect=self._on_greeting)

    def greeted(self) -> bool:
        """Wait for the greeting, or for its deadline."""
        self._heard.wait(GREETING_SECONDS)
        return self._greeted

    def listen(self) -> None:
        """Read until the connection ends."""
        try:
            super().listen()
        except Exception:  # noqa: BLE001  (the thread's end; the library raises bare ones)
            self.finished.set()
        finally:
            self._heard.set()

    def hang_up(self) -> None:
        """Leave at once; the reading thread would otherwise sleep out its deadline."""
        with suppress(OSError):  # the other side may have left already
            self._socket.shutdown(socket.SHUT_RDWR)
        if self.finished is None:
            self._socket.close()
        else:
            self.disconnect()

    def _on_greeting(self, source: object) -> None:  # noqa: ARG002  (the library names it)
        # By the deadline of a connection it would be lost where a check is long at something else.
        self._socket.settimeout(None)
        self._greeted = True
        self._heard.set()


def measure_clock(link: Link) -> tuple[float, float]:
    """Give Asterisk's clock and ours, in epoch seconds, at the same instant.

    Of some looks it is the one that took least: the less time, the less room for a mistake.

    Raises
    ------
    AmiError
        if Asterisk does not tell.

    """
    _, theirs, ours = min(_look_at_clocks(link) for _ in range(CLOCK_LOOKS))
    return theirs, ours


def _look_at_clocks(link: Link) -> tuple[float, float, float]:
    """Give how many seconds it took to ask, and the two clocks."""
    begun, ours = time.monotonic(), time.time()
    stamp = link.ask("Ping").get("Timestamp", "")
    took_seconds = time.monotonic() - begun
    try:
        return took_seconds, float(stamp), ours + took_seconds / 2
    except ValueError:
        raise AmiError("Ping: expected a timestamp") from None
