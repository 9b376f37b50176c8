"""Asterisk dies with people on the line: each of them is called back, a talk by its listener."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import cast

import msgspec
from msgspec.structs import replace
from redis import Redis

from router.store.kept_numbers import LIVE, LiveNumber, encode
from router.store.places import store_places
from tests.config.any_hour import any_hour
from tests.e2e.service import Service, installed, team
from tests.testbed import Testbed, behaviour, require_testbed

ANNE, BRUNO = "a0101", "b0102"
LINE = "0805232336"
TALKING, WAITING = "0639980401", "0639980402"
NOTICED_SECONDS = 15.0
RULES = {"yields_seconds": 0.0, "hours": any_hour(), "again_seconds": [600.0]}


def test_whom_asterisks_death_cuts_off_is_owed_a_call_back_even_if_the_daemon_died_with_it(
    tmp_path: Path,
) -> None:
    require_testbed()
    with (
        Testbed(fallback=["0199000091"]) as bed,
        installed(bed, tmp_path, team([ANNE, BRUNO], health=2, fr=1)) as service,
    ):
        service.lines["health"] |= {"call_back": RULES, "ring_seconds": 10.0}
        service.start()
        asyncio.run(_cut_off_and_call_back(bed, service))
    log = service.log_path.read_text()
    assert TALKING[1:] not in log
    assert WAITING[1:] not in log


async def _cut_off_and_call_back(bed: Testbed, service: Service) -> None:
    keys = service.folder / "state" / "keys"
    async with bed.farm() as farm:
        await farm.listener(ANNE, behaviour.answers())
        await farm.listener(BRUNO, behaviour.never())
        talking = await farm.call(LINE, TALKING)
        assert await farm.heard(talking, 20) == ANNE
        await farm.call(LINE, WAITING)
        await farm.rang(BRUNO, 10)
        for number in (TALKING, WAITING):
            await farm.listener(number, behaviour.is_called_back())
        await farm.listener(BRUNO, behaviour.answers())
        seen = len(farm.events)

        await service.until(lambda: _numbers_kept(service) == 2, 10, "their numbers to be on disk")
        _as_if_the_clock_came_up_behind(service)
        bed.pbx.kill()
        service.kill()
        bed.pbx.start()
        await asyncio.to_thread(service.start)

        await service.until(
            lambda: len(service.log_lines("cut_off_caller_owed")) == 2, NOTICED_SECONDS, "two owed"
        )
        owed = service.log_lines("cut_off_caller_owed")
        assert {line["origin"] for line in owed} == {"crash"}
        assert await farm.heard(TALKING[-7:], 40, since=seen) == ANNE
        assert await farm.heard(WAITING[-7:], 40, since=seen) == BRUNO
        for number in (TALKING, WAITING):
            await farm.hang_up_as(number)
        await service.until(
            lambda: service.metric("decroche_promises_owed") == 0, 20, "both to be kept"
        )
        # Nothing is left of the numbers: neither of the calls', nor of the promises'.
        await service.until(
            lambda: not [one for one in keys.iterdir() if len(one.name) == 32], 10, "the keys to go"
        )
        assert service.metric("decroche_invariant_violations_total") == 0


def _as_if_the_clock_came_up_behind(service: Service) -> None:
    """Have all of them come in an hour after the Asterisk that is to start now, by its clock."""
    with Redis.from_url(store_places(service.folder / "state").url) as store:
        for call, record in cast("dict[bytes, bytes]", store.hgetall(LIVE)).items():
            kept = msgspec.json.decode(record, type=LiveNumber)
            store.hset(LIVE, call, encode(replace(kept, arrived=kept.arrived + 3_600.0)))


def _numbers_kept(service: Service) -> int:
    """Count the callers whose numbers outlive the daemon: a moment after it has them rung for."""
    with Redis.from_url(store_places(service.folder / "state").url) as store:
        return cast("int", store.hlen(LIVE))
