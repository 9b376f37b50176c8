"""A listener's leg: what it hears, and what each key does."""

from __future__ import annotations

import hashlib

import pytest

from tests.dialplans.daemon import Daemon, living
from tests.dialplans.places import SOON_SECONDS
from tests.dialplans.scenes import Outcomes, play
from tests.testbed import Testbed, behaviour
from tests.testbed.ami import Message

PICKED_UP_TO_NO_KEY_SECONDS = 12.0
ACCEPTED_TO_TAKEN_SECONDS = 10.0


async def accepts(bed: Testbed) -> None:
    async with bed.farm() as farm, living(bed) as daemon:
        await farm.listener("0199000101", behaviour.answers())
        await daemon.ring("dcr-accepts", "0199000101", known="1")
        picked_up = await told(daemon, "dcr-accepts", "picked_up")
        secret = f"{bed.pbx.secret}:dcr-accepts".encode()
        assert picked_up["Token"] == hashlib.sha1(secret, usedforsecurity=False).hexdigest()
        await daemon.plays("decroche/line-health,decroche/known-1,decroche/offer-keys")
        await told(daemon, "dcr-accepts", "accepted")
        await daemon.holding("dcr-accepts", "decroche-accepted")
        await daemon.redirect("dcr-accepts", "decroche-offer", "taken")
        await daemon.plays("decroche/taken")
        await gone(daemon, "dcr-accepts")


async def declines_with_another_key(bed: Testbed) -> None:
    async with bed.farm() as farm, living(bed) as daemon:
        for name, key in (("0199000112", "2"), ("0199000115", "5"), ("0199000119", "#")):
            await farm.listener(name, behaviour.presses(key))
            await daemon.ring(f"dcr-{name}", name)
        for name in ("0199000112", "0199000115", "0199000119"):
            await told(daemon, f"dcr-{name}", "declined", seconds=10)
            await gone(daemon, f"dcr-{name}")


async def accepts_in_the_app(bed: Testbed) -> None:
    async with bed.farm() as farm, living(bed) as daemon:
        await farm.listener("0199000121", behaviour.voicemail())
        await daemon.ring("dcr-app-accepts", "0199000121")
        await told(daemon, "dcr-app-accepts", "picked_up")
        await daemon.redirect("dcr-app-accepts", "decroche-offer", "accept")
        await told(daemon, "dcr-app-accepts", "accepted")
        await daemon.holding("dcr-app-accepts", "decroche-accepted")
        await daemon.redirect("dcr-app-accepts", "decroche-offer", "taken")
        await gone(daemon, "dcr-app-accepts")


async def declines_in_the_app(bed: Testbed) -> None:
    async with bed.farm() as farm, living(bed) as daemon:
        await farm.listener("0199000122", behaviour.voicemail())
        await daemon.ring("dcr-app-declines", "0199000122")
        await told(daemon, "dcr-app-declines", "picked_up")
        await daemon.redirect("dcr-app-declines", "decroche-offer", "decline")
        await told(daemon, "dcr-app-declines", "declined")
        await gone(daemon, "dcr-app-declines")


async def is_a_voicemail(bed: Testbed) -> None:
    async with bed.farm() as farm, living(bed) as daemon:
        await farm.listener("0199000102", behaviour.voicemail())
        await daemon.ring("dcr-voicemail", "0199000102")
        picked_up = await told(daemon, "dcr-voicemail", "picked_up")
        no_key = await told(daemon, "dcr-voicemail", "no_key", PICKED_UP_TO_NO_KEY_SECONDS)
        # Asterisk's own stamps: whoever is busy may be late to hear of it.
        took_seconds = float(no_key["Timestamp"]) - float(picked_up["Timestamp"])
        assert abs(took_seconds - PICKED_UP_TO_NO_KEY_SECONDS) < 1.5
        await gone(daemon, "dcr-voicemail")


async def is_never_connected(bed: Testbed) -> None:
    async with bed.farm() as farm, living(bed) as daemon:
        await farm.listener("0199000103", behaviour.answers())
        await daemon.ring("dcr-unconnected", "0199000103")
        await told(daemon, "dcr-unconnected", "accepted", seconds=10)
        holding = await daemon.name_of("dcr-unconnected")
        await daemon.plays("decroche/taken", ACCEPTED_TO_TAKEN_SECONDS + 3, Channel=holding)
        await gone(daemon, "dcr-unconnected")


async def hangs_up_under_the_words(bed: Testbed) -> None:
    async with bed.farm() as farm, living(bed) as daemon:
        await farm.listener("0199000104", behaviour.leaves())
        await daemon.ring("dcr-leaves", "0199000104")
        await gone(daemon, "dcr-leaves")
        said = [event["What"] for event in daemon.ami.events if event["Offer"] == "dcr-leaves"]
        assert said == ["picked_up"]


@pytest.fixture(scope="module")
def outcomes(bed: Testbed) -> Outcomes:
    return play(
        bed,
        accepts,
        declines_with_another_key,
        accepts_in_the_app,
        declines_in_the_app,
        is_a_voicemail,
        is_never_connected,
        hangs_up_under_the_words,
    )


def test_a_listener_who_presses_1_accepts_and_waits_to_be_connected(outcomes: Outcomes) -> None:
    outcomes.of(accepts)


def test_any_other_key_declines_and_ends_the_leg(outcomes: Outcomes) -> None:
    outcomes.of(declines_with_another_key)


def test_who_has_picked_up_may_accept_in_their_app(outcomes: Outcomes) -> None:
    outcomes.of(accepts_in_the_app)


def test_who_has_picked_up_may_decline_in_their_app(outcomes: Outcomes) -> None:
    outcomes.of(declines_in_the_app)


def test_a_voicemail_presses_no_key_and_is_hung_up_after_12_s(outcomes: Outcomes) -> None:
    outcomes.of(is_a_voicemail)


def test_a_listener_whom_nobody_connects_hears_that_the_call_is_taken(outcomes: Outcomes) -> None:
    outcomes.of(is_never_connected)


def test_a_listener_who_hangs_up_under_the_words_has_said_nothing(outcomes: Outcomes) -> None:
    outcomes.of(hangs_up_under_the_words)


async def told(daemon: Daemon, offer: str, what: str, seconds: float = SOON_SECONDS) -> Message:
    return await daemon.event("DecrocheOffer", seconds, Offer=offer, What=what)


async def gone(daemon: Daemon, offer: str) -> None:
    await daemon.ami.wait_for(lambda event: event.has(Event="Hangup", Uniqueid=offer), SOON_SECONDS)
