"""The emulated PBX as one thing that starts and stops."""

from __future__ import annotations

import asyncio
from types import TracebackType
from typing import Self

from router.ami import contract
from simulations.pbx.actions import Actions
from simulations.pbx.clock import Clock
from simulations.pbx.dialplan import Dialplan
from simulations.pbx.exchange import Exchange
from simulations.pbx.message import Action
from simulations.pbx.phones import Phones
from simulations.pbx.session import Heard, Session
from simulations.pbx.site import Site


class EmulatedPbx:
    """An AMI server on a free port of 127.0.0.1, with all that is behind it."""

    def __init__(self, site: Site, clock: Clock | None = None) -> None:
        self.exchange = Exchange(clock or Clock())
        self.exchange.variables[contract.SECRET] = site.dialplan_secret
        dialplan = Dialplan(self.exchange, site)
        self.phones = Phones(self.exchange, dialplan, site)
        self.listening: list[Heard] = []
        """Who hears of each action that comes."""
        self._actions = Actions(self.exchange, dialplan, self.phones)
        self._site = site
        self._sessions: list[Session] = []
        self._server: asyncio.Server | None = None

    @property
    def port(self) -> int:
        """Where it listens, once it was started."""
        assert self._server is not None, "it listens only between start and stop"
        port: int = self._server.sockets[0].getsockname()[1]
        return port

    async def __aenter__(self) -> Self:
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(self._session, "127.0.0.1", 0)
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        assert self._server is not None, "entered before"
        self._server.close()
        for session in self._sessions:
            session.close()
        self.exchange.close()
        await self._server.wait_closed()

    def _session(self) -> Session:
        session = Session(self.exchange, self._actions, self._site, self._heard)
        self._sessions.append(session)
        return session

    def _heard(self, action: Action, at: float) -> None:
        for listener in self.listening:
            listener(action, at)
