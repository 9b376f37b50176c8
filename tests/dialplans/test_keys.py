"""What a waiting caller presses: it is passed on as it is, six times, and answered alike."""

from __future__ import annotations

import pytest

from tests.dialplans.daemon import Daemon, living
from tests.dialplans.places import HEALTH_NUMBER, SOON_SECONDS
from tests.dialplans.scenes import Outcomes, play
from tests.testbed import Testbed
from tests.testbed.farm import Farm

MOST_KEYS = 6
READ_SECONDS = 3.0
"""For a code that is shorter than four digits."""


async def keys_this_and_that(bed: Testbed) -> None:
    async with bed.farm() as farm, living(bed) as daemon:
        caller, call = await welcomed(farm, daemon, "0639980021")
        await daemon.acknowledge(call)
        told = []
        for keys, name in (("2", "Key"), ("*4821", "Code"), ("*482#", "Code"), ("*", "Code")):
            since = len(daemon.ami.events)
            await farm.press(caller, keys)
            event = await daemon.event(
                f"Decroche{name}", READ_SECONDS + SOON_SECONDS, since, Call=call
            )
            told.append(event[name])
            assert event["Token"] == (await daemon.arrival("0639980021"))["Token"]
            await daemon.plays("decroche/noted", since=since, Uniqueid=call)
            await daemon.hears_music(call, since)
        assert told == ["2", "4821", "482", ""]
        since = len(daemon.ami.events)
        await farm.press(caller, "*4821")
        await daemon.plays("decroche/noted", since=since, Uniqueid=call)
        after = daemon.ami.events[since:]
        assert not [event for event in after if event.is_user_event("DecrocheCode", Call=call)]
        await farm.hang_up(caller)


async def keys_without_end_while_the_daemon_knows_nothing(bed: Testbed) -> None:
    async with bed.farm() as farm, living(bed) as daemon:
        caller, call = await welcomed(farm, daemon, "0639980022")
        for _ in range(MOST_KEYS):
            since = len(daemon.ami.events)
            await farm.press(caller, "7")
            await daemon.event("DecrocheKey", since=since, Call=call, Key="7")
            await daemon.hears_music(call, since)
        since = len(daemon.ami.events)
        await farm.press(caller, "7")
        told = await daemon.event("DecrocheFallback", since=since, Call=call)
        assert told["Why"] == "unacknowledged"
        await farm.hang_up(caller)


async def chooses(bed: Testbed) -> None:
    async with bed.farm() as farm, living(bed) as daemon:
        caller, call = await welcomed(farm, daemon, "0639980023")
        await daemon.acknowledge(call)
        for key, chosen in (("1", ["wait"]), ("2", ["another"]), ("5", [])):
            since = len(daemon.ami.events)
            await daemon.redirect(call, "decroche-hold", "choice")
            await daemon.plays("decroche/choice", since=since, Uniqueid=call)
            await farm.press(caller, key)
            await daemon.hears_music(call, since)
            since_then = daemon.ami.events[since:]
            told = [e for e in since_then if e.is_user_event("DecrocheChoice", Call=call)]
            assert [event["Choice"] for event in told] == chosen
        await farm.hang_up(caller)


async def welcomed(farm: Farm, daemon: Daemon, number: str) -> tuple[str, str]:
    caller = await farm.call(HEALTH_NUMBER, number)
    call = (await daemon.arrival(number))["Call"]
    await daemon.plays("decroche/welcome", Uniqueid=call)
    return caller, call


@pytest.fixture(scope="module")
def outcomes(bed: Testbed) -> Outcomes:
    return play(
        bed,
        keys_this_and_that,
        keys_without_end_while_the_daemon_knows_nothing,
        chooses,
    )


def test_keys_and_codes_are_passed_on_and_answered_alike_and_three_codes_are_read(
    outcomes: Outcomes,
) -> None:
    outcomes.of(keys_this_and_that)


def test_whoever_goes_on_pressing_keys_does_not_stay_away_from_the_fallback(
    outcomes: Outcomes,
) -> None:
    outcomes.of(keys_without_end_while_the_daemon_knows_nothing)


def test_what_is_chosen_when_asked_is_passed_on_and_another_key_is_not(outcomes: Outcomes) -> None:
    outcomes.of(chooses)
