"""The association's site, as docs/api.md has it: people leave their number there, to be rung."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Sequence
from http import HTTPMethod, HTTPStatus
from random import Random
from typing import Final

import aiohttp
import msgspec

from router.web.api.clients import TOKEN_BYTES, token_hash
from router.web.api.promises import KEY_HEADER, PATH
from router.web.api.shape import NewPromise, Promise
from simulations.demo.ports import HERE, free_port
from simulations.demo.toml import Tables

CLIENT: Final = "site"
REQUESTS_A_MINUTE: Final = 60
FIRST_AFTER_SECONDS: Final = 1.0
BETWEEN_FORMS_SECONDS: Final = 8.0
"""On average."""
LOOKED_AGAIN_AFTER_SECONDS: Final = 5.0
CANCELLED_SHARE: Final = 0.2
"""Of those who look again, and find that they are better."""
ANSWER_SECONDS: Final = 10.0
AGAIN_SECONDS: Final = 1.0

ASK_AGAIN: Final = {
    (HTTPMethod.POST, HTTPStatus.CONFLICT),
    *((method, HTTPStatus.TOO_MANY_REQUESTS) for method in HTTPMethod),
    *((method, HTTPStatus.SERVICE_UNAVAILABLE) for method in HTTPMethod),
}


class Website:
    """Asks for call-backs to these numbers, by these lines."""

    def __init__(self, numbers: Sequence[str], lines: Sequence[str], chance: Random) -> None:
        self._numbers = numbers
        self._lines = lines
        self._chance = chance
        self._token = secrets.token_urlsafe(TOKEN_BYTES)
        self._port = free_port()

    @property
    def tables(self) -> Tables:
        """Give what the daemon's config is to say of the API."""
        client = {
            "token_sha256": token_hash(self._token),
            "requests_a_minute": REQUESTS_A_MINUTE,
        }
        return {"api": {"port": self._port}, f"api.clients.{CLIENT}": client}

    async def run(self) -> None:
        """Have one form after the other filled in."""
        async with aiohttp.ClientSession(
            f"http://{HERE}:{self._port}",
            headers={"Authorization": f"Bearer {self._token}", "Content-Type": "application/json"},
            timeout=aiohttp.ClientTimeout(total=ANSWER_SECONDS),
        ) as session:
            seconds = FIRST_AFTER_SECONDS
            while True:
                await asyncio.sleep(seconds)
                await self._visit(session)
                seconds = self._chance.expovariate(1 / BETWEEN_FORMS_SECONDS)

    async def _visit(self, session: aiohttp.ClientSession) -> None:
        form = NewPromise(self._chance.choice(self._numbers), self._chance.choice(self._lines))
        answer = await self._ask(session, HTTPMethod.POST, PATH, msgspec.json.encode(form))
        promise = f"{PATH}/{msgspec.json.decode(answer, type=Promise).id}"
        await asyncio.sleep(LOOKED_AGAIN_AFTER_SECONDS)
        await self._ask(session, HTTPMethod.GET, promise)
        if self._chance.random() < CANCELLED_SHARE:
            await self._ask(session, HTTPMethod.DELETE, promise)

    async def _ask(
        self, session: aiohttp.ClientSession, method: HTTPMethod, path: str, body: bytes = b""
    ) -> bytes:
        """Ask until there is an answer, under the same key: nothing is done twice.

        Raises
        ------
        aiohttp.ClientResponseError
            if it is not as the contract has it.

        """
        key = {KEY_HEADER: secrets.token_hex(16)} if body else {}
        while True:
            try:
                async with session.request(method, path, headers=key, data=body) as response:
                    if (method, response.status) not in ASK_AGAIN:
                        return await _taken(response)
            except (aiohttp.ClientConnectionError, TimeoutError):
                pass
            await asyncio.sleep(AGAIN_SECONDS)


async def _taken(response: aiohttp.ClientResponse) -> bytes:
    # A call-back that rings just now, or was asked for by phone too, is not cancelled here.
    refused = response.method == HTTPMethod.DELETE and response.status == HTTPStatus.CONFLICT
    if not refused:
        response.raise_for_status()
    return await response.read()
