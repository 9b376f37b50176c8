"""A caller while the daemon lives: arrival, hold, connection, and the talk that is cut off."""

from __future__ import annotations

import hashlib
import time

import pytest

from tests.dialplans.daemon import Daemon, living
from tests.dialplans.places import HEALTH_NUMBER, SOON_SECONDS, STUDENTS_NUMBER
from tests.dialplans.scenes import Outcomes, play
from tests.testbed import Testbed, behaviour

HOLD_TURN_SECONDS = 5.0
JOIN_SECONDS = 10.0
WELCOME_SECONDS = 10.0
FALLBACK_IS_RUNG_WITHIN_SECONDS = WELCOME_SECONDS + HOLD_TURN_SECONDS + 2


async def is_told_before_the_words(bed: Testbed) -> None:
    async with bed.farm() as farm, living(bed) as daemon:
        before = time.time()
        caller = await farm.call(STUDENTS_NUMBER, "0639980001")
        arrived = await daemon.arrival("0639980001")
        position = daemon.ami.events.index(arrived)
        words = await daemon.plays("decroche/welcome", Uniqueid=arrived["Call"])
        assert daemon.ami.events.index(words) > position
        assert arrived["Line"] == "students"
        assert arrived["Call"] == arrived["Uniqueid"]
        assert before - 0.001 <= float(arrived["Arrived"]) <= time.time()
        assert len(arrived["Arrived"].partition(".")[2]) == 3
        secret = f"{bed.pbx.secret}:{arrived['Call']}".encode()
        assert arrived["Token"] == hashlib.sha1(secret, usedforsecurity=False).hexdigest()
        shown = await daemon.ami.send("Getvar", Channel=arrived["Call"], Variable="DECROCHE_PASS")
        assert shown["Value"] == f"students/{arrived['Arrived']}"
        await farm.hang_up(caller)


async def waits_with_its_arrival_kept(bed: Testbed) -> None:
    async with bed.farm() as farm, living(bed) as daemon:
        caller = await farm.call(HEALTH_NUMBER, "0639980002")
        arrived = await daemon.arrival("0639980002")
        call = arrived["Call"]
        await daemon.acknowledge(call)
        turns = {"decroche/keys-health": WELCOME_SECONDS, "DECROCHE_KEY": HOLD_TURN_SECONDS + 2}
        for heard, deadline_seconds in turns.items():
            since = len(daemon.ami.events)
            waiting = await daemon.event("DecrocheWaiting", deadline_seconds, since, Call=call)
            assert [waiting[name] for name in ("Token", "Line", "Arrived")] == [
                arrived[name] for name in ("Token", "Line", "Arrived")
            ]
            await daemon.plays(heard, since=since, Uniqueid=call)
        await daemon.hears_music(call)
        await farm.hang_up(caller)
        await farm.left(caller, SOON_SECONDS)


async def is_connected_under_the_welcome(bed: Testbed) -> None:
    async with bed.farm() as farm, living(bed) as daemon:
        await farm.listener("0199000101", behaviour.drops(talk_seconds=7))
        caller = await farm.call(HEALTH_NUMBER, "0639980003")
        call = (await daemon.arrival("0639980003"))["Call"]
        await daemon.acknowledge(call)
        await ring_and_accept(daemon, "dcr-welcome", "0199000101", call)
        since = len(daemon.ami.events)
        await daemon.redirect(call, "decroche-hold", "join")
        await daemon.connect(call, "dcr-welcome", since=since)
        assert await farm.took("0199000101", SOON_SECONDS) == caller
        # The talk outlasts a hold turn, then the listener drops: not before is there a word of it.
        again = await daemon.event("DecrocheWaiting", 10, Call=call)
        words = await daemon.plays("decroche/cut-off", since=since, Uniqueid=call)
        left = await daemon.ami.wait_for(
            lambda event: (
                event.has(Event="BridgeLeave", Uniqueid="dcr-welcome")
                and event["BridgeTechnology"] != "holding_bridge"
            ),
            SOON_SECONDS,
        )
        order = [daemon.ami.events.index(event) for event in (left, again, words)]
        assert order == sorted(order)
        cleared = await daemon.ami.send("Getvar", Channel=call, Variable="DECROCHE_TALK")
        assert cleared["Value"] == ""
        dropped = await daemon.ami.wait_for(
            lambda event: event.has(Event="Hangup", Uniqueid="dcr-welcome"), SOON_SECONDS
        )
        assert dropped["Cause"] == "38"

        await farm.listener("0199000102", behaviour.answers())
        await ring_and_accept(daemon, "dcr-again", "0199000102", call)
        since = len(daemon.ami.events)
        await daemon.redirect(call, "decroche-hold", "join")
        await daemon.connect(call, "dcr-again", since=since)
        assert await farm.took("0199000102", SOON_SECONDS) == caller
        await farm.hang_up(caller)


async def is_sent_to_be_joined_and_nobody_comes(bed: Testbed) -> None:
    async with bed.farm() as farm, living(bed) as daemon:
        caller = await farm.call(HEALTH_NUMBER, "0639980007")
        call = (await daemon.arrival("0639980007"))["Call"]
        await daemon.acknowledge(call)
        for _ in range(2):  # the second time they are there already, for another listener
            since = len(daemon.ami.events)
            await daemon.redirect(call, "decroche-hold", "join")
            await daemon.holding(call, "decroche-join", since)
        since = len(daemon.ami.events)
        await daemon.event("DecrocheWaiting", JOIN_SECONDS + 2, since, Call=call)
        await daemon.hears_music(call, since)
        await farm.hang_up(caller)
        await farm.left(caller, SOON_SECONDS)


async def hangs_up_and_the_listener_hears_that_it_is_over(bed: Testbed) -> None:
    async with bed.farm() as farm, living(bed) as daemon:
        await farm.listener("0199000103", behaviour.answers())
        caller = await farm.call(HEALTH_NUMBER, "0639980004")
        call = (await daemon.arrival("0639980004"))["Call"]
        await daemon.acknowledge(call)
        await ring_and_accept(daemon, "dcr-over", "0199000103", call)
        since = len(daemon.ami.events)
        await daemon.redirect(call, "decroche-hold", "join")
        await daemon.connect(call, "dcr-over", since=since)
        assert await farm.took("0199000103", SOON_SECONDS) == caller
        await farm.hang_up(caller)
        await daemon.plays("decroche/over", Uniqueid="dcr-over")


async def goes_to_the_fallback_unacknowledged(bed: Testbed) -> None:
    async with bed.farm() as farm, living(bed) as daemon:
        await farm.listener("0199000092", behaviour.answers())
        caller = await farm.call(HEALTH_NUMBER, "0639980005")
        call = (await daemon.arrival("0639980005"))["Call"]
        told = await daemon.event("DecrocheFallback", FALLBACK_IS_RUNG_WITHIN_SECONDS, Call=call)
        assert told["Why"] == "unacknowledged"
        assert await farm.heard(caller, 8) == "0199000092"
        await farm.hang_up(caller)


async def goes_to_the_fallback_when_asked(bed: Testbed) -> None:
    async with bed.farm() as farm, living(bed) as daemon:
        caller = await farm.call(HEALTH_NUMBER, "0639980006")
        call = (await daemon.arrival("0639980006"))["Call"]
        await daemon.acknowledge(call)
        await daemon.redirect(call, "decroche-fallback", "asked")
        assert (await daemon.event("DecrocheFallback", Call=call))["Why"] == "asked"
        await farm.hang_up(caller)


@pytest.fixture(scope="module")
def outcomes(bed: Testbed) -> Outcomes:
    return play(
        bed,
        is_told_before_the_words,
        waits_with_its_arrival_kept,
        is_connected_under_the_welcome,
        is_sent_to_be_joined_and_nobody_comes,
        hangs_up_and_the_listener_hears_that_it_is_over,
        goes_to_the_fallback_unacknowledged,
        goes_to_the_fallback_when_asked,
    )


def test_the_daemon_is_told_of_a_call_before_its_first_words(outcomes: Outcomes) -> None:
    outcomes.of(is_told_before_the_words)


def test_a_waiting_caller_is_announced_each_turn_with_its_arrival(outcomes: Outcomes) -> None:
    outcomes.of(waits_with_its_arrival_kept)


def test_a_caller_is_connected_under_the_welcome_and_again_after_a_drop(
    outcomes: Outcomes,
) -> None:
    outcomes.of(is_connected_under_the_welcome)


def test_a_caller_who_is_sent_to_be_joined_is_told_to_be_there_each_time_and_not_left_there(
    outcomes: Outcomes,
) -> None:
    outcomes.of(is_sent_to_be_joined_and_nobody_comes)


def test_a_listener_whose_caller_has_hung_up_hears_that_it_is_over(outcomes: Outcomes) -> None:
    outcomes.of(hangs_up_and_the_listener_hears_that_it_is_over)


def test_a_call_that_the_daemon_does_not_acknowledge_reaches_the_fallback(
    outcomes: Outcomes,
) -> None:
    outcomes.of(goes_to_the_fallback_unacknowledged)


def test_the_daemon_can_ask_for_the_fallback(outcomes: Outcomes) -> None:
    outcomes.of(goes_to_the_fallback_when_asked)


def test_nothing_of_all_this_made_asterisk_complain(outcomes: Outcomes, bed: Testbed) -> None:
    assert outcomes
    assert bed.pbx.complaints() == []


async def ring_and_accept(daemon: Daemon, offer: str, listener: str, call: str) -> None:
    await daemon.ring(offer, listener, call)
    await daemon.event("DecrocheOffer", 10, Offer=offer, What="accepted")
