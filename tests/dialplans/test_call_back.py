"""Somebody is called back: what they hear, what the listener hears who waits, and each key."""

from __future__ import annotations

import asyncio
import hashlib

import pytest

from router.ami.briefing import BRIEFING_SECONDS
from tests.dialplans.daemon import Daemon, dead, living
from tests.dialplans.places import FALLBACK_HUMAN, HEALTH_NUMBER, SOON_SECONDS
from tests.dialplans.scenes import Outcomes, play
from tests.dialplans.test_hold import heard, holding, put
from tests.testbed import Testbed, behaviour
from tests.testbed.ami import Message

WORDS_SECONDS = 25.0
"""From picking up to the end for whoever presses nothing."""
STALE_SECONDS = 6.0
TURN_SECONDS = 5.0
CUT_OFF_SECONDS = 17.0
"""Of the longest words that a turn of hold begins with."""


async def is_there_and_talks(bed: Testbed) -> None:
    async with bed.farm() as farm, living(bed) as daemon:
        await farm.listener("0199000201", behaviour.answers())
        await farm.listener("0639980201", behaviour.is_called_back())
        await ring_listener(daemon, "dcr-owed", "0199000201")
        await daemon.plays("decroche/call-back-wanted,decroche/line-health", Uniqueid="dcr-owed")
        await daemon.event("DecrocheOffer", 10, Offer="dcr-owed", What="accepted")
        what = "line-health known-0 call-back-due hour-14 minute-30 attempt-2 calling-back"
        said_of_it = ",".join(f"decroche/{prompt}" for prompt in what.split())
        await daemon.plays(said_of_it, Uniqueid="dcr-owed")
        await daemon.holding("dcr-owed", "decroche-accepted", 0, BRIEFING_SECONDS)
        await dial(daemon, "dcb-talks-1", "+33639980201")
        taken = await said(daemon, "dcb-talks-1", "taken")
        secret = f"{bed.pbx.secret}:dcb-talks-1".encode()
        assert taken["Token"] == hashlib.sha1(secret, usedforsecurity=False).hexdigest()
        assert (taken["Line"], taken["CallerIDNum"]) == ("health", HEALTH_NUMBER)
        assert heard(daemon, "dcb-talks-1") == ["call-back"]
        await daemon.redirect("dcb-talks-1", "decroche-hold", "join")
        await daemon.connect("dcb-talks-1", "dcr-owed")
        assert await farm.heard("9980201", 20) == "0199000201"
        # Cut off, they are a caller of their line like any other.
        since = len(daemon.ami.events)
        await farm.hang_up_as("0199000201")
        told = await daemon.event("DecrocheWaiting", since=since, Call="dcb-talks-1")
        assert (told["Line"], told["Arrived"]) == ("health", taken["Arrived"])
        await daemon.plays("decroche/cut-off", Uniqueid="dcb-talks-1", since=since)
        await hears_music(daemon, "dcb-talks-1", since)
        await farm.hang_up_as("0639980201")
        await gone(daemon, "dcb-talks-1")


async def is_a_voicemail(bed: Testbed) -> None:
    async with bed.farm() as farm, living(bed) as daemon:
        await farm.listener("0639980202", behaviour.voicemail())
        await dial(daemon, "dcb-voicemail-1", "0639980202")
        await daemon.plays("decroche/call-back", Uniqueid="dcb-voicemail-1")
        await said(daemon, "dcb-voicemail-1", "no_key", WORDS_SECONDS + SOON_SECONDS)
        await gone(daemon, "dcb-voicemail-1")
        assert heard(daemon, "dcb-voicemail-1") == ["call-back"]


async def is_somebody_else(bed: Testbed) -> None:
    async with bed.farm() as farm, living(bed) as daemon:
        for number, key in (("0639980203", "2"), ("0639980204", "5")):
            await farm.listener(number, behaviour.is_called_back(key=key))
            await dial(daemon, f"dcb-{number}-1", number)
        for number in ("0639980203", "0639980204"):
            await said(daemon, f"dcb-{number}-1", "declined")
            await gone(daemon, f"dcb-{number}-1")


async def ends_untaken(bed: Testbed) -> None:
    """Each way in which a ring can end, by the cause that Asterisk gives for it."""
    async with bed.farm() as farm, living(bed) as daemon:
        ways = {"0639980205": behaviour.busy(), "0639980206": behaviour.rejects(0.5)}
        ways["0639980207"] = behaviour.never()
        for number, how in ways.items():
            await farm.listener(number, how)
        for number in (*ways, "0639980208"):
            # Who says no, or is not there, is to be heard before the ring is over.
            rings = 3 if ways.get(number) == behaviour.never() else 30
            await dial(daemon, f"dcb-{number}-1", number, ring_seconds=rings)
        causes = [(await gone(daemon, f"dcb-{n}-1"))["Cause"] for n in (*ways, "0639980208")]
        assert causes == ["17", "21", "19", "1"]


async def is_there_and_the_daemon_dies(bed: Testbed) -> None:
    async with bed.farm() as farm:
        await farm.listener(FALLBACK_HUMAN, behaviour.answers())
        await farm.listener("0639980209", behaviour.is_called_back())
        async with living(bed) as daemon:
            await dial(daemon, "dcb-dead-1", "0639980209")
            await said(daemon, "dcb-dead-1", "taken")
            await daemon.event("DecrocheWaiting", Call="dcb-dead-1")
        async with dead(bed) as daemon:
            seconds = STALE_SECONDS + TURN_SECONDS + SOON_SECONDS
            await daemon.event("DecrocheFallback", seconds, Call="dcb-dead-1", Why="stale")
            assert await farm.heard("9980209", 20) == FALLBACK_HUMAN
            await farm.hang_up_as("0639980209")


async def is_told_by_when(bed: Testbed) -> None:
    async with bed.farm() as farm, living(bed) as daemon:
        caller, call = await holding(farm, daemon, "0639980211")
        await put(daemon, call, DUE="decroche/hour-14&decroche/minute-30")
        await daemon.redirect(call, "decroche-promise", "noted")
        await daemon.plays("decroche/promised", Uniqueid=call)
        await farm.left(caller, 20)
        words = heard(daemon, call)
        assert words[:3] == ["promised", "hour-14", "minute-30"]
        assert words[-1] == "goodbye"


async def is_connected_under_the_words_of_the_promise(bed: Testbed) -> None:
    async with bed.farm() as farm, living(bed) as daemon:
        caller, call = await holding(farm, daemon, "0639980212")
        await put(daemon, call, DUE="decroche/hour-0")
        await daemon.redirect(call, "decroche-promise", "noted")
        await daemon.plays("decroche/promised", Uniqueid=call)
        await daemon.redirect(call, "decroche-hold", "join")
        await daemon.holding(call, "decroche-join")
        await farm.hang_up(caller)


async def is_promised_nothing_and_goes_on_waiting(bed: Testbed) -> None:
    async with bed.farm() as farm, living(bed) as daemon:
        for why, words in (("number_unknown", "no-number"), ("store", "not-promised")):
            caller, call = await holding(farm, daemon, "0639980213")
            await daemon.redirect(call, "decroche-promise", why)
            await daemon.plays(f"decroche/{words}", Uniqueid=call)
            await hears_music(daemon, call, len(daemon.ami.events))
            await farm.hang_up(caller)


async def may_choose_to_be_called_back_by_their_listener(bed: Testbed) -> None:
    async with bed.farm() as farm, living(bed) as daemon:
        caller, call = await holding(farm, daemon, "0639980214")
        await put(daemon, call, USUAL="busy-call-back", TURN="1")
        await daemon.plays("decroche/choice-call-back", 17, Uniqueid=call)
        await farm.press(caller, "3")
        await daemon.event("DecrocheChoice", Call=call, Choice="call_back")
        await farm.hang_up(caller)


async def waits_in_vain_as_a_listener(bed: Testbed) -> None:
    async with bed.farm() as farm, living(bed) as daemon:
        await farm.listener("0199000215", behaviour.answers())
        await ring_listener(daemon, "dcr-vain", "0199000215")
        await daemon.holding("dcr-vain", "decroche-accepted", 0, BRIEFING_SECONDS)
        await daemon.redirect("dcr-vain", "decroche-offer", "not_reached")
        await daemon.plays("decroche/not-reached", Uniqueid="dcr-vain")
        await gone(daemon, "dcr-vain")


@pytest.fixture(scope="module")
def outcomes(bed: Testbed) -> Outcomes:
    return play(
        bed,
        is_there_and_talks,
        is_a_voicemail,
        is_somebody_else,
        ends_untaken,
        is_told_by_when,
        is_connected_under_the_words_of_the_promise,
        is_promised_nothing_and_goes_on_waiting,
        may_choose_to_be_called_back_by_their_listener,
        waits_in_vain_as_a_listener,
    )


def test_who_says_that_it_is_them_is_joined_with_the_listener_and_is_a_caller_from_then_on(
    outcomes: Outcomes,
) -> None:
    outcomes.of(is_there_and_talks)


def test_a_voicemail_hears_neutral_words_and_is_left(outcomes: Outcomes) -> None:
    outcomes.of(is_a_voicemail)


def test_any_other_key_declines(outcomes: Outcomes) -> None:
    outcomes.of(is_somebody_else)


def test_a_ring_that_nobody_takes_ends_by_a_cause_that_tells_why(outcomes: Outcomes) -> None:
    outcomes.of(ends_untaken)


def test_a_caller_is_told_by_when_they_are_called_back_and_let_go(outcomes: Outcomes) -> None:
    outcomes.of(is_told_by_when)


def test_who_is_told_of_a_promise_can_be_connected_at_any_instant(outcomes: Outcomes) -> None:
    outcomes.of(is_connected_under_the_words_of_the_promise)


def test_who_is_promised_nothing_hears_why_and_goes_on_waiting(outcomes: Outcomes) -> None:
    outcomes.of(is_promised_nothing_and_goes_on_waiting)


def test_whose_listener_is_busy_may_ask_to_be_called_back_by_them(outcomes: Outcomes) -> None:
    outcomes.of(may_choose_to_be_called_back_by_their_listener)


def test_a_listener_who_has_waited_in_vain_hears_why(outcomes: Outcomes) -> None:
    outcomes.of(waits_in_vain_as_a_listener)


def test_nothing_of_all_this_made_asterisk_complain(outcomes: Outcomes, bed: Testbed) -> None:
    assert outcomes
    assert bed.pbx.complaints() == []


def test_with_the_daemon_dead_who_was_called_back_reaches_the_fallback(bed: Testbed) -> None:
    asyncio.run(is_there_and_the_daemon_dies(bed))


async def ring_listener(daemon: Daemon, offer: str, listener: str) -> None:
    variables = {
        "DECROCHE_LINE": "health",
        "DECROCHE_KNOWN": "0",
        "DECROCHE_CALL_BACK": "1",
        "DECROCHE_OWED": "decroche/hour-14&decroche/minute-30&decroche/attempt-2",
    }
    await daemon.ami.send(
        "Originate",
        variables,
        Channel=f"PJSIP/{listener}@trunk",
        ChannelId=offer,
        Context="decroche-offer",
        Exten="s",
        Priority="1",
        Async="true",
    )


async def dial(
    daemon: Daemon, leg: str, number: str, *, ring_seconds: int = 20, epoch: str = "1"
) -> None:
    await daemon.ami.send(
        "Originate",
        {
            "DECROCHE_LINE": "health",
            "DECROCHE_DIAL": f"PJSIP/{number}@trunk",
            "DECROCHE_DIAL_EPOCH": epoch,
        },
        Channel="Local/s@decroche-fence/n",
        ChannelId=leg,
        CallerID=HEALTH_NUMBER,
        Context="decroche-call-back",
        Exten="s",
        Priority="1",
        Async="true",
        Timeout=str(ring_seconds * 1000),
    )


async def said(daemon: Daemon, leg: str, what: str, seconds: float = 10) -> Message:
    return await daemon.event("DecrocheCallBack", seconds, Leg=leg, What=what)


async def hears_music(daemon: Daemon, leg: str, since: int) -> None:
    """Wait until whoever is on this leg has heard out some words, and waits again."""
    music = {"Event": "MusicOnHoldStart", "Uniqueid": leg}
    await daemon.ami.wait_for(lambda e: e.has(**music), CUT_OFF_SECONDS, since)


async def gone(daemon: Daemon, leg: str, seconds: float = 10) -> Message:
    return await daemon.ami.wait_for(lambda e: e.has(Event="Hangup", Uniqueid=leg), seconds)
