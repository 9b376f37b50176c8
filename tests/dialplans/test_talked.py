"""A talk that no daemon has seen leaves a mark, and no other does."""

from __future__ import annotations

import asyncio
from functools import partial

import pytest

from router.ami.briefing import BRIEFING_SECONDS
from tests.dialplans.daemon import Daemon, dead, living
from tests.dialplans.places import FALLBACK_HUMAN, FALLBACK_SLOW_HUMAN, SOON_SECONDS
from tests.dialplans.scenes import Outcomes, play
from tests.dialplans.test_call_back import dial, gone, ring_listener, said
from tests.dialplans.test_hold import holding
from tests.testbed import Testbed, behaviour
from tests.testbed.ami import Message
from tests.testbed.farm import Farm

HEARD_SECONDS = 20.0
RUNG_SECONDS = 20.0
TURN_SECONDS = 5.0
STALE_SECONDS = 6.0
MARKED_SECONDS = 5.0
"""Within which a mark is there: a leg's last steps come just after the end of its bridge."""


async def leaves_first(bed: Testbed) -> None:
    async with bed.farm() as farm, living(bed) as daemon:
        caller, call = await talking(farm, daemon, "0639980601", "0199000601")
        await farm.hang_up(caller)
        await marked(daemon, call)


async def is_left(bed: Testbed) -> None:
    async with bed.farm() as farm, living(bed) as daemon:
        caller, call = await talking(farm, daemon, "0639980602", "0199000602")
        await farm.hang_up_as("0199000602")
        await marked(daemon, call)
        await farm.hang_up(caller)
        await gone(daemon, call)
        assert (await marks(daemon)).count(call) == 1


async def is_called_back_and_leaves_first(bed: Testbed) -> None:
    async with bed.farm() as farm, living(bed) as daemon:
        await called_back(farm, daemon, "dcb-unseen-1", "0639980603", "0199000603")
        await farm.hang_up_as("0639980603")
        await marked(daemon, "dcb-unseen-1")


async def is_called_back_and_both_leave_at_once(bed: Testbed) -> None:
    async with bed.farm() as farm, living(bed) as daemon:
        await called_back(farm, daemon, "dcb-both-1", "0639980604", "0199000604")
        legs = ("dcb-both-1", "dcr-0199000604")
        await asyncio.gather(*(daemon.ami.send("Hangup", Channel=leg) for leg in legs))
        await marked(daemon, "dcb-both-1")


async def is_seen(bed: Testbed) -> None:
    async with bed.farm() as farm, living(bed) as daemon:
        caller, call = await talking(farm, daemon, "0639980605", "0199000605")
        for leg in (call, "dcr-0199000605"):
            await daemon.ami.send("Setvar", Channel=leg, Variable="DECROCHE_TALK", Value="1")
        await farm.hang_up(caller)
        await daemon.plays("decroche/over", Uniqueid="dcr-0199000605")
        await gone(daemon, call)
        await farm.hang_up_as("0199000605")
        await gone(daemon, "dcr-0199000605")
        assert call not in await marks(daemon)


async def is_seen_and_left_in_a_consult(bed: Testbed) -> None:
    async with bed.farm() as farm, living(bed) as daemon:
        caller, call = await talking(farm, daemon, "0639980606", "0199000606")
        for leg in (call, "dcr-0199000606"):
            await daemon.ami.send("Setvar", Channel=leg, Variable="DECROCHE_TALK", Value="1")
        since = len(daemon.ami.events)
        await daemon.redirect(call, "decroche-senior", "consult")
        await daemon.event("DecrocheWaiting", since=since, Call=call)
        await farm.hang_up(caller)
        await gone(daemon, call)
        assert call not in await marks(daemon)


async def is_never_joined(bed: Testbed) -> None:
    async with bed.farm() as farm, living(bed) as daemon:
        caller, call = await holding(farm, daemon, "0639980607")
        await daemon.redirect(call, "decroche-hold", "join")
        await daemon.holding(call, "decroche-join")
        await farm.hang_up(caller)
        await gone(daemon, call)
        assert call not in await marks(daemon)


@pytest.fixture(scope="module")
def outcomes(bed: Testbed) -> Outcomes:
    return play(
        bed,
        leaves_first,
        is_left,
        is_called_back_and_leaves_first,
        is_called_back_and_both_leave_at_once,
        is_seen,
        is_seen_and_left_in_a_consult,
        is_never_joined,
    )


def test_an_unseen_talk_is_marked_when_its_caller_hangs_up(outcomes: Outcomes) -> None:
    outcomes.of(leaves_first)


def test_it_is_marked_once_when_its_listener_hangs_up(outcomes: Outcomes) -> None:
    outcomes.of(is_left)


def test_so_is_that_of_somebody_who_was_called_back(outcomes: Outcomes) -> None:
    outcomes.of(is_called_back_and_leaves_first)


def test_it_is_marked_though_both_are_gone_at_once(outcomes: Outcomes) -> None:
    outcomes.of(is_called_back_and_both_leave_at_once)


def test_a_talk_that_the_daemon_has_seen_leaves_none(outcomes: Outcomes) -> None:
    outcomes.of(is_seen)


def test_nor_does_who_hangs_up_in_a_consult(outcomes: Outcomes) -> None:
    outcomes.of(is_seen_and_left_in_a_consult)


def test_nor_does_who_waited_to_be_joined(outcomes: Outcomes) -> None:
    outcomes.of(is_never_joined)


def test_nothing_of_all_this_made_asterisk_complain(outcomes: Outcomes, bed: Testbed) -> None:
    assert outcomes
    assert bed.pbx.complaints() == []


def test_with_the_daemon_dead_a_talk_with_the_fallback_is_marked_of_who_was_known_to_it(
    bed: Testbed,
) -> None:
    async def scene() -> None:
        async with bed.farm() as farm:
            await farm.listener(FALLBACK_HUMAN, behaviour.answers())
            await farm.listener(FALLBACK_SLOW_HUMAN, behaviour.never())
            async with living(bed) as daemon:
                caller, call = await holding(farm, daemon, "0639980608")
            async with dead(bed) as daemon:
                seconds = STALE_SECONDS + TURN_SECONDS + RUNG_SECONDS
                await daemon.event("DecrocheFallbackAnswered", seconds, Call=call)
                assert await farm.heard(caller, HEARD_SECONDS) == FALLBACK_HUMAN
                assert call not in await marks(daemon)
                await farm.hang_up(caller)
                await marked(daemon, call)
                stranger = await farm.call("0805232336", "0639980609")
                arrived = await daemon.arrival("0639980609")
                await farm.heard(stranger, RUNG_SECONDS)
                await farm.hang_up(stranger)
                await gone(daemon, arrived["Call"])
                assert arrived["Call"] not in await marks(daemon)

    asyncio.run(scene())


def test_the_oldest_marks_go_when_there_are_too_many(bed: Testbed) -> None:
    async def scene() -> None:
        async with bed.farm() as farm, living(bed) as daemon:
            full = "".join(f"&dcb-an-old-one-{number}" for number in range(52))
            await daemon.ami.send("Setvar", Variable="DECROCHE_TALKED", Value=full)
            caller, call = await talking(farm, daemon, "0639980610", "0199000610")
            await farm.hang_up(caller)
            await marked(daemon, call)
            kept = await marks(daemon)
            assert kept[-2:] == ["dcb-an-old-one-51", call]
            assert "dcb-an-old-one-0" not in kept
            assert len("&".join(kept)) < 1000

    asyncio.run(scene())


async def talking(farm: Farm, daemon: Daemon, number: str, listener: str) -> tuple[str, str]:
    """Bring a caller to a listener as a daemon does that dies just then: gives caller and call."""
    await farm.listener(listener, behaviour.answers())
    caller, call = await holding(farm, daemon, number)
    await daemon.ring(f"dcr-{listener}", listener, call)
    await daemon.holding(f"dcr-{listener}", "decroche-accepted")
    await daemon.redirect(call, "decroche-hold", "join")
    await bridge(daemon, call, f"dcr-{listener}")
    return caller, call


async def called_back(farm: Farm, daemon: Daemon, leg: str, number: str, listener: str) -> None:
    """Call somebody back, and bring them to the listener, as such a daemon does."""
    await farm.listener(listener, behaviour.answers())
    await farm.listener(number, behaviour.is_called_back())
    offer = f"dcr-{listener}"
    await ring_listener(daemon, offer, listener)
    await daemon.holding(offer, "decroche-accepted", 0, BRIEFING_SECONDS)
    await dial(daemon, leg, number)
    await said(daemon, leg, "taken")
    shown = {"Variable": "DECROCHE_PASS", "Value": f"anne/{leg}"}
    await daemon.ami.send("Setvar", Channel=offer, **shown)
    await daemon.redirect(leg, "decroche-hold", "join")
    await bridge(daemon, leg, offer)


async def bridge(daemon: Daemon, call: str, offer: str) -> None:
    await daemon.holding(call, "decroche-join")
    await daemon.holding(offer, "decroche-accepted", 0, BRIEFING_SECONDS)
    names = [await daemon.name_of(leg) for leg in (call, offer)]
    await daemon.ami.send("Bridge", Channel1=names[0], Channel2=names[1], Tone="no")
    for leg in (call, offer):
        await daemon.ami.wait_for(partial(is_in_a_talk, leg), SOON_SECONDS)


def is_in_a_talk(leg: str, event: Message) -> bool:
    in_a_bridge = event.has(Event="BridgeEnter", Uniqueid=leg)
    return in_a_bridge and event["BridgeTechnology"] != "holding_bridge"


async def marked(daemon: Daemon, call: str) -> None:
    """Wait until there is a mark of this call."""
    await daemon.ami.wait_for(
        lambda event: (
            event["Event"] == "VarSet"
            and event["Variable"] == "DECROCHE_TALKED"
            and call in event["Value"].split("&")
        ),
        MARKED_SECONDS,
    )
    assert call in await marks(daemon)


async def marks(daemon: Daemon) -> list[str]:
    """Give the marks that there are."""
    told = await daemon.ami.send("Getvar", Variable="DECROCHE_TALKED")
    return told["Value"].split("&")
