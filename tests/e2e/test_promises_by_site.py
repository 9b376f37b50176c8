"""Call-backs asked for on the association's site: phones ring, and the site sees it kept."""

from __future__ import annotations

import asyncio

import aiohttp
import pytest

from router.web.api.clients import token_hash
from tests.config.any_hour import any_hour
from tests.e2e.conftest import TEAM
from tests.e2e.service import Service
from tests.testbed import Testbed, behaviour
from tests.testbed.testbed import free_port

ANNE, BRUNO = TEAM
NUMBER = "0639980381"
TOKEN = "the token of the site"
CODE = "043"


@pytest.fixture
def asked_over_http(service: Service) -> Service:
    """Give an installation whose line calls back, and whose API has one client."""
    service.people[BRUNO].code = CODE
    rules = {"yields_seconds": 0.0, "hours": any_hour(), "again_seconds": [600.0]}
    service.lines["health"] |= {"call_back": rules, "ring_seconds": 10.0}
    service.tables["api"] = {"port": free_port()}
    service.tables["api.clients.site"] = {"token_sha256": token_hash(TOKEN)}
    return service


def test_who_asks_on_the_site_is_rung_by_the_listener_they_named_and_the_site_sees_it_kept(
    bed: Testbed, asked_over_http: Service
) -> None:
    async def scene() -> None:
        async with bed.farm() as farm:
            for name in TEAM:
                await farm.listener(name, behaviour.answers())
            await farm.listener(NUMBER, behaviour.is_called_back())
            seen = len(farm.events)
            wanted = {"number": "06 39 98 03 81", "line": "health", "listener": CODE}
            said = await ask(asked_over_http, "POST", "", wanted)
            assert await farm.heard(NUMBER[-7:], 30, since=seen) == BRUNO
            path = f"/{said['id']}"
            # Who asks there is not told that somebody talks just now.
            assert (await ask(asked_over_http, "GET", path))["state"] == "waiting"
            await farm.hang_up_as(NUMBER)
            await farm.let_go(BRUNO, 20, since=seen)
            await asked_over_http.until(lambda: owed(asked_over_http) == 0, 20, "it is kept")
            assert (await ask(asked_over_http, "GET", path))["state"] == "kept"
            assert (farm.rings(ANNE), farm.rings(NUMBER)) == (0, 1)
            assert (await ask(asked_over_http, "POST", "", wanted))["id"] == said["id"]

    asked_over_http.start()
    asyncio.run(scene())
    assert asked_over_http.metric("decroche_invariant_violations_total") == 0
    assert NUMBER[1:] not in asked_over_http.log_path.read_text()


def owed(service: Service) -> float:
    return service.metric("decroche_promises_owed")


async def ask(
    service: Service, method: str, path: str, what: dict[str, str] | None = None
) -> dict[str, str]:
    """Ask the API as the site does, all under one key."""
    url = f"http://127.0.0.1:{service.tables['api']['port']}/v1/promises{path}"
    headers = {"Authorization": f"Bearer {TOKEN}", "Idempotency-Key": "one-form"}
    async with (
        aiohttp.ClientSession(headers=headers) as session,
        session.request(method, url, json=what) as response,
    ):
        assert response.ok, await response.text()
        said: dict[str, str] = await response.json()
        return said
