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
HOUR, HOUR_AGAIN = "decroche/wrapup-hour,", "decroche/wrapup-hour-again,"
WAIT, NOT_NOTED = "decroche/wrapup-wait", "decroche/wrapup-not-promised"
UNHEARD = "decroche/menu-unavailable"

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

    async def is_told(self, words: str, **variables: str) -> None:
        """Have the daemon send the leg to what it has to say."""
        for name, value in variables.items():
            await self._daemon.ami.send(
                "Setvar", Channel=self.offer, Variable=f"DECROCHE_{name}", Value=value
            )
        await self._daemon.redirect(self.offer, "decroche-wrapup", words)

    async def leg_ends(self, deadline_seconds: float = SOON_SECONDS) -> Message:
        return await self._daemon.ami.wait_for(
            lambda event: event.has(Event="Hangup", Uniqueid=self.offer), deadline_seconds
        )

    @property
    def over_at(self) -> float:
        """When this leg came to where its talk is over, as Asterisk tells."""
        there = {"Context": "decroche-wrapup", "Uniqueid": self.offer, "Priority": "1"}
        return next(float(e["Timestamp"]) for e in self._daemon.ami.events if e.has(**there))

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
        await listener.hears(WAIT)
        await listener.is_told("promised")
        await listener.hears("decroche/wrapup-senior")
        await listener.leg_ends(WORDS_SECONDS)
        assert listener.told() == [("hard", ""), ("senior_call_back", "")]
        secret = f"{bed.pbx.secret}:{listener.offer}".encode()
        token = hashlib.sha1(secret, usedforsecurity=False).hexdigest()
        assert {event["Token"] for event in listener.events()} == {token}


async def agrees_on_a_further_call(bed: Testbed) -> None:
    async with after_a_talk(bed, "0199000109", "0639980019") as listener:
        await listener.keys("6")
        await listener.keys("1430", after=HOUR)
        await listener.hears(WAIT)
        assert listener.told() == [("follow_up", "")]
        assert [event["Hour"] for event in listener.events()] == ["1430"]
        when = "decroche/tomorrow&decroche/hour-14&decroche/minute-30"
        await listener.is_told("promised", AGREED=when)
        await listener.hears(f"decroche/wrapup-agreed&{when}".replace("&", ","))
        await listener.leg_ends(WORDS_SECONDS)


async def keys_an_hour_that_there_is_not(bed: Testbed) -> None:
    async with after_a_talk(bed, "0199000110", "0639980020") as listener:
        await listener.keys("6")
        await listener.keys("2400", after=HOUR)
        await listener.keys("0905", after=HOUR_AGAIN)
        await listener.hears(WAIT)
        assert [event["Hour"] for event in listener.events()] == ["0905"]
        await listener.is_told("not_promised")
        await listener.hears(NOT_NOTED)
        await listener.leg_ends(WORDS_SECONDS)


async def keys_no_hour_after_all(bed: Testbed) -> None:
    async with after_a_talk(bed, "0199000111", "0639980021") as listener:
        await listener.keys("6")
        await listener.keys("#", after=HOUR)
        await listener.keys("14#", after=HOUR_AGAIN)
        await listener.keys("3")
        await listener.hears(NOTED)
        assert listener.told() == [("nothing_more", "")]


async def hears_nothing_of_a_call_back(bed: Testbed) -> None:
    async with after_a_talk(bed, "0199000112", "0639980022") as listener:
        await listener.keys("2")
        await listener.hears(WAIT)
        await listener.hears(UNHEARD)
        await listener.leg_ends(WORDS_SECONDS)


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
        pressing = asyncio.create_task(_go_on_marking(listener))
        ended = await listener.leg_ends(LEAVE_AFTER_TALK_SECONDS)
        pressing.cancel()
        # By the stamps of Asterisk: whoever is busy may be late to hear of it.
        lasted_seconds = float(ended["Timestamp"]) - listener.over_at
        assert 30.0 < lasted_seconds < LEAVE_AFTER_TALK_SECONDS - 5.0


async def is_told_that_nobody_has_heard_it(bed: Testbed) -> None:
    async with bed.farm() as farm, dead(bed) as daemon:
        await farm.listener(KEYS_NOTHING, behaviour.stays())
        await daemon.ring(f"dcr-{KEYS_NOTHING}", KEYS_NOTHING)
        listener = Listener(farm, daemon, KEYS_NOTHING)
        await daemon.holding(listener.offer, "decroche-accepted")
        await daemon.redirect(listener.offer, "decroche-offer", "over")
        await listener.keys("2")
        await listener.hears(UNHEARD)
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


PROMISING_SCENES = (
    agrees_on_a_further_call,
    keys_an_hour_that_there_is_not,
    keys_no_hour_after_all,
    hears_nothing_of_a_call_back,
)


@pytest.fixture(scope="module")
def promising(bed: Testbed) -> Outcomes:
    return play(bed, *PROMISING_SCENES)


@pytest.fixture(scope="module")
def outcomes(bed: Testbed) -> Outcomes:
    return play(bed, *SCENES)


def test_a_listener_marks_the_talk_as_hard_and_then_says_what_it_led_to(
    outcomes: Outcomes,
) -> None:
    outcomes.of(marks_the_talk_as_hard_then_keys_a_senior)


def test_a_further_call_is_agreed_on_by_its_hour_and_noted_once_the_daemon_says_so(
    promising: Outcomes,
) -> None:
    promising.of(agrees_on_a_further_call)


def test_an_hour_that_there_is_not_is_asked_for_again(promising: Outcomes) -> None:
    promising.of(keys_an_hour_that_there_is_not)


def test_after_two_hours_that_there_are_not_the_listener_may_key_something_else(
    promising: Outcomes,
) -> None:
    promising.of(keys_no_hour_after_all)


def test_a_call_back_of_which_the_daemon_says_nothing_is_not_said_to_be_noted(
    promising: Outcomes,
) -> None:
    promising.of(hears_nothing_of_a_call_back)


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


def test_nothing_of_all_this_made_asterisk_complain(
    outcomes: Outcomes, promising: Outcomes, bed: Testbed
) -> None:
    assert outcomes
    assert promising
    assert bed.pbx.complaints() == []
