"""The number at which a caller is called back: said to them, changed or typed, and then rung."""

from __future__ import annotations

import pytest

from tests.e2e.called_back import (
    ANNE,
    LINE,
    hears,
    is_kept,
    owes,
    play,
    told,
    with_anne,
    words_on,
)
from tests.e2e.service import Service
from tests.testbed import Testbed, behaviour
from tests.testbed.ami import Ami
from tests.testbed.farm import Farm

pytestmark = pytest.mark.slow


def test_a_number_that_shows_is_changed_by_keys_and_the_other_phone_rings_and_talks(
    bed: Testbed, calling_back: Service
) -> None:
    shown, typed = "0639980501", "0639980502"

    async def scene(farm: Farm, watch: Ami, service: Service) -> None:
        for number in (shown, typed):
            await farm.listener(number, behaviour.is_called_back())
        talking = await with_anne(farm)
        caller = await farm.call(LINE, shown, keys="3")
        leg = (await hears(watch, "promised"))["Uniqueid"]
        assert said_number(watch, leg) == shown
        before = len(watch.events)
        await farm.press(caller, "2")
        await hears(watch, "number-new", since=before)
        await farm.press(caller, f"{typed}#")
        await hears(watch, "promised", since=before)
        assert said_number(watch, leg) == typed
        await farm.hang_up(caller)
        await called_back(farm, service, talking, typed)
        assert farm.rings(shown) == 0

    play(bed, calling_back, scene)
    assert_in_no_log(calling_back, shown, typed)


def test_whose_number_is_withheld_types_one_hangs_up_and_is_rung_there(
    bed: Testbed, calling_back: Service
) -> None:
    typed = "0639980503"

    async def scene(farm: Farm, watch: Ami, service: Service) -> None:
        await farm.listener(typed, behaviour.is_called_back())
        talking = await with_anne(farm)
        caller = await farm.call(LINE, None, keys="3")
        await hears(watch, "number-again")
        await farm.press(caller, f"0033{typed[1:]}#")
        leg = (await hears(watch, "promised"))["Uniqueid"]
        assert said_number(watch, leg) == typed
        await farm.hang_up(caller)
        await called_back(farm, service, talking, typed)

    play(bed, calling_back, scene)
    assert_in_no_log(calling_back, typed)


def test_who_types_15_hears_why_not_and_is_answered_in_their_place(
    bed: Testbed, calling_back: Service
) -> None:
    async def scene(farm: Farm, watch: Ami, service: Service) -> None:
        talking = await with_anne(farm)
        caller = await farm.call(LINE, None, keys="3")
        await hears(watch, "number-again")
        await farm.press(caller, "15#")
        await hears(watch, "number-emergency")
        seen = len(farm.events)
        # A listener who is free takes them at once, from under these words too.
        await farm.hang_up(talking)
        assert await farm.heard(caller, 30, since=seen) == ANNE
        await farm.hang_up(caller)
        await owes(service, 0)

    play(bed, calling_back, scene)


def test_who_stays_on_the_line_by_1_is_answered_there_and_rung_by_nobody(
    bed: Testbed, calling_back: Service
) -> None:
    shown = "0639980504"

    async def scene(farm: Farm, watch: Ami, service: Service) -> None:
        await farm.listener(shown, behaviour.is_called_back())
        talking = await with_anne(farm)
        caller = await farm.call(LINE, shown, keys="3")
        leg = (await hears(watch, "promised"))["Uniqueid"]
        before = len(watch.events)
        await farm.press(caller, "1")
        await told(watch, "DecrocheWaiting", before, Call=leg)
        await owes(service, 1)
        seen = len(farm.events)
        await farm.hang_up(talking)
        assert await farm.heard(caller, 30, since=seen) == ANNE
        await farm.hang_up(caller)
        await farm.let_go(ANNE, 20, since=seen)
        await owes(service, 0)
        assert farm.rings(shown) == 0

    play(bed, calling_back, scene)


async def called_back(farm: Farm, service: Service, talking: str, number: str) -> None:
    """Have Anne be free again, and see that she talks with whoever is at this number."""
    seen = len(farm.events)
    await farm.hang_up(talking)
    await is_kept(farm, service, number, seen)


def said_number(watch: Ami, leg: str) -> str:
    """Give the digits that were last said on a leg."""
    said = words_on(watch, leg)
    last = len(said) - said[::-1].index("promised-at")
    digits = [word.removeprefix("digit-") for word in said[last:] if word.startswith("digit-")]
    return "".join(digits)


def assert_in_no_log(service: Service, *numbers: str) -> None:
    log = service.log_path.read_text()
    assert not [number for number in numbers if number[1:] in log]
