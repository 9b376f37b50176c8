"""With no daemon at all, the dialplan alone gets a caller to a human."""

from __future__ import annotations

import pytest

from tests.dialplans.daemon import dead
from tests.dialplans.places import (
    FALLBACK_HUMAN,
    FALLBACK_REFUSING,
    FALLBACK_SLOW_HUMAN,
    FALLBACK_VOICEMAIL,
    HEALTH_NUMBER,
    HUMAN_WITHIN_SECONDS,
    SOON_SECONDS,
)
from tests.dialplans.scenes import Outcomes, play
from tests.testbed import Testbed, behaviour

SLOW_SECONDS = 8.0
"""A slow human presses 1 some 4 s after the words began."""
EMERGENCY_NUMBERS = ("15", "17", "18", "112", "114", "115", "119", "116000", "196")


async def reaches_a_human_past_those_who_do_not_take_it(bed: Testbed) -> None:
    async with bed.farm() as farm, dead(bed) as daemon:
        await farm.listener(FALLBACK_VOICEMAIL, behaviour.voicemail(after_seconds=0.1))
        await farm.listener(FALLBACK_REFUSING, behaviour.presses("2", after_seconds=0.1))
        await farm.listener(FALLBACK_HUMAN, behaviour.answers(after_seconds=3, talk_seconds=1))
        await farm.listener(FALLBACK_SLOW_HUMAN, behaviour.presses("wwwwwwww1", after_seconds=3))
        caller = await farm.call(HEALTH_NUMBER, "0639980001")
        assert await farm.heard(caller, HUMAN_WITHIN_SECONDS) == FALLBACK_HUMAN
        call = (await daemon.arrival("0639980001"))["Call"]
        told = await daemon.event("DecrocheFallback", Call=call)
        assert told["Why"] == "stale"
        answered = await daemon.event("DecrocheFallbackAnswered", Call=call)
        assert answered["Token"] == told["Token"]

        await daemon.plays("decroche/taken", SLOW_SECONDS)
        assert farm.talks() == [(caller, FALLBACK_HUMAN)]

        since = len(farm.events)
        again = await daemon.event("DecrocheWaiting", SOON_SECONDS, Call=call)
        words = await daemon.plays("decroche/cut-off", Uniqueid=call)
        assert daemon.ami.events.index(again) < daemon.ami.events.index(words)
        assert await farm.heard(caller, HUMAN_WITHIN_SECONDS, since) == FALLBACK_HUMAN
        await farm.hang_up(caller)


async def keeps_the_number_from_the_fallback(bed: Testbed) -> None:
    async with bed.farm() as farm, dead(bed):
        caller = await farm.call(HEALTH_NUMBER, "0639980002")
        rang = await farm.rang(FALLBACK_HUMAN, SOON_SECONDS)
        assert "0639980002" not in str(rang.headers)
        assert rang["CallerIDNum"] != ""
        await farm.hang_up(caller)


async def leaves_while_the_fallback_rings(bed: Testbed) -> None:
    async with bed.farm() as farm, dead(bed):
        caller = await farm.call(HEALTH_NUMBER, "0639980003")
        await farm.rang(FALLBACK_HUMAN, SOON_SECONDS)
        await farm.hang_up(caller)
        await farm.left(caller, SOON_SECONDS)


async def calls_each_emergency_number(bed: Testbed) -> None:
    async with bed.farm() as farm, bed.watch() as ami:
        for number in EMERGENCY_NUMBERS:
            await farm.listener(number, behaviour.never())
            await ami.send(
                "Originate",
                Channel=f"Local/{number}@decroche-emergency",
                ChannelId=f"emergency-{number}",
                Application="Wait",
                Data="5",
                Async="true",
            )
        for number in EMERGENCY_NUMBERS:
            await farm.rang(number, SOON_SECONDS)
            await ami.send("Hangup", Channel=f"emergency-{number}")


@pytest.fixture(scope="module")
def outcomes(bed: Testbed) -> Outcomes:
    return play(
        bed,
        reaches_a_human_past_those_who_do_not_take_it,
        keeps_the_number_from_the_fallback,
        leaves_while_the_fallback_rings,
        calls_each_emergency_number,
    )


def test_one_human_has_the_call_within_20_s_whoever_else_picks_up(
    outcomes: Outcomes,
) -> None:
    outcomes.of(reaches_a_human_past_those_who_do_not_take_it)


def test_the_fallback_group_never_sees_the_callers_number(outcomes: Outcomes) -> None:
    outcomes.of(keeps_the_number_from_the_fallback)


def test_a_caller_may_leave_while_the_fallback_rings(outcomes: Outcomes) -> None:
    outcomes.of(leaves_while_the_fallback_rings)


def test_each_emergency_number_goes_out_by_the_trunk(outcomes: Outcomes) -> None:
    outcomes.of(calls_each_emergency_number)


def test_nothing_of_all_this_made_asterisk_complain(outcomes: Outcomes, bed: Testbed) -> None:
    assert outcomes
    assert bed.pbx.complaints() == []
