"""Asterisk restarts, the link is cut, the link is silent: noticed, mended, no ghosts."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path

from tests.e2e.proxy import Wire, wire_to
from tests.e2e.service import Service, installed, team
from tests.testbed import Testbed, behaviour, require_testbed

PEOPLE = ["a0101", "b0102", "c0103"]
NOTICED_SECONDS = 15.0


def test_after_a_restart_of_asterisk_nothing_of_the_old_calls_is_left_and_new_ones_are_answered(
    tmp_path: Path,
) -> None:
    require_testbed()
    with (
        Testbed(fallback=["0199000091"]) as bed,
        installed(bed, tmp_path, team(PEOPLE, health=2, fr=1)) as service,
    ):
        service.start()
        asyncio.run(_restart_asterisk(bed, service))


async def _restart_asterisk(bed: Testbed, service: Service) -> None:
    async with bed.farm() as farm:
        await farm.listener(PEOPLE[0], behaviour.answers())
        talking = await farm.call("0805232336", "0639980010")
        await farm.heard(talking, 20)
        for name in PEOPLE[1:]:
            await farm.listener(name, behaviour.never())
        await farm.call("0805232336", "0639980011")
        await farm.rang(PEOPLE[1], 10)

        bed.pbx.kill()
        await service.until(
            lambda: service.metric("decroche_ami_connected") == 0, NOTICED_SECONDS, "the loss"
        )
        resyncs = service.metric("decroche_resyncs_total")
        bed.pbx.start()
        await service.until(
            lambda: service.metric("decroche_resyncs_total") > resyncs, NOTICED_SECONDS, "a resync"
        )
        await service.until(service.ready, 5, "readiness")

        assert service.held() == 0
        await service.until(
            lambda: len(service.log_lines("call_ended")) == 2, NOTICED_SECONDS, "both ends"
        )
        for name in PEOPLE:
            await farm.listener(name, behaviour.answers())
        for number in range(2):
            caller = await farm.call("0805232336", f"063998002{number}")
            await farm.heard(caller, 20)
            await farm.hang_up(caller)
        await service.until(lambda: service.held() == 0, 10, "everybody free")
    assert service.metric("decroche_invariant_violations_total") == 0


def test_a_link_cut_inside_a_message_is_mended_and_what_happened_meanwhile_is_found_out(
    tmp_path: Path,
) -> None:
    require_testbed()
    with (
        Testbed(fallback=["0199000091"]) as bed,
        wire_to(bed.pbx.manager.port) as wire,
        installed(bed, tmp_path, team(PEOPLE, health=2, fr=1)) as service,
    ):
        service.ami_port = wire.port
        service.start()
        asyncio.run(_cut(bed, service, wire))


async def _cut(bed: Testbed, service: Service, wire: Wire) -> None:
    async with bed.farm() as farm:
        await farm.listener(PEOPLE[0], behaviour.answers())
        for name in PEOPLE[1:]:
            await farm.listener(name, behaviour.never())
        stays = await farm.call("0805232336", "0639980030")
        await farm.heard(stays, 20)
        leaves = await farm.call("0805232336", "0639980031")
        await farm.rang(PEOPLE[1], 10)

        wire.cut_inside_next_message()
        await farm.hang_up(leaves)  # the message that tells it is the one that is cut
        await service.until(lambda: wire.connections == 2, NOTICED_SECONDS, "a new link")
        await service.until(
            lambda: any(line["call"] for line in service.log_lines("call_ended")), 10, "the end"
        )
        await service.until(service.ready, 10, "readiness")
        # The talk was not touched, and the listener who rang for nobody is let go.
        await service.until(lambda: service.held() == 1, 15, "the ringing phone let go")
        await farm.hang_up(stays)
        await service.until(lambda: len(service.log_lines("call_ended")) == 2, 10, "both ends")
    outcomes = {line["outcome"] for line in service.log_lines("call_ended")}
    assert outcomes in ({"answered", "lost"}, {"answered", "left_early"})
    assert service.metric("decroche_invariant_violations_total") == 0


def test_a_silent_link_is_noticed_within_15_seconds_and_calls_are_found_after_it(
    tmp_path: Path,
) -> None:
    require_testbed()
    with (
        Testbed(fallback=["0199000091"]) as bed,
        wire_to(bed.pbx.manager.port) as wire,
        installed(bed, tmp_path, team(PEOPLE, health=2, fr=1)) as service,
    ):
        service.ami_port = wire.port
        service.start()
        asyncio.run(_silence(bed, service, wire))


async def _silence(bed: Testbed, service: Service, wire: Wire) -> None:
    async with bed.farm() as farm:
        for name in PEOPLE:
            await farm.listener(name, behaviour.answers())
        stays = await farm.call("0805232336", "0639980040")
        await farm.heard(stays, 20)

        silent_since = datetime.now(UTC)
        wire.silence()
        await service.until(
            lambda: service.metric("decroche_ami_connected") == 0, NOTICED_SECONDS, "the loss"
        )
        # By its own stamp: whoever asks it may have been busy meanwhile.
        await service.until(lambda: bool(service.log_lines("ami_link_lost")), 10, "the log")
        noticed = datetime.fromisoformat(service.log_lines("ami_link_lost")[0]["timestamp"])
        assert noticed - silent_since < timedelta(seconds=NOTICED_SECONDS)
        unheard = await farm.call("0805232336", "0639980041")
        await farm.entered(unheard, 10)
        wire.speak()
        assert await farm.heard(unheard, 40) in PEOPLE
        for caller in (stays, unheard):
            await farm.hang_up(caller)
        await service.until(lambda: len(service.log_lines("call_ended")) == 2, 10, "both ends")
        await service.until(lambda: service.held() == 0, 10, "everybody free")
