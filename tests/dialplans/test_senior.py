"""A listener brings somebody into a talk: keys, consult, three together, and who is left."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

import pytest

from tests.dialplans.daemon import Daemon, dead, living
from tests.dialplans.places import HEALTH_NUMBER, SOON_SECONDS
from tests.dialplans.scenes import Outcomes, play
from tests.testbed import Testbed, behaviour
from tests.testbed.ami import Message
from tests.testbed.farm import Farm
from tests.testbed.rest import at_rest

TURN_SECONDS = 5.0
WORDS_SECONDS = 8.0
STALE_SECONDS = 6.0
LOOKS_SECONDS = 2.5


@dataclass
class Talk:
    """A listener in a talk with a caller, and a helper who is to come; legs by their phones."""

    farm: Farm
    daemon: Daemon
    listener: str
    helper: str
    caller: str = ""
    call: str = ""

    @property
    def offer(self) -> str:
        return f"dcr-{self.listener}"

    @property
    def helping(self) -> str:
        return f"dcr-{self.helper}"

    async def begin(self, number: str) -> None:
        await self.farm.listener(self.listener, behaviour.stays())
        await self.farm.listener(self.helper, behaviour.helps())
        self.caller = await self.farm.call(HEALTH_NUMBER, number)
        self.call = (await self.daemon.arrival(number))["Call"]
        await self.daemon.acknowledge(self.call)
        await self.accept(self.offer, self.listener)
        await self.daemon.redirect(self.call, "decroche-hold", "join")
        await self.daemon.connect(self.call, self.offer)
        assert await self.farm.took(self.listener, SOON_SECONDS) == self.caller

    async def accept(self, offer: str, listener: str, *, to_help: bool = False) -> None:
        await self.daemon.ring(offer, listener, self.call, to_help=to_help)
        await self.daemon.event("DecrocheOffer", 15, Offer=offer, What="accepted")

    async def consult(self) -> None:
        """Have the helper come, and both meet while the caller waits."""
        await self.accept(self.helping, self.helper, to_help=True)
        await at_rest(self.daemon.ami, self.helping)
        since = len(self.daemon.ami.events)
        caller = {f"Extra{name}": value for name, value in place("consult").items()}
        both = {"Channel": self.offer, "ExtraChannel": self.call}
        await self.daemon.ami.send("Redirect", **both, **place("room"), **caller)
        await self.daemon.ami.send("Redirect", Channel=self.helping, **place("room"))
        for leg in (self.offer, self.helping):
            await self.enters_room(leg, since)
        await self.daemon.plays("decroche/consult", since=since, Uniqueid=self.call)
        await self.daemon.event("DecrocheWaiting", since=since, Call=self.call)

    async def bring_in(self) -> None:
        since = len(self.daemon.ami.events)
        await self.daemon.redirect(self.call, "decroche-senior", "together")
        await self.enters_room(self.call, since)

    async def enters_room(self, leg: str, since: int) -> None:
        await self.daemon.ami.wait_for(
            lambda e: e.has(
                Event="BridgeEnter", Uniqueid=leg, BridgeName=f"decroche-room-{self.call}"
            ),
            SOON_SECONDS,
            since,
        )

    async def hear_each_other(self, speaker: str, *hearers: str) -> None:
        """See that a key of one phone reaches the others."""
        since = len(self.farm.events)
        await self.farm.press_as(speaker, "5")
        for hearer in hearers:
            await self.farm.hears_key(hearer, "5", SOON_SECONDS, since)

    async def asks(self, keys: str) -> str:
        """Let the listener press keys in the talk, and give whom that asks for."""
        since = len(self.daemon.ami.events)
        await self.farm.press_as(self.listener, keys)
        return (await self.daemon.event("DecrocheHelp", since=since, Offer=self.offer))["Kind"]

    @property
    def callers_phone(self) -> str:
        return f"caller-{self.caller}"


async def is_brought_a_senior_and_handed_over(bed: Testbed) -> None:
    async with bed.farm() as farm, living(bed) as daemon:
        talk = Talk(farm, daemon, "0199000101", "0199000102")
        await talk.begin("0639980001")
        assert await talk.asks("*7") == "senior"
        await talk.consult()
        listener = await farm.phone_of(talk.listener)
        helper = await farm.phone_of(talk.helper)
        await talk.hear_each_other(talk.listener, helper)
        assert await talk.asks("*7") == "senior"
        assert await talk.asks("*0") == "shock"
        await talk.bring_in()
        await talk.hear_each_other(talk.listener, helper, talk.callers_phone)
        await talk.hear_each_other(talk.helper, listener, talk.callers_phone)
        await farm.hang_up_as(talk.listener)
        await gone(daemon, talk.offer)
        await talk.hear_each_other(talk.helper, talk.callers_phone)
        since = len(daemon.ami.events)
        await farm.hang_up_as(talk.helper)
        await daemon.event("DecrocheWaiting", since=since, Call=talk.call)
        await daemon.plays("decroche/cut-off", since=since, Uniqueid=talk.call)
        await farm.hang_up(talk.caller)


async def is_given_to_the_one_who_is_left(bed: Testbed) -> None:
    for number, (listener, helper, leaving) in enumerate(
        (("0199000103", "0199000104", "helper"), ("0199000105", "0199000106", "listener"))
    ):
        async with bed.farm() as farm, living(bed) as daemon:
            talk = Talk(farm, daemon, listener, helper)
            await talk.begin(f"063998001{number}")
            await talk.consult()
            await farm.hang_up_as(getattr(talk, leaving))
            await talk.bring_in()
            staying = listener if leaving == "helper" else helper
            await talk.hear_each_other(staying, talk.callers_phone)
            await farm.hang_up(talk.caller)
            since = len(daemon.ami.events)
            await daemon.redirect(f"dcr-{staying}", "decroche-offer", "over")
            await daemon.plays("decroche/over", since=since, Uniqueid=f"dcr-{staying}")
            await farm.hang_up_as(staying)


async def is_told_and_goes_on_talking(bed: Testbed) -> None:
    async with bed.farm() as farm, living(bed) as daemon:
        talk = Talk(farm, daemon, "0199000107", "0199000108")
        await talk.begin("0639980020")
        for words in ("sought", "nobody"):
            since = len(daemon.ami.events)
            await whisper(daemon, talk.offer, words)
            spying = await daemon.ami.wait_for(
                lambda e: e["Event"] == "ChanSpyStart", SOON_SECONDS, since
            )
            assert spying["SpyeeUniqueid"] == talk.offer
            await talk.hear_each_other(talk.listener, talk.callers_phone)
            await daemon.plays(f"decroche/help-{words}", since=since)
            await gone(daemon, spying["SpyerUniqueid"], WORDS_SECONDS)
        await farm.hang_up(talk.caller)


async def has_no_such_keys(bed: Testbed) -> None:
    async with bed.farm() as farm, living(bed) as daemon:
        talk = Talk(farm, daemon, "0199000109", "0199000110")
        await talk.begin("0639980021")
        since = len(farm.events)
        await farm.press(talk.caller, "*7")
        await farm.hears_key(await farm.phone_of(talk.listener), "7", SOON_SECONDS, since)
        # The listener has: had the caller's asked for anybody, it would have been before.
        assert await talk.asks("*0") == "shock"
        asked = [e for e in daemon.ami.events if e.is_user_event("DecrocheHelp", Offer=talk.offer)]
        assert [event["Kind"] for event in asked] == ["shock"]
        await farm.hang_up(talk.caller)


async def hears_that_a_colleague_asks(bed: Testbed) -> None:
    async with bed.farm() as farm, living(bed) as daemon:
        await farm.listener("0199000111", behaviour.helps())
        await daemon.ring("dcr-helping", "0199000111", "none", to_help=True)
        await daemon.plays("decroche/help-wanted,decroche/line-health,decroche/offer-keys", 10)
        await daemon.event("DecrocheOffer", 10, Offer="dcr-helping", What="accepted")
        await farm.hang_up_as("0199000111")


async def finds_nobody_in_the_room(bed: Testbed) -> None:
    async with bed.farm() as farm, living(bed) as daemon:
        caller = await farm.call(HEALTH_NUMBER, "0639980022")
        call = (await daemon.arrival("0639980022"))["Call"]
        await daemon.acknowledge(call)
        since = len(daemon.ami.events)
        await daemon.redirect(call, "decroche-senior", "together")
        await daemon.event("DecrocheWaiting", LOOKS_SECONDS + SOON_SECONDS, since, Call=call)
        await farm.hang_up(caller)


async def is_with_nobody_who_could_find_help(bed: Testbed) -> None:
    async with bed.farm() as farm:
        async with living(bed) as daemon:
            talk = Talk(farm, daemon, "0199000112", "0199000113")
            await talk.begin("0639980030")
        async with dead(bed) as daemon:
            await farm.press_as(talk.listener, "*7")
            words = await daemon.plays("decroche/help-nobody", Uniqueid=talk.offer)
            await daemon.ami.wait_for(
                lambda e: e.has(Uniqueid=talk.offer, Application="Return"),
                WORDS_SECONDS,
                daemon.ami.events.index(words),
            )
            await talk.hear_each_other(talk.listener, talk.callers_phone)
            await farm.hang_up(talk.caller)


async def waits_when_the_daemon_dies(bed: Testbed) -> None:
    async with bed.farm() as farm:
        async with living(bed) as daemon:
            talk = Talk(farm, daemon, "0199000114", "0199000115")
            await talk.begin("0639980031")
            await talk.consult()
        async with dead(bed) as daemon:
            talk.daemon = daemon
            within_seconds = WORDS_SECONDS + TURN_SECONDS + SOON_SECONDS
            await daemon.ami.wait_for(
                lambda e: e.has(Event="BridgeEnter", Uniqueid=talk.call), within_seconds
            )
            await talk.hear_each_other(talk.listener, talk.callers_phone)
            since = len(daemon.ami.events)
            for listener in (talk.listener, talk.helper):
                await farm.hang_up_as(listener)
            told = await daemon.event("DecrocheFallback", 15, since, Call=talk.call)
            assert told["Why"] == "stale"
            await farm.hang_up(talk.caller)


@pytest.fixture(scope="module")
def outcomes(bed: Testbed) -> Outcomes:
    return play(
        bed,
        is_brought_a_senior_and_handed_over,
        is_given_to_the_one_who_is_left,
        is_told_and_goes_on_talking,
        has_no_such_keys,
        hears_that_a_colleague_asks,
        finds_nobody_in_the_room,
    )


def test_a_listener_asks_a_senior_consults_brings_the_caller_in_and_hands_over(
    outcomes: Outcomes,
) -> None:
    outcomes.of(is_brought_a_senior_and_handed_over)


def test_whoever_of_the_two_hangs_up_the_caller_is_given_to_the_other(outcomes: Outcomes) -> None:
    outcomes.of(is_given_to_the_one_who_is_left)


def test_a_listener_is_told_something_and_the_talk_goes_on(outcomes: Outcomes) -> None:
    outcomes.of(is_told_and_goes_on_talking)


def test_a_caller_has_none_of_the_listeners_keys(outcomes: Outcomes) -> None:
    outcomes.of(has_no_such_keys)


def test_who_is_rung_to_help_hears_that_a_colleague_asks(outcomes: Outcomes) -> None:
    outcomes.of(hears_that_a_colleague_asks)


def test_a_caller_sent_to_a_room_that_all_have_left_goes_on_waiting(outcomes: Outcomes) -> None:
    outcomes.of(finds_nobody_in_the_room)


def test_with_no_daemon_the_listener_hears_that_nobody_can_be_had(
    outcomes: Outcomes, bed: Testbed
) -> None:
    assert outcomes
    asyncio.run(is_with_nobody_who_could_find_help(bed))


@pytest.mark.slow
def test_a_caller_waiting_as_the_daemon_dies_joins_the_listeners_then_the_fallback(
    outcomes: Outcomes, bed: Testbed
) -> None:
    assert outcomes
    asyncio.run(waits_when_the_daemon_dies(bed))


def test_nothing_of_all_this_made_asterisk_complain(outcomes: Outcomes, bed: Testbed) -> None:
    assert outcomes
    assert bed.pbx.complaints() == []


def place(exten: str) -> dict[str, str]:
    return {"Context": "decroche-senior", "Exten": exten, "Priority": "1"}


async def whisper(daemon: Daemon, offer: str, words: str) -> None:
    there = {"Context": "decroche-whisper", "Exten": words, "Priority": "1"}
    line = {"Channel": "Local/s@decroche-whisper/n", "Async": "true", "Timeout": "3000"}
    await daemon.ami.send("Originate", {"DECROCHE_TO": offer}, **line, **there)


async def gone(daemon: Daemon, leg: str, seconds: float = SOON_SECONDS) -> Message:
    return await daemon.ami.wait_for(lambda e: e.has(Event="Hangup", Uniqueid=leg), seconds)
