"""A line whose prompt on keys nobody has recorded yet."""

from __future__ import annotations

import pytest

from tests.dialplans.daemon import living
from tests.dialplans.scenes import Outcomes, play
from tests.dialplans.test_keys import welcomed
from tests.testbed import Testbed


async def nothing_is_there_to_be_played(bed: Testbed) -> None:
    async with bed.farm() as farm, living(bed) as daemon:
        caller, call = await welcomed(farm, daemon, "0639980031")
        await daemon.acknowledge(call)
        await daemon.ami.send("Setvar", Channel=call, Variable="DECROCHE_LINE", Value="unspoken")
        since = len(daemon.ami.events)
        await daemon.redirect(call, "decroche-hold", "keys")
        await daemon.plays("decroche/keys-unspoken", since=since, Uniqueid=call)
        await daemon.hears_music(call, since)
        played = [one["AppData"] for one in daemon.ami.events[since:] if one["Uniqueid"] == call]
        assert "decroche/noted" not in played
        await farm.press(caller, "2")
        await daemon.event("DecrocheKey", since=since, Call=call, Key="2")
        await daemon.plays("decroche/noted", since=since, Uniqueid=call)
        await farm.hang_up(caller)


@pytest.fixture(scope="module")
def outcomes(bed: Testbed) -> Outcomes:
    return play(bed, nothing_is_there_to_be_played)


def test_its_callers_go_on_waiting_and_are_not_told_that_a_key_is_noted(outcomes: Outcomes) -> None:
    outcomes.of(nothing_is_there_to_be_played)
