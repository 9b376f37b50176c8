"""What a listener's app can do, through a real broker with the configuration that we ship."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable

import msgspec
import pytest

from router.ami.act import Phones
from router.core.events import (
    ConsultStarted,
    HelpAsked,
    ListenerCameOn,
    ListenerLegEnded,
    ListenerPickedUp,
    OfferAccepted,
    OfferDeclined,
    TalkDisposed,
    TalkMarkedHard,
    TalkStarted,
)
from router.presence.book import AHEAD_SECONDS
from tests.presence.app import App
from tests.presence.broker import Broker
from tests.presence.rig import Rig

pytestmark = pytest.mark.slow

MakeRig = Callable[[], Rig]


def test_a_listener_comes_on_pauses_and_goes_off_by_their_app(broker: Broker, rig: MakeRig) -> None:
    async def scene() -> None:
        async with rig() as site, App(broker, "anne") as anne:
            at = time.time()
            await anne.say_state("ready", at)
            await site.until(lambda: site.duty("anne") == "on")
            await anne.say_state("pause", at + 1, reason="meal")
            await site.until(lambda: site.duty("anne") == "paused")
            await anne.say_state("off", at + 2)
            await site.until(lambda: site.duty("anne") == "off")
            assert site.duty("bruno") == "off"

    asyncio.run(scene())


def test_the_app_hears_of_its_listeners_calls_and_of_nobody_elses(
    broker: Broker, rig: MakeRig
) -> None:
    async def scene() -> None:
        async with rig() as site, App(broker, "anne") as anne, App(broker, "bruno") as bruno:
            site.step(ListenerCameOn("anne"))
            offer = site.ring()
            ringing = await anne.until_told("offer", offer=offer, state="ringing")
            assert ringing["brief"] == {
                "line": "carers",
                "kind": "caller",
                "known_caller": False,
                "due_by": None,
                "attempt": None,
            }
            for event in (ListenerPickedUp(offer), OfferAccepted(offer), TalkStarted("c1", offer)):
                site.step(event)
            await anne.until_told("call", offer=offer, state="talking")
            assert [one["state"] for one in anne.told("offer")] == [
                "ringing",
                "picked_up",
                "accepted",
            ]
            await anne.say("directory", request="r1", department="Rhône", at=time.time())
            found = await anne.until_told("directory/answer", request="r1")
            assert found["found"][0]["number"] == "12"
            await bruno.until_all_is_told()
            assert not bruno.told("offer")
            assert not bruno.told("call")
            assert not any("hash" in str(said) or "c1" in str(said) for said in anne.heard)

    asyncio.run(scene())


def test_an_accept_counts_once_the_phone_was_picked_up_and_not_before(
    broker: Broker, rig: MakeRig
) -> None:
    async def scene() -> None:
        async with rig() as site, App(broker, "anne") as anne:
            site.step(ListenerCameOn("anne"))
            offer = site.ring()
            await anne.say("accept", offer=offer, at=time.time())
            await site.until(lambda: site.refused("not_now") == 1)
            site.step(ListenerPickedUp(offer))
            await anne.say("accept", offer=offer, at=time.time())
            await site.until(lambda: site.actor.sent)
            assert site.actor.sent[0][0] == "Redirect"
            assert site.actor.sent[0][1]["Exten"] == "accept"
            # The dialplan alone says that it was accepted.
            assert OfferAccepted(offer) not in site.told

    asyncio.run(scene())


def test_a_tap_that_comes_twice_is_one_key(broker: Broker, rig: MakeRig) -> None:
    async def scene() -> None:
        async with rig() as site, App(broker, "anne") as anne:
            site.step(ListenerCameOn("anne"))
            offer = site.ring()
            site.step(ListenerPickedUp(offer))
            # It is one key for two seconds: in these both are heard, however slow the machine is.
            site.clock.stop()
            taps = (anne.say("accept", offer=offer, at=site.clock.time()) for _ in range(2))
            await asyncio.gather(*taps)
            await site.until(lambda: site.refused("not_now") == 1)
            assert len(site.actor.sent) == 1

    asyncio.run(scene())


def test_a_decline_ends_the_ring_at_once(broker: Broker, rig: MakeRig) -> None:
    async def scene() -> None:
        async with rig() as site, App(broker, "anne") as anne:
            site.step(ListenerCameOn("anne"))
            offer = site.ring()
            await anne.say("decline", offer=offer, at=time.time())
            await anne.until_told("offer", offer=offer, state="over", result="declined")
            assert site.told == [OfferDeclined(offer)]
            assert site.actor.sent == [("Hangup", {"Channel": offer})]

    asyncio.run(scene())


def test_nobody_acts_on_an_offer_of_somebody_else(broker: Broker, rig: MakeRig) -> None:
    async def scene() -> None:
        async with rig() as site, App(broker, "bruno") as bruno:
            site.step(ListenerCameOn("anne"))
            offer = site.ring()
            for word in ("accept", "decline", "escalate"):
                await bruno.say(word, offer=offer, at=time.time())
            await site.until(lambda: site.refused("not_theirs") == 3)
            assert not site.told
            assert not site.actor.sent

    asyncio.run(scene())


def test_help_is_asked_for_and_what_the_talk_led_to_is_told(broker: Broker, rig: MakeRig) -> None:
    async def scene() -> None:
        async with rig() as site, App(broker, "anne") as anne, App(broker, "bruno") as bruno:
            site.step(ListenerCameOn("anne"))
            offer = site.ring()
            for event in (ListenerPickedUp(offer), OfferAccepted(offer), TalkStarted("c1", offer)):
                site.step(event)
            site.step(ListenerCameOn("bruno"))
            await anne.say("escalate", offer=offer, at=time.time())
            await anne.until_told("call", offer=offer, state="sought")
            asked = await bruno.until_told("offer", state="ringing")
            assert asked["brief"]["kind"] == "help"
            for event in (ListenerPickedUp(asked["offer"]), OfferAccepted(asked["offer"])):
                site.step(event)
            site.step(ConsultStarted(offer, asked["offer"]))
            await bruno.until_told("call", state="consulting")
            await anne.say("disposition", disposition="hard", at=time.time())
            await anne.say(
                "disposition", disposition="orientation", orientation="12", at=time.time()
            )
            await site.until(lambda: len(site.told) == 3)
            assert site.told == [
                HelpAsked(offer, "senior"),
                TalkMarkedHard("anne"),
                TalkDisposed("anne", "orientation", "lyon"),
            ]

    asyncio.run(scene())


def test_what_is_said_twice_is_told_once(broker: Broker, rig: MakeRig) -> None:
    async def scene() -> None:
        async with rig() as site, App(broker, "anne") as anne:
            at = time.time()
            for _ in range(3):
                await anne.say_state("ready", at)
            heard = "decroche_presence_messages_total"
            await site.until(lambda: site.figure(heard, kind="state") >= 3)
            assert site.told == [ListenerCameOn("anne", at)]

    asyncio.run(scene())


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"state": "ready", "at": time.time() + AHEAD_SECONDS + 86_400}, "future"),
        ({"state": "ready", "at": time.time() - 86_400}, "outdated"),
        ({"state": "ready"}, "malformed"),
        ({"state": "sleepy", "at": 1}, "malformed"),
        ({"state": "ready", "at": 1, "number": "0639980001"}, "malformed"),
    ],
)
def test_what_does_not_fit_is_counted_by_its_reason(
    broker: Broker, rig: MakeRig, fields: dict[str, object], reason: str
) -> None:
    async def scene() -> None:
        async with rig() as site, App(broker, "anne") as anne:
            await anne.say("state", **fields)
            await site.until(lambda: site.refused(reason) == 1)
            assert not site.told

    asyncio.run(scene())


def test_apps_are_told_when_the_router_goes_and_comes(broker: Broker, rig: MakeRig) -> None:
    async def scene() -> None:
        async with App(broker, "anne") as anne:
            async with rig():
                await anne.until_told("router", online=True)
            await anne.until_told("router", online=False)

    asyncio.run(scene())


def test_who_is_new_in_the_config_is_heard_without_saying_it_again(
    broker: Broker, rig: MakeRig
) -> None:
    async def scene() -> None:
        async with rig() as site, App(broker, "bruno") as bruno:
            whole = site.settings
            without = {name: one for name, one in whole.listeners.items() if name != "bruno"}
            site.part.take(msgspec.structs.replace(whole, listeners=without))
            await bruno.say_state("ready", time.time())
            await site.until(lambda: site.refused("unknown_listener"))
            assert site.duty("bruno") == "off"
            site.part.take(whole)
            await site.until(lambda: site.duty("bruno") == "on")

    asyncio.run(scene())


def test_whoever_is_woken_by_phone_is_told_so_in_their_app(broker: Broker, rig: MakeRig) -> None:
    async def scene() -> None:
        async with rig() as site, App(broker, "anne") as anne:
            site.waker.phones = Phones({"anne": "PJSIP/anne"}, {"carers": "0199000001"})
            site.waker.wake("carers", ["anne", "bruno"], time.time())
            await anne.until_told("wake", line="carers")

    asyncio.run(scene())


@pytest.mark.parametrize(
    ("asked", "problem"),
    [
        ({"department": "Atlantis"}, "unknown_department"),
        ({"department": "69", "kind": "wizard"}, "unknown_kind"),
    ],
)
def test_a_look_up_that_finds_nothing_says_why(
    broker: Broker, rig: MakeRig, asked: dict[str, object], problem: str
) -> None:
    async def scene() -> None:
        async with rig(), App(broker, "anne") as anne:
            await anne.until_told("router", online=True)
            await anne.say("directory", request="r1", at=time.time(), **asked)
            await anne.until_told("directory/answer", request="r1", problem=problem, found=[])

    asyncio.run(scene())


def test_a_call_at_an_agreed_time_is_told_while_the_leg_is_there(
    broker: Broker, rig: MakeRig
) -> None:
    async def scene() -> None:
        async with rig() as site, App(broker, "anne") as anne:
            site.step(ListenerCameOn("anne"))
            offer = site.ring()
            for event in (ListenerPickedUp(offer), OfferAccepted(offer), TalkStarted("c1", offer)):
                site.step(event)
            call_at = time.time() + 3600
            agreed = {"disposition": "follow_up", "call_at": call_at}
            await anne.say("disposition", at=time.time(), **agreed)
            await site.until(lambda: site.told)
            assert site.told == [TalkDisposed("anne", "follow_up", None, call_at)]
            site.step(ListenerLegEnded(offer, "hung_up"))
            await anne.say("disposition", at=time.time(), **agreed)
            await site.until(lambda: site.refused("not_now") == 1)

    asyncio.run(scene())
