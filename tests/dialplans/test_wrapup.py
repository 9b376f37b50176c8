"""What a listener keys of a talk, on its own leg, once the caller has hung up."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from router.core.offer import LEAVE_AFTER_TALK_SECONDS
from tests.dialplans.daemon import Daemon, dead, living
from tests.dialplans.places import HEALTH_NUMBER, SOON_SECONDS
from tests.dialplans.scenes import Outcomes, play
from tests.testbed import Testbed, behaviour
from tests.testbed.ami import Message
from tests.testbed.behaviour import Behaviour
from tests.testbed.farm import Farm

pytestmark = pytest.mark.slow

WORDS_SECONDS = 16.0
"""For the longest words to be said, and for a key to be waited for in vain."""
MENU, NUMBER, HARD, NOTED = (f"decroche/wrapup{of}" for of in (",", "-number,", "-hard,", "-noted"))

KEYS_NOTHING = "quiet0999"
"""By what it says of itself to somebody who does not answer, this phone keys nothing here."""


class Listener:
    """A listener whose caller has just hung up."""

    def __init__(self, farm: Farm, daemon: Daemon, phone: str) -> None:
        self.offer = f"dcr-{phone}"
        self._farm = farm
        self._daemon = daemon
        self._phone = phone
        self._since = 0

    async def keys(self, keys: str, after: str = MENU) -> None:
        """Key this once these words are begun the next time."""
        await self.hears(after)
        await self._farm.press_as(self._phone, keys)

    async def hears(self, words: str) -> None:
        """Wait until these words are begun the next time."""
        await self._daemon.plays(words, WORDS_SECONDS, self._since, Uniqueid=self.offer)
        self._since = len(self._daemon.ami.events)

    async def leg_ends(self, deadline_seconds: float = SOON_SECONDS) -> None:
        await self._daemon.ami.wait_for(
            lambda event: event.has(Event="Hangup", Uniqueid=self.offer), deadline_seconds
        )

    def told(self) -> list[tuple[str, str]]:
        """Give all that the daemon was told by this leg: each word, and the number with it."""
        return [(event["What"], event["Orientation"]) for event in self.events()]

    def events(self) -> list[Message]:
        events = self._daemon.ami.events
        return [e for e in events if e.is_user_event("DecrocheDisposition", Offer=self.offer)]


@asynccontextmanager
async def after_a_talk(
    bed: Testbed, phone: str, caller_number: str, how: Behaviour | None = None
) -> AsyncIterator[Listener]:
    """Let a listener talk with a caller until the caller hangs up."""
    async with bed.farm() as farm, living(bed) as daemon:
        await farm.listener(phone, how or behaviour.stays())
        caller = await farm.call(HEALTH_NUMBER, caller_number)
        call = (await daemon.arrival(caller_number))["Call"]
        await daemon.acknowledge(call)
        await daemon.ring(f"dcr-{phone}", phone, call)
        await daemon.event("DecrocheOffer", 10, Offer=f"dcr-{phone}", What="accepted")
        since = len(daemon.ami.events)
        await daemon.redirect(call, "decroche-hold", "join")
        await daemon.connect(call, f"dcr-{phone}", since=since)
        assert await farm.took(phone, SOON_SECONDS) == caller
        await farm.hang_up(caller)
        yield Listener(farm, daemon, phone)


async def marks_the_talk_as_hard_then_keys_a_senior(bed: Testbed) -> None:
    async with after_a_talk(bed, "0199000101", "0639980011") as listener:
        await listener.keys("5", after="decroche/over,decroche/wrapup,")
        await listener.keys("2", after=HARD)
        await listener.hears(NOTED)
        await listener.leg_ends()
        assert listener.told() == [("hard", ""), ("senior_call_back", "")]
        secret = f"{bed.pbx.secret}:{listener.offer}".encode()
        token = hashlib.sha1(secret, usedforsecurity=False).hexdigest()
        assert {event["Token"] for event in listener.events()} == {token}


async def keys_an_orientation_with_its_number(bed: Testbed) -> None:
    async with after_a_talk(bed, "0199000102", "0639980012") as listener:
        await listener.keys("1")
        await listener.keys("20*4#", after=NUMBER)
        await listener.hears(NOTED)
        assert listener.told() == [("orientation", "204")]


async def keys_an_orientation_without_a_number(bed: Testbed) -> None:
    async with after_a_talk(bed, "0199000103", "0639980013") as listener:
        await listener.keys("1")
        await listener.hears(NUMBER)
        await listener.hears(NOTED)
        assert listener.told() == [("orientation", "")]


async def keys_what_means_nothing_and_is_asked_again(bed: Testbed) -> None:
    async with after_a_talk(bed, "0199000104", "0639980014") as listener:
        for key in ("7", "#", "*"):
            await listener.keys(key)
        await listener.keys("4")
        await listener.hears(NOTED)
        assert listener.told() == [("abuse", "")]


async def keys_nothing_more(bed: Testbed) -> None:
    async with after_a_talk(bed, "0199000105", "0639980015") as listener:
        await listener.keys("3")
        await listener.hears(NOTED)
        assert listener.told() == [("nothing_more", "")]


async def says_nothing_and_is_let_go(bed: Testbed) -> None:
    async with after_a_talk(bed, "0199000106", "0639980016") as listener:
        await listener.hears(MENU)
        await listener.leg_ends(WORDS_SECONDS)
        assert listener.told() == []


async def hangs_up(bed: Testbed) -> None:
    async with after_a_talk(bed, "0199000107", "0639980017", behaviour.answers()) as listener:
        await listener.leg_ends()
        assert listener.told() == []


async def never_comes_to_an_end(bed: Testbed) -> None:
    async with after_a_talk(bed, "0199000108", "0639980018") as listener:
        loop = asyncio.get_running_loop()
        began = loop.time()
        pressing = asyncio.create_task(_go_on_marking(listener))
        await listener.leg_ends(LEAVE_AFTER_TALK_SECONDS)
        pressing.cancel()
        assert 30.0 < loop.time() - began < LEAVE_AFTER_TALK_SECONDS - 5.0


async def is_told_that_nobody_has_heard_it(bed: Testbed) -> None:
    async with bed.farm() as farm, dead(bed) as daemon:
        await farm.listener(KEYS_NOTHING, behaviour.stays())
        await daemon.ring(f"dcr-{KEYS_NOTHING}", KEYS_NOTHING)
        listener = Listener(farm, daemon, KEYS_NOTHING)
        await daemon.holding(listener.offer, "decroche-accepted")
        await daemon.redirect(listener.offer, "decroche-offer", "over")
        await listener.keys("2")
        await listener.hears("decroche/menu-unavailable")
        await listener.leg_ends()
        assert listener.told() == []


async def _go_on_marking(listener: Listener) -> None:
    await listener.keys("5")
    while True:
        await listener.keys("5", after=HARD)


SCENES = (
    marks_the_talk_as_hard_then_keys_a_senior,
    keys_an_orientation_with_its_number,
    keys_an_orientation_without_a_number,
    keys_what_means_nothing_and_is_asked_again,
    keys_nothing_more,
    says_nothing_and_is_let_go,
    hangs_up,
    never_comes_to_an_end,
)


@pytest.fixture(scope="module")
def outcomes(bed: Testbed) -> Outcomes:
    return play(bed, *SCENES)


def test_a_listener_marks_the_talk_as_hard_and_then_says_what_it_led_to(
    outcomes: Outcomes,
) -> None:
    outcomes.of(marks_the_talk_as_hard_then_keys_a_senior)


def test_whoever_gave_an_orientation_may_key_its_number(outcomes: Outcomes) -> None:
    outcomes.of(keys_an_orientation_with_its_number)


def test_the_number_may_be_left_out(outcomes: Outcomes) -> None:
    outcomes.of(keys_an_orientation_without_a_number)


def test_a_key_that_means_nothing_is_asked_for_again(outcomes: Outcomes) -> None:
    outcomes.of(keys_what_means_nothing_and_is_asked_again)


def test_that_there_is_nothing_more_is_one_key(outcomes: Outcomes) -> None:
    outcomes.of(keys_nothing_more)


def test_a_listener_who_keys_nothing_is_let_go_soon_and_has_said_nothing(
    outcomes: Outcomes,
) -> None:
    outcomes.of(says_nothing_and_is_let_go)


def test_a_listener_may_hang_up_and_has_said_nothing(outcomes: Outcomes) -> None:
    outcomes.of(hangs_up)


def test_a_leg_whose_talk_is_over_ends_before_the_daemon_takes_it_as_gone(
    outcomes: Outcomes,
) -> None:
    outcomes.of(never_comes_to_an_end)


def test_with_no_daemon_a_listener_hears_that_it_is_not_noted(bed: Testbed) -> None:
    play(bed, is_told_that_nobody_has_heard_it).of(is_told_that_nobody_has_heard_it)


def test_nothing_of_all_this_made_asterisk_complain(outcomes: Outcomes, bed: Testbed) -> None:
    assert outcomes
    assert bed.pbx.complaints() == []
