"""The number to be called at: said to the caller, typed by them, refused with a word."""

from __future__ import annotations

import asyncio

import pytest

from tests.dialplans.daemon import Daemon, dead, living
from tests.dialplans.places import HEALTH_NUMBER, SOON_SECONDS
from tests.dialplans.scenes import Outcomes, play
from tests.dialplans.test_hold import arrived, heard, holding, put
from tests.testbed import Testbed
from tests.testbed.ami import Message
from tests.testbed.farm import Farm

pytestmark = pytest.mark.slow

WORDS_SECONDS = 20.0
"""For the longest words with a number in them, and the wait for a key after them."""
TYPED = "0639980199"
LEFT_ALONE_SECONDS = 12.0
"""After words, for a number that is not typed."""
REFUSALS = {
    "not_a_number": "number-wrong",
    "emergency": "number-emergency",
    "short": "number-short",
    "premium": "number-premium",
    "own_line": "number-own",
    "international": "number-abroad",
}
SHOWN_AS = {
    "+33639980151": "0639980151",
    "0033639980152": "0639980152",
    "33639980153": "0639980153",
    "0639980154": "0639980154",
    "+441632960001": "00441632960001",
    "+33 6.39-98/01 55": "0639980155",
}


async def hears_at_which_number_and_is_let_go(bed: Testbed) -> None:
    async with bed.farm() as farm, living(bed) as daemon:
        caller, call = await holding(farm, daemon, "0639980150")
        await promised(daemon, call)
        await farm.left(caller, WORDS_SECONDS)
        assert heard(daemon, call) == [
            *("promised", "hour-14", "minute-30", "promised-at", *digits("0639980150")),
            *("promised-change", "promised-stay", "goodbye"),
        ]


async def hears_it_as_it_is_said_here_however_it_is_shown(bed: Testbed) -> None:
    async with bed.farm() as farm, living(bed) as daemon:
        caller, call = await holding(farm, daemon, "0639980156")
        for shown, said in SHOWN_AS.items():
            await daemon.ami.send("Setvar", Channel=call, Variable="CALLERID(num)", Value=shown)
            del daemon.ami.events[:]
            await promised(daemon, call)
            assert heard(daemon, call)[3:-2] == ["promised-at", *digits(said)]
        await farm.hang_up(caller)


async def hears_no_number_where_the_call_has_given_none(bed: Testbed) -> None:
    async with bed.farm() as farm, living(bed) as daemon:
        caller, call = await holding(farm, daemon, "0639980157")
        await promised(daemon, call, at="")
        assert heard(daemon, call) == [
            *("promised", "hour-14", "minute-30", "promised-change", "promised-stay")
        ]
        await farm.hang_up(caller)


async def stays_on_the_line(bed: Testbed) -> None:
    async with bed.farm() as farm, living(bed) as daemon:
        for key in "15":
            caller, call = await holding(farm, daemon, f"063998016{key}")
            await promised(daemon, call)
            since = len(daemon.ami.events)
            await farm.press(caller, key)
            await daemon.hears_music(call, since)
            assert "goodbye" not in heard(daemon, call)
            await farm.hang_up(caller)


async def types_another_number(bed: Testbed) -> None:
    async with bed.farm() as farm, living(bed) as daemon:
        caller, call = await holding(farm, daemon, "0639980162")
        await promised(daemon, call)
        since = len(daemon.ami.events)
        await farm.press(caller, "2")
        await daemon.plays("decroche/number-new", Uniqueid=call, since=since)
        await farm.press(caller, f"{TYPED}#")
        told = await number(daemon, call)
        assert (told["Number"], told["Try"]) == (TYPED, "1")
        await daemon.plays("decroche/noted", Uniqueid=call, since=since)
        del daemon.ami.events[:]
        await promised(daemon, call, at="1")
        assert heard(daemon, call)[3:-2] == ["promised-at", *digits(TYPED)]
        # Whatever else was typed since, it is the one that is noted which is said.
        await farm.press(caller, "2")
        await daemon.plays("decroche/number-new", Uniqueid=call)
        await farm.press(caller, "15#")
        assert (await number(daemon, call, Try="2"))["Number"] == "15"
        del daemon.ami.events[:]
        await daemon.redirect(call, "decroche-promise", "emergency")
        await daemon.plays("decroche/number-kept", Uniqueid=call)
        await promised(daemon, call, at="1")
        assert heard(daemon, call)[-12:-2] == digits(TYPED)
        await farm.hang_up(caller)


async def is_not_shown_types_and_hears_the_number(bed: Testbed) -> None:
    async with bed.farm() as farm, living(bed) as daemon:
        caller, call = await hidden(farm, daemon)
        await daemon.redirect(call, "decroche-promise", "number_unknown")
        await daemon.plays("decroche/no-number,decroche/number-again", Uniqueid=call)
        await daemon.event("DecrocheWaiting", Call=call)
        await farm.press(caller, "0033639980163#")
        assert (await number(daemon, call))["Number"] == "0033639980163"
        await daemon.plays("decroche/noted", Uniqueid=call)
        del daemon.ami.events[:]
        await promised(daemon, call, at="1")
        assert heard(daemon, call)[3:-2] == ["promised-at", *digits("0639980163")]
        await farm.hang_up(caller)


async def types_nothing_and_waits_on(bed: Testbed) -> None:
    async with bed.farm() as farm, living(bed) as daemon:
        caller, call = await hidden(farm, daemon)
        await daemon.redirect(call, "decroche-promise", "number_unknown")
        await daemon.ami.wait_for(
            lambda e: e.has(Event="MusicOnHoldStart", Uniqueid=call), LEFT_ALONE_SECONDS + 8
        )
        assert numbers(daemon, call) == []
        await farm.hang_up(caller)


async def is_refused_a_number_with_a_word(bed: Testbed) -> None:
    async with bed.farm() as farm, living(bed) as daemon:
        caller, call = await holding(farm, daemon, "0639980164")
        for why, words in REFUSALS.items():
            since = len(daemon.ami.events)
            await daemon.redirect(call, "decroche-promise", why)
            said = f"decroche/{words},decroche/number-again"
            await daemon.plays(said, Uniqueid=call, since=since)
        await put(daemon, call, DUE="decroche/hour-9")
        for why, words in {**REFUSALS, "number_unknown": "no-number"}.items():
            since = len(daemon.ami.events)
            await daemon.redirect(call, "decroche-promise", why)
            said = f"decroche/{words},decroche/number-kept,decroche/number-again"
            await daemon.plays(said, Uniqueid=call, since=since)
        await daemon.redirect(call, "decroche-promise", "store")
        await daemon.plays("decroche/not-promised", Uniqueid=call)
        await daemon.plays("decroche/number-kept", 10, len(daemon.ami.events), Uniqueid=call)
        await farm.hang_up(caller)


async def has_three_tries(bed: Testbed) -> None:
    async with bed.farm() as farm, living(bed) as daemon:
        caller, call = await hidden(farm, daemon)
        for which in "123":
            since = len(daemon.ami.events)
            await daemon.redirect(call, "decroche-promise", "not_a_number")
            await daemon.plays("decroche/number-again", Uniqueid=call, since=since)
            await farm.press(caller, f"{which}#")
            await number(daemon, call, Number=which, Try=which)
        since = len(daemon.ami.events)
        await daemon.redirect(call, "decroche-promise", "not_a_number")
        await daemon.plays("decroche/number-wrong,decroche/number-wait", Uniqueid=call, since=since)
        await promised(daemon, call, at="")
        assert "promised-change" not in heard(daemon, call)
        await farm.press(caller, "2")
        await daemon.hears_music(call, len(daemon.ami.events))
        assert len(numbers(daemon, call)) == 3
        await farm.hang_up(caller)


async def hangs_up_over_a_number_that_is_not_ended(bed: Testbed) -> None:
    async with bed.farm() as farm, living(bed) as daemon:
        caller, call = await hidden(farm, daemon)
        await daemon.redirect(call, "decroche-promise", "number_unknown")
        await daemon.plays("decroche/no-number", Uniqueid=call)
        await farm.press(caller, "0639980165")
        await farm.hang_up(caller)
        assert (await number(daemon, call))["Number"] == "0639980165"
        gone = await daemon.ami.wait_for(
            lambda e: e.has(Event="Hangup", Uniqueid=call), SOON_SECONDS
        )
        assert len(numbers(daemon, call)) == 1
        assert daemon.ami.events.index(numbers(daemon, call)[0]) < daemon.ami.events.index(gone)


async def is_connected_while_typing(bed: Testbed) -> None:
    async with bed.farm() as farm, living(bed) as daemon:
        caller, call = await holding(farm, daemon, "0639980166")
        await daemon.redirect(call, "decroche-promise", "not_a_number")
        await daemon.plays("decroche/number-wrong", Uniqueid=call)
        await farm.press(caller, "0639")
        await daemon.redirect(call, "decroche-hold", "join")
        await daemon.holding(call, "decroche-join")
        assert numbers(daemon, call) == []
        await farm.hang_up(caller)


async def types_more_than_a_number_has(bed: Testbed) -> None:
    async with bed.farm() as farm, living(bed) as daemon:
        caller, call = await hidden(farm, daemon)
        await daemon.redirect(call, "decroche-promise", "number_unknown")
        await daemon.plays("decroche/no-number", Uniqueid=call)
        await farm.press(caller, "1*2345678901234567890")
        told = await number(daemon, call)
        assert told["Number"] == "12345678901234"
        await farm.hang_up(caller)


async def types_and_the_daemon_is_dead(bed: Testbed) -> None:
    async with bed.farm() as farm:
        async with living(bed) as daemon:
            caller, call = await holding(farm, daemon, "0639980167")
        async with dead(bed) as daemon:
            await daemon.redirect(call, "decroche-promise", "not_a_number")
            await daemon.event("DecrocheFallback", Call=call, Why="stale")
            await farm.hang_up(caller)


@pytest.fixture(scope="module")
def outcomes(bed: Testbed) -> Outcomes:
    return play(
        bed,
        hears_at_which_number_and_is_let_go,
        hears_it_as_it_is_said_here_however_it_is_shown,
        hears_no_number_where_the_call_has_given_none,
        stays_on_the_line,
        types_another_number,
        is_not_shown_types_and_hears_the_number,
        types_nothing_and_waits_on,
        is_refused_a_number_with_a_word,
        has_three_tries,
        hangs_up_over_a_number_that_is_not_ended,
        is_connected_while_typing,
        types_more_than_a_number_has,
    )


def test_a_caller_hears_the_number_that_is_noted_and_is_let_go(outcomes: Outcomes) -> None:
    outcomes.of(hears_at_which_number_and_is_let_go)


def test_a_number_is_said_as_it_is_dialled_here_however_a_network_shows_it(
    outcomes: Outcomes,
) -> None:
    outcomes.of(hears_it_as_it_is_said_here_however_it_is_shown)


def test_no_number_is_said_of_a_call_that_has_given_none(outcomes: Outcomes) -> None:
    outcomes.of(hears_no_number_where_the_call_has_given_none)


def test_who_presses_1_or_any_other_key_is_not_hung_up_on(outcomes: Outcomes) -> None:
    outcomes.of(stays_on_the_line)


def test_another_number_is_typed_after_2_and_the_one_that_is_noted_is_said(
    outcomes: Outcomes,
) -> None:
    outcomes.of(types_another_number)


def test_whose_number_is_withheld_may_type_one(outcomes: Outcomes) -> None:
    outcomes.of(is_not_shown_types_and_hears_the_number)


def test_who_types_nothing_waits_on(outcomes: Outcomes) -> None:
    outcomes.of(types_nothing_and_waits_on)


def test_each_refusal_has_its_word_and_what_was_noted_before_is_said_to_stand(
    outcomes: Outcomes,
) -> None:
    outcomes.of(is_refused_a_number_with_a_word)


def test_after_three_numbers_no_more_are_asked_for(outcomes: Outcomes) -> None:
    outcomes.of(has_three_tries)


def test_a_number_that_is_typed_and_not_ended_is_told_before_its_caller_is_gone(
    outcomes: Outcomes,
) -> None:
    outcomes.of(hangs_up_over_a_number_that_is_not_ended)


def test_who_is_typing_is_connected_at_once(outcomes: Outcomes) -> None:
    outcomes.of(is_connected_while_typing)


def test_of_too_many_digits_no_more_are_told_than_a_number_has(outcomes: Outcomes) -> None:
    outcomes.of(types_more_than_a_number_has)


def test_nothing_of_all_this_made_asterisk_complain(outcomes: Outcomes, bed: Testbed) -> None:
    assert outcomes
    assert bed.pbx.complaints() == []


def test_with_the_daemon_dead_nobody_is_asked_for_a_number(bed: Testbed) -> None:
    asyncio.run(types_and_the_daemon_is_dead(bed))


async def promised(daemon: Daemon, call: str, at: str = "0") -> None:
    """Have a caller hear that they will be called, as the daemon would once it is noted."""
    since = len(daemon.ami.events)
    await put(daemon, call, DUE="decroche/hour-14&decroche/minute-30", AT=at)
    await daemon.redirect(call, "decroche-promise", "noted")
    await daemon.plays("decroche/promised,", Uniqueid=call, since=since)


async def hidden(farm: Farm, daemon: Daemon) -> tuple[str, str]:
    """Have somebody wait whose number does not show; told apart by a number that is then hidden."""
    shown = f"06399811{next(_hidden):02}"
    caller, call = await arrived(farm, daemon, shown, HEALTH_NUMBER)
    await put(daemon, call, ACK="1")
    await daemon.ami.send("Setvar", Channel=call, Variable="CALLERID(num)", Value="")
    await daemon.plays("decroche/welcome", Uniqueid=call)
    del daemon.ami.events[:]
    return caller, call


_hidden = iter(range(100))


async def number(daemon: Daemon, call: str, **headers: str) -> Message:
    return await daemon.event("DecrocheNumber", 10, 0, Call=call, **headers)


def numbers(daemon: Daemon, call: str) -> list[Message]:
    return [e for e in daemon.ami.events if e.is_user_event("DecrocheNumber", Call=call)]


def digits(written: str) -> list[str]:
    return [f"digit-{digit}" for digit in written]
