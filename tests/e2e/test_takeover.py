"""Two daemons on one line: the one that was started last has it, and nobody is rung twice."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from router.cli import SUPERSEDED
from tests.e2e.called_back import RULES, hears, told, voice
from tests.e2e.conftest import TEAM
from tests.e2e.service import Service, installed, team
from tests.e2e.store_server import SlowWire, StoreServer, slow_wire_to, store_server
from tests.testbed import Testbed, behaviour
from tests.testbed.ami import Ami
from tests.testbed.farm import Farm

pytestmark = pytest.mark.slow

ANNE, BRUNO = TEAM
LINE = "0805232336"
NUMBER = "0639980421"
LEARNS_SECONDS = 10.0


class Site:
    """A store, a wire to it, and two installations of decroche that share both state and store."""

    def __init__(self, older: Service, newer: Service, server: StoreServer, wire: SlowWire) -> None:
        self.older = older
        self.newer = newer
        for service, url in ((older, wire.url), (newer, server.url)):
            state = str(older.folder / "state")
            service.tables["store"] = {"state_dir": state, "redis_url": url}
            service.lines["health"] |= {
                "call_back_key": "3",
                "call_back": RULES,
                "ring_seconds": 10.0,
            }
        self.wire = wire


@pytest.fixture
def site(bed: Testbed, tmp_path: Path) -> Iterator[Site]:
    with ExitStack() as opened:
        server = opened.enter_context(store_server(tmp_path / "store"))
        wire = opened.enter_context(slow_wire_to(server.port))
        older, newer = (
            opened.enter_context(installed(bed, tmp_path / name, team(TEAM, health=2, fr=1)))
            for name in ("older", "newer")
        )
        yield Site(older, newer, server, wire)


def test_a_daemon_that_slept_while_another_took_over_rings_nobody_as_it_wakes_and_ends(
    bed: Testbed, site: Site
) -> None:
    async def scene(farm: Farm, watch: Ami) -> None:
        await farm.listener(NUMBER, behaviour.is_called_back(behaviour.UNTIL_TOLD_SECONDS))
        talks = await two_talks(farm)
        await asks_for_a_call(farm, watch)
        await farm.listener(ANNE, behaviour.waits_with_the_key())
        seen, before = len(farm.events), len(watch.events)
        await farm.hang_up(talks[ANNE])
        await told(watch, "DecrocheOffer", before, What="picked_up")
        await farm.picked_up(ANNE, 30, since=seen)
        # It is about to dial: her key, which it has not read yet, has it do so.
        site.older.freeze()
        await farm.accept(ANNE)
        await told(watch, "DecrocheOffer", before, What="accepted")
        await asyncio.to_thread(site.newer.start)
        await farm.rang(NUMBER, 30, since=seen)
        site.older.thaw()
        assert await asyncio.to_thread(site.older.exit_code, LEARNS_SECONDS) == SUPERSEDED
        await farm.pick_up(NUMBER)
        assert await farm.heard(voice(NUMBER), 30, since=seen) == ANNE
        assert farm.rings(NUMBER) == 1
        assert_talks_on(farm, talks[BRUNO])
        await farm.hang_up_as(NUMBER)
        await farm.hang_up(talks[BRUNO])

    with playing(bed, site, scene):
        assert "a newer daemon (epoch " in site.older.log_path.read_text()


def test_a_daemon_that_is_cut_off_from_the_store_learns_from_asterisk_that_another_has_taken_over(
    bed: Testbed, site: Site
) -> None:
    async def scene(farm: Farm, _watch: Ami) -> None:
        talks = await two_talks(farm)
        site.wire.delay_seconds = None
        await asyncio.to_thread(site.newer.start)
        assert await asyncio.to_thread(site.older.exit_code, LEARNS_SECONDS) == SUPERSEDED
        for caller in talks.values():
            assert_talks_on(farm, caller)
            await farm.hang_up(caller)

    with playing(bed, site, scene):
        assert "a newer daemon (epoch " in site.older.log_path.read_text()


@contextmanager
def playing(
    bed: Testbed, site: Site, scene: Callable[[Farm, Ami], Awaitable[None]]
) -> Iterator[None]:
    async def played() -> None:
        async with bed.farm() as farm, bed.watch() as watch:
            await scene(farm, watch)

    site.older.start()
    asyncio.run(played())
    yield
    newer = site.newer
    newer.wait_until(lambda: newer.metric("decroche_promises_owed") == 0, 20, "nothing owed")
    newer.wait_until(lambda: newer.held() == 0, 45, "every phone let go")
    assert newer.metric("decroche_invariant_violations_total") == 0


async def two_talks(farm: Farm) -> dict[str, str]:
    """Have both listeners talk; give with whom each does."""
    for name in TEAM:
        await farm.listener(name, behaviour.answers())
    callers = [await farm.call(LINE, f"063998042{n}") for n in (2, 3)]
    return {await farm.heard(caller, 20): caller for caller in callers}


async def asks_for_a_call(farm: Farm, watch: Ami) -> None:
    before = len(watch.events)
    asking = await farm.call(LINE, NUMBER, keys="3")
    await hears(watch, "promised", since=before)
    await farm.hang_up(asking)


def assert_talks_on(farm: Farm, caller: str) -> None:
    assert not [e for e in farm.events if e.is_user_event("CallerLeft", Caller=caller)]
