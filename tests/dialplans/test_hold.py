"""What a waiting caller hears: the line's welcome, hold words, how long it may take, the choice."""

from __future__ import annotations

import pytest

from tests.dialplans.daemon import Daemon, living
from tests.dialplans.places import HEALTH_NUMBER, SOON_SECONDS
from tests.dialplans.scenes import Outcomes, play
from tests.testbed import Testbed
from tests.testbed.farm import Farm

PLAIN_NUMBER = "0199000004"
"""Of a line that has no welcome of its own."""
TURN_SECONDS = 12.0 + SOON_SECONDS
"""Of words that are being said, and of music."""
WELCOME_SECONDS = 12.0


async def is_welcomed_by_its_line(bed: Testbed) -> None:
    async with bed.farm() as farm, living(bed) as daemon:
        caller, call = await arrived(farm, daemon, "0639980031")
        await daemon.plays("decroche/welcome-health,decroche/confidential", Uniqueid=call)
        await farm.hang_up(caller)


async def is_welcomed_though_its_line_has_no_welcome(bed: Testbed) -> None:
    line = f"{PLAIN_NUMBER},1,Gosub(decroche-line,s,1(plain))"
    bed.pbx.command(f"dialplan add extension {line} into decroche-inbound")
    async with bed.farm() as farm, living(bed) as daemon:
        caller, call = await arrived(farm, daemon, "0639980032", PLAIN_NUMBER)
        await daemon.plays("decroche/welcome,decroche/confidential", Uniqueid=call)
        await farm.hang_up(caller)


async def hears_new_words_at_the_next_turn_and_again_later(bed: Testbed) -> None:
    async with bed.farm() as farm, living(bed) as daemon:
        caller, call = await holding(farm, daemon, "0639980033")
        await put(daemon, call, WORDS="hold-further")
        since = len(daemon.ami.events)
        await daemon.plays("decroche/hold-further", TURN_SECONDS, since, Uniqueid=call)
        await put(daemon, call, TURN="3")
        since = len(daemon.ami.events)
        await daemon.plays("decroche/hold-further", TURN_SECONDS, since, Uniqueid=call)
        assert heard(daemon, call) == ["hold-further", "hold-further"]
        await farm.hang_up(caller)


async def hears_how_long_it_may_take_once_each_time_it_is_said(bed: Testbed) -> None:
    async with bed.farm() as farm, living(bed) as daemon:
        caller, call = await holding(farm, daemon, "0639980034")
        await put(daemon, call, WAIT="wait-under-2", TURN="3")
        await daemon.plays("decroche/wait-under-2", TURN_SECONDS, Uniqueid=call)
        await put(daemon, call, TURN="7")
        await daemon.plays("decroche/reassurance", TURN_SECONDS, Uniqueid=call)
        assert heard(daemon, call) == ["wait-under-2", "reassurance"]
        await farm.hang_up(caller)


async def hears_the_reassurance_where_the_words_are_not_there(bed: Testbed) -> None:
    async with bed.farm() as farm, living(bed) as daemon:
        caller, call = await holding(farm, daemon, "0639980035")
        await put(daemon, call, WORDS="hold-nowhere", WAIT="wait-nowhere")
        await daemon.plays("decroche/reassurance", TURN_SECONDS, Uniqueid=call)
        await put(daemon, call, TURN="3")
        since = len(daemon.ami.events)
        await daemon.plays("decroche/reassurance", TURN_SECONDS, since, Uniqueid=call)
        await farm.hang_up(caller)


async def is_asked_to_choose_once_the_welcome_is_said(bed: Testbed) -> None:
    async with bed.farm() as farm, living(bed) as daemon:
        caller, call = await arrived(farm, daemon, "0639980036")
        await put(daemon, call, ACK="1", USUAL="busy")
        await daemon.plays("decroche/choice", WELCOME_SECONDS, Uniqueid=call)
        await daemon.plays("decroche/keys-health", WELCOME_SECONDS, Uniqueid=call)
        assert heard(daemon, call) == ["welcome-health", "confidential", "choice", "keys-health"]
        await farm.hang_up(caller)


async def is_asked_to_choose_at_the_next_turn_and_once(bed: Testbed) -> None:
    async with bed.farm() as farm, living(bed) as daemon:
        caller, call = await holding(farm, daemon, "0639980037")
        await put(daemon, call, USUAL="busy", TURN="1")
        await daemon.plays("decroche/choice", TURN_SECONDS, Uniqueid=call)
        since = len(daemon.ami.events)
        await farm.press(caller, "1")
        await daemon.event("DecrocheChoice", since=since, Call=call, Choice="wait")
        await daemon.hears_music(call, since)
        assert heard(daemon, call) == ["choice", "noted"]
        await farm.hang_up(caller)


async def is_not_asked_to_choose_after_asking_for_something_else(bed: Testbed) -> None:
    async with bed.farm() as farm, living(bed) as daemon:
        caller, call = await arrived(farm, daemon, "0639980038")
        await put(daemon, call, ACK="1", USUAL="busy")
        await daemon.plays("decroche/welcome", Uniqueid=call)
        since = len(daemon.ami.events)
        await farm.press(caller, "0")
        await daemon.hears_music(call, since)
        assert heard(daemon, call) == ["welcome-health", "confidential", "noted"]
        await farm.hang_up(caller)


async def arrived(
    farm: Farm, daemon: Daemon, number: str, line: str = HEALTH_NUMBER
) -> tuple[str, str]:
    caller = await farm.call(line, number)
    return caller, (await daemon.arrival(number))["Call"]


async def holding(farm: Farm, daemon: Daemon, number: str) -> tuple[str, str]:
    """Have a caller begin a turn of hold; what was said before does not count."""
    caller, call = await arrived(farm, daemon, number)
    await put(daemon, call, ACK="1")
    await daemon.plays("decroche/welcome", Uniqueid=call)
    await daemon.redirect(call, "decroche-hold", "s")
    await daemon.hears_music(call)
    del daemon.ami.events[:]
    return caller, call


async def put(daemon: Daemon, call: str, **values: str) -> None:
    for name, value in values.items():
        variable = {"Variable": f"DECROCHE_{name}", "Value": value}
        await daemon.ami.send("Setvar", Channel=call, **variable)


def heard(daemon: Daemon, call: str) -> list[str]:
    """Give the prompts that a caller has heard, in order."""
    said = [
        event["AppData"]
        for event in daemon.ami.events
        if event.has(Event="Newexten", Uniqueid=call)
        and event["Application"] in ("Read", "Playback")
    ]
    return [
        word.partition(",")[0]
        for words in said
        for word in words.replace("&", ",").split("decroche/")[1:]
    ]


@pytest.fixture(scope="module")
def outcomes(bed: Testbed) -> Outcomes:
    return play(
        bed,
        is_welcomed_by_its_line,
        is_welcomed_though_its_line_has_no_welcome,
        hears_new_words_at_the_next_turn_and_again_later,
        hears_how_long_it_may_take_once_each_time_it_is_said,
        hears_the_reassurance_where_the_words_are_not_there,
        is_asked_to_choose_once_the_welcome_is_said,
        is_asked_to_choose_at_the_next_turn_and_once,
        is_not_asked_to_choose_after_asking_for_something_else,
    )


def test_each_line_has_its_own_welcome(outcomes: Outcomes) -> None:
    outcomes.of(is_welcomed_by_its_line)


def test_a_line_without_a_welcome_of_its_own_has_the_general_one(outcomes: Outcomes) -> None:
    outcomes.of(is_welcomed_though_its_line_has_no_welcome)


def test_new_hold_words_are_said_at_the_end_of_the_turn_and_again_later(
    outcomes: Outcomes,
) -> None:
    outcomes.of(hears_new_words_at_the_next_turn_and_again_later)


def test_how_long_it_may_take_is_said_instead_of_the_reassurance_and_not_twice(
    outcomes: Outcomes,
) -> None:
    outcomes.of(hears_how_long_it_may_take_once_each_time_it_is_said)


def test_words_that_no_sound_was_made_for_leave_no_silence(outcomes: Outcomes) -> None:
    outcomes.of(hears_the_reassurance_where_the_words_are_not_there)


def test_whose_listener_is_busy_may_choose_after_the_whole_welcome_and_then_hears_the_keys(
    outcomes: Outcomes,
) -> None:
    outcomes.of(is_asked_to_choose_once_the_welcome_is_said)


def test_who_waits_already_may_choose_at_the_next_turn(outcomes: Outcomes) -> None:
    outcomes.of(is_asked_to_choose_at_the_next_turn_and_once)


def test_who_has_asked_for_something_else_is_not_asked_about_the_busy_listener(
    outcomes: Outcomes,
) -> None:
    outcomes.of(is_not_asked_to_choose_after_asking_for_something_else)


def test_nothing_of_all_this_made_asterisk_complain(outcomes: Outcomes, bed: Testbed) -> None:
    assert outcomes
    assert bed.pbx.complaints() == []
