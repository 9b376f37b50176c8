"""The part of the daemon that takes call-backs asked for over HTTP, made and wired."""

from __future__ import annotations

import structlog

from router.config import Settings
from router.config.api_tables import Api
from router.config.secret import caller_secret
from router.observe.metrics import Metrics
from router.store.request_keys import RequestKeys
from router.web.api.answers import Answers
from router.web.api.clients import Client
from router.web.api.ids import Ids
from router.web.api.promises import Promises
from router.web.api.server import ApiServer
from router.web.counter import Counter

log = structlog.get_logger(__name__)


class ApiPart:
    """The server, and where it keeps what it has answered.

    Raises
    ------
    ConfigError
        if the site's secret cannot be read.

    """

    def __init__(
        self, settings: Settings, counter: Counter, store_url: str, metrics: Metrics
    ) -> None:
        assert settings.api is not None, "there is one where the config says so"
        secret = caller_secret(settings).load()
        self._keys = RequestKeys(store_url)
        answers = Answers(self._keys, secret)
        self._server = ApiServer(
            settings.api.port, Promises(counter, Ids(secret), answers), metrics
        )
        self.take(settings.api)

    async def start(self) -> int:
        """Listen, and give the port. Raises ConfigError if it cannot be had."""
        port = await self._server.start()
        log.info("api_open", port=port)
        return port

    async def stop(self) -> None:
        """Stop listening, once what is being answered is."""
        await self._server.stop()
        await self._keys.close()

    def take(self, api: Api | None) -> None:
        """Let in whom this table names from now on; where there is none any more, nobody."""
        if api is None:
            self._server.take((), 1)
            return
        clients = [
            Client(name, one.token_sha256, one.requests_a_minute)
            for name, one in api.clients.items()
        ]
        self._server.take(clients, api.requests_a_minute)
