"""Somebody on call is rung before there is a call: what they hear, and what each key does."""

from __future__ import annotations

import hashlib

import pytest

from tests.dialplans.daemon import Daemon, living
from tests.dialplans.scenes import Outcomes, play
from tests.testbed import Testbed, behaviour
from tests.testbed.ami import Message

LONGEST_SECONDS = 27.0
"""From picking up to the end, for whoever presses nothing."""


async def is_ready(bed: Testbed) -> None:
    async with bed.farm() as farm, living(bed) as daemon:
        await farm.listener("0199000101", behaviour.answers())
        await wake(daemon, "dcw-ready", "0199000101")
        await daemon.plays("decroche/wake-health,decroche/wake-keys")
        keyed = await told(daemon, "dcw-ready", "ready")
        secret = f"{bed.pbx.secret}:dcw-ready".encode()
        assert keyed["Token"] == hashlib.sha1(secret, usedforsecurity=False).hexdigest()
        await daemon.redirect("dcw-ready", "decroche-wake", "ready")
        await daemon.plays("decroche/menu-ready", Uniqueid="dcw-ready")
        await gone(daemon, "dcw-ready")


async def wants_a_pause(bed: Testbed) -> None:
    async with bed.farm() as farm, living(bed) as daemon:
        await farm.listener("0199000102", behaviour.presses("2"))
        await wake(daemon, "dcw-pause", "0199000102")
        await told(daemon, "dcw-pause", "pause")
        await daemon.redirect("dcw-pause", "decroche-wake", "paused")
        await daemon.plays("decroche/menu-paused", Uniqueid="dcw-pause")
        await gone(daemon, "dcw-pause")


async def is_told_that_nobody_took_it(bed: Testbed) -> None:
    async with bed.farm() as farm, living(bed) as daemon:
        await farm.listener("0199000103", behaviour.answers())
        await wake(daemon, "dcw-untaken", "0199000103")
        await told(daemon, "dcw-untaken", "ready")
        await daemon.plays("decroche/menu-unavailable", 8, Uniqueid="dcw-untaken")
        await gone(daemon, "dcw-untaken")


async def is_a_voicemail(bed: Testbed) -> None:
    async with bed.farm() as farm, living(bed) as daemon:
        await farm.listener("0199000104", behaviour.voicemail())
        await wake(daemon, "dcw-voicemail", "0199000104")
        await gone(daemon, "dcw-voicemail", seconds=LONGEST_SECONDS)
        assert not [
            e for e in daemon.ami.events if e.is_user_event("DecrocheWake", Wake="dcw-voicemail")
        ]


@pytest.fixture(scope="module")
def outcomes(bed: Testbed) -> Outcomes:
    return play(bed, is_ready, wants_a_pause, is_told_that_nobody_took_it, is_a_voicemail)


def test_whoever_presses_1_hears_that_they_are_ready(outcomes: Outcomes) -> None:
    outcomes.of(is_ready)


def test_whoever_presses_2_hears_that_they_have_a_pause(outcomes: Outcomes) -> None:
    outcomes.of(wants_a_pause)


def test_where_the_daemon_takes_no_key_it_is_said_that_nothing_has_changed(
    outcomes: Outcomes,
) -> None:
    outcomes.of(is_told_that_nobody_took_it)


def test_a_voicemail_is_left_within_half_a_minute_and_changes_nothing(outcomes: Outcomes) -> None:
    outcomes.of(is_a_voicemail)


async def wake(daemon: Daemon, leg: str, listener: str) -> None:
    await daemon.ami.send(
        "Originate",
        {"DECROCHE_LINE": "health"},
        Channel=f"PJSIP/{listener}@trunk",
        ChannelId=leg,
        Context="decroche-wake",
        Exten="s",
        Priority="1",
        Async="true",
        Timeout="18000",
    )


async def told(daemon: Daemon, leg: str, choice: str) -> Message:
    return await daemon.event("DecrocheWake", 15, Wake=leg, Choice=choice)


async def gone(daemon: Daemon, leg: str, seconds: float = 10) -> None:
    await daemon.ami.wait_for(lambda e: e.has(Event="Hangup", Uniqueid=leg), seconds)
