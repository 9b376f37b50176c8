"""A listener's own menu by phone."""

from __future__ import annotations

import hashlib

import pytest

from tests.dialplans.daemon import Daemon, dead
from tests.dialplans.places import MENU_NUMBER, SOON_SECONDS
from tests.dialplans.scenes import Outcomes, play
from tests.testbed import Testbed
from tests.testbed.ami import Message

ANSWER_SECONDS = 4.0
WORDS_SECONDS = 8.0
LOG_IN_SECONDS = 15.0


async def chooses_ready_then_pause_then_off(bed: Testbed) -> None:
    async with bed.farm() as farm, dead(bed) as daemon:
        caller = await farm.call(MENU_NUMBER, "0639980001", keys="0101#4321#1")
        asked = await menu_event(daemon, "0639980001", "ready")
        assert (asked["Listener"], asked["Pin"]) == ("0101", "4321")
        secret = f"{bed.pbx.secret}:{asked['Call']}".encode()
        assert asked["Token"] == hashlib.sha1(secret, usedforsecurity=False).hexdigest()
        assert asked["Call"] == asked["Uniqueid"]
        answers = (("ready", "2", "pause"), ("paused", "3", "off"), ("off", "", ""))
        for answer, key, choice in answers:
            since = len(daemon.ami.events)
            await daemon.redirect(asked["Call"], "decroche-menu", answer)
            await daemon.plays(f"decroche/menu-{answer}", since=since)
            await daemon.plays("decroche/menu-choice", WORDS_SECONDS, since, Uniqueid=asked["Call"])
            await farm.press(caller, key)
            if choice:
                await menu_event(daemon, "0639980001", choice)
        await farm.hang_up(caller)


async def says_of_the_last_call_that_it_was_hard_and_what_it_led_to(bed: Testbed) -> None:
    async with bed.farm() as farm, dead(bed) as daemon:
        caller = await farm.call(MENU_NUMBER, "0639980004", keys="0104#4321#4")
        words = await asks_of_the_last_call(daemon, "0639980004")
        await farm.press(caller, "5")
        menu = (await menu_event(daemon, "0639980004", "hard"))["Call"]
        assert menu == words["Uniqueid"]
        since = len(daemon.ami.events)
        await daemon.redirect(menu, "decroche-menu", "hard")
        await daemon.plays("decroche/wrapup-hard,", WORDS_SECONDS, since, Uniqueid=menu)
        await farm.press(caller, "1")
        await daemon.plays("decroche/wrapup-number,", WORDS_SECONDS, since, Uniqueid=menu)
        await farm.press(caller, "20#")
        told = await menu_event(daemon, "0639980004", "orientation")
        assert (told["Listener"], told["Pin"], told["Orientation"]) == ("0104", "4321", "20")
        since = len(daemon.ami.events)
        await daemon.redirect(menu, "decroche-menu", "noted")
        await daemon.plays("decroche/wrapup-noted", WORDS_SECONDS, since, Uniqueid=menu)
        await daemon.plays("decroche/menu-choice", WORDS_SECONDS, since, Uniqueid=menu)
        await farm.hang_up(caller)


async def keys_call_backs_when_there_is_no_number_any_more(bed: Testbed) -> None:
    async with bed.farm() as farm, dead(bed) as daemon:
        caller = await farm.call(MENU_NUMBER, "0639980005", keys="0105#4321#4")
        menu = (await asks_of_the_last_call(daemon, "0639980005"))["Uniqueid"]
        await farm.press(caller, "6")
        await daemon.plays("decroche/wrapup-too-late", WORDS_SECONDS, Uniqueid=menu)
        since = len(daemon.ami.events)
        await daemon.plays("decroche/menu-choice", WORDS_SECONDS, since, Uniqueid=menu)
        await farm.press(caller, "4")
        await daemon.plays("decroche/wrapup,", WORDS_SECONDS, since, Uniqueid=menu)
        await farm.press(caller, "2")
        await menu_event(daemon, "0639980005", "senior_call_back")
        since = len(daemon.ami.events)
        await daemon.redirect(menu, "decroche-menu", "too_late")
        await daemon.plays("decroche/wrapup-too-late", WORDS_SECONDS, since, Uniqueid=menu)
        await farm.hang_up(caller)


async def has_three_tries(bed: Testbed) -> None:
    async with bed.farm() as farm, dead(bed) as daemon:
        caller = await farm.call(MENU_NUMBER, "0639980002")
        since = 0
        for _ in range(3):
            asks = await daemon.plays(
                "decroche/menu-number",
                WORDS_SECONDS,
                since,
                ConnectedLineNum="<unknown>",
                CallerIDNum="0639980002",
            )
            since = len(daemon.ami.events)
            await farm.press(caller, "7#9#1")
            await menu_event(daemon, "0639980002", "ready", since)
            await daemon.redirect(asks["Uniqueid"], "decroche-menu", "refused")
            await daemon.plays("decroche/menu-refused", since=since, Uniqueid=asks["Uniqueid"])
        await daemon.plays("decroche/goodbye", WORDS_SECONDS, Uniqueid=asks["Uniqueid"])
        await farm.left(caller, SOON_SECONDS)


async def is_told_that_nobody_answers(bed: Testbed) -> None:
    async with bed.farm() as farm, dead(bed) as daemon:
        caller = await farm.call(MENU_NUMBER, "0639980003", keys="0103#4321#2")
        call = (await menu_event(daemon, "0639980003", "pause"))["Call"]
        await daemon.plays("decroche/menu-unavailable", ANSWER_SECONDS + 2, Uniqueid=call)
        await farm.hang_up(caller)


@pytest.fixture(scope="module")
def outcomes(bed: Testbed) -> Outcomes:
    return play(
        bed,
        chooses_ready_then_pause_then_off,
        says_of_the_last_call_that_it_was_hard_and_what_it_led_to,
        keys_call_backs_when_there_is_no_number_any_more,
        has_three_tries,
        is_told_that_nobody_answers,
    )


def test_a_listener_says_ready_pause_and_off_by_phone(outcomes: Outcomes) -> None:
    outcomes.of(chooses_ready_then_pause_then_off)


def test_a_listener_who_hung_up_first_says_by_phone_what_the_last_call_led_to(
    outcomes: Outcomes,
) -> None:
    outcomes.of(says_of_the_last_call_that_it_was_hard_and_what_it_led_to)


def test_whoever_keys_a_call_back_in_the_menu_hears_that_there_is_no_number_any_more(
    outcomes: Outcomes,
) -> None:
    outcomes.of(keys_call_backs_when_there_is_no_number_any_more)


def test_a_wrong_number_or_pin_can_be_tried_three_times(outcomes: Outcomes) -> None:
    outcomes.of(has_three_tries)


def test_a_listener_hears_it_when_the_daemon_does_not_answer(outcomes: Outcomes) -> None:
    outcomes.of(is_told_that_nobody_answers)


async def menu_event(daemon: Daemon, number: str, choice: str, since: int = 0) -> Message:
    return await daemon.event(
        "DecrocheMenu", WORDS_SECONDS, since, CallerIDNum=number, Choice=choice
    )


async def asks_of_the_last_call(daemon: Daemon, number: str) -> Message:
    return await daemon.plays("decroche/wrapup,", LOG_IN_SECONDS, Exten="last", CallerIDNum=number)
