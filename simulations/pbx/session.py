"""One manager's session: its login, its actions one after the other, and the events it hears."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable

from simulations.pbx.actions import Actions, Answer, RefusedError
from simulations.pbx.exchange import Exchange
from simulations.pbx.message import BANNER, Action, Headers, RunawayPeerError, render, take_actions
from simulations.pbx.site import Site

REFUSAL_SECONDS = 1.0
"""Asterisk thinks for a second before it says no to a wrong secret."""

Heard = Callable[[Action, float], None]
"""Hears of each action, with the instant (monotonic seconds) at which its bytes had come."""


class Session(asyncio.Protocol):
    """Lives as long as its connection."""

    def __init__(self, exchange: Exchange, actions: Actions, site: Site, heard: Heard) -> None:
        self._exchange = exchange
        self._actions = actions
        self._site = site
        self._heard = heard
        self._buffer = bytearray()
        self._transport: asyncio.Transport | None = None
        self._logged_in = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Say who we are."""
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        transport.write(BANNER)

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002 - asyncio's signature
        """Hear nothing more."""
        self._transport = None
        if self._logged_in:
            if self._hear in self._exchange.ears:
                self._exchange.ears.remove(self._hear)
            self._logged_in = False

    def data_received(self, data: bytes) -> None:
        """Carry out the actions that are whole now."""
        now = time.perf_counter()
        self._buffer += data
        try:
            for action in take_actions(self._buffer):
                self._take(action, now)
        except RunawayPeerError:
            self.close()

    def close(self) -> None:
        """Hang up on this manager."""
        if self._transport is not None:
            self._transport.close()

    def _take(self, action: Action, now: float) -> None:
        match action.get("Action").lower():
            case "login":
                self._log_in(action)
            case _ if not self._logged_in:
                self._refuse(action, "Permission denied")
            case "logoff":
                self._answer(action, "Goodbye", [("Message", "Thanks for all the fish.")])
                self.close()
            case _:
                self._heard(action, now)
                self._carry_out(action)

    def _log_in(self, action: Action) -> None:
        wanted = (self._site.username, self._site.ami_secret)
        if (action.get("Username"), action.get("Secret")) != wanted:
            asyncio.get_running_loop().call_later(REFUSAL_SECONDS, self._turn_away, action)
            return
        self._answer(action, "Success", [("Message", "Authentication accepted")])
        if not self._logged_in:
            self._logged_in = True
            self._exchange.ears.append(self._hear)
        up_seconds = str(self._exchange.up_seconds())
        booted = [("Privilege", "system,all"), ("Uptime", up_seconds), ("LastReload", up_seconds)]
        self._send([("Event", "FullyBooted"), *booted, ("Status", "Fully Booted")])

    def _turn_away(self, action: Action) -> None:
        self._refuse(action, "Authentication failed")
        self.close()

    def _carry_out(self, action: Action) -> None:
        try:
            answer = self._actions.carry_out(action)
        except RefusedError as refused:
            self._refuse(action, str(refused))
            return
        self._answer(action, "Success", answer.headers)
        self._list(action, answer)
        answer.effect()

    def _list(self, action: Action, answer: Answer) -> None:
        if answer.items is None:
            return
        mark = [("ActionID", action.get("ActionID"))] if action.get("ActionID") else []
        for item in answer.items:
            self._send([("Event", answer.item_name), *mark, *item])
        end = [("EventList", "Complete"), ("ListItems", str(len(answer.items)))]
        self._send([("Event", answer.end_name), *mark, *end])

    def _refuse(self, action: Action, words: str) -> None:
        self._answer(action, "Error", [("Message", words)])

    def _answer(self, action: Action, response: str, headers: Headers) -> None:
        mark = [("ActionID", action.get("ActionID"))] if action.get("ActionID") else []
        self._send([("Response", response), *mark, *headers])

    def _send(self, headers: Headers) -> None:
        self._hear(render(headers))

    def _hear(self, data: bytes) -> None:
        if self._transport is not None:
            self._transport.write(data)
