"""A call-back that is promised is kept: on real phones, and over a voicemail."""

from __future__ import annotations

from tests.e2e.called_back import (
    ANNE,
    LINE,
    hears,
    owes,
    play,
    promised,
    voice,
    with_anne,
    words_on,
)
from tests.e2e.service import Service
from tests.testbed import Testbed, behaviour
from tests.testbed.ami import Ami
from tests.testbed.farm import Farm

VOICEMAIL_SECONDS = 35.0
"""From its ring to our leaving it, which the dialplan does 25 s after it has picked up."""


def test_who_asks_for_it_is_called_back_by_a_listener_who_waits_for_them(
    bed: Testbed, calling_back: Service
) -> None:
    number = "0639980301"

    async def scene(farm: Farm, watch: Ami, service: Service) -> None:
        await farm.listener(number, behaviour.is_called_back())
        talking = await promised(farm, watch, number)
        seen, before = len(farm.events), len(watch.events)
        await farm.hang_up(talking)
        await hears(watch, "call-back-wanted", since=before)
        assert await farm.heard(voice(number), 30, since=seen) == ANNE
        await farm.hang_up_as(number)
        await farm.let_go(ANNE, 20, since=seen)
        await owes(service, 0)
        assert farm.rings(number) == 1

    play(bed, calling_back, scene)
    assert number[1:] not in calling_back.log_path.read_text()


def test_a_voicemail_learns_nothing_and_the_call_back_is_still_owed(
    bed: Testbed, calling_back: Service
) -> None:
    number = "0639980302"

    async def scene(farm: Farm, watch: Ami, service: Service) -> None:
        await farm.listener(number, behaviour.voicemail())
        talking = await promised(farm, watch, number)
        seen, before = len(farm.events), len(watch.events)
        await farm.hang_up(talking)
        await farm.picked_up(number, 30, since=seen)
        await farm.let_go(number, VOICEMAIL_SECONDS, since=seen)
        await hears(watch, "not-reached", since=before)
        dialled = {e["Uniqueid"] for e in watch.events if e["Uniqueid"].startswith("dcb-")}
        assert [words_on(watch, leg) for leg in dialled] == [["call-back"]]
        await owes(service, 1)
        assert len(farm.talks()) == 1

    play(bed, calling_back, scene)


def test_who_rings_back_first_is_helped_by_that_call_and_is_not_rung(
    bed: Testbed, calling_back: Service
) -> None:
    number = "0639980303"

    async def scene(farm: Farm, watch: Ami, service: Service) -> None:
        await farm.listener(number, behaviour.is_called_back())
        talking = await promised(farm, watch, number)
        again = await farm.call(LINE, number)
        await farm.entered(again, 10)
        seen = len(farm.events)
        await farm.hang_up(talking)
        assert await farm.heard(again, 30, since=seen) == ANNE
        await farm.hang_up(again)
        await owes(service, 0)
        assert farm.rings(number) == 0

    play(bed, calling_back, scene)


def test_who_rings_back_while_their_phone_rings_is_rung_no_longer(
    bed: Testbed, calling_back: Service
) -> None:
    number = "0639980308"

    async def scene(farm: Farm, watch: Ami, service: Service) -> None:
        await farm.listener(number, behaviour.never())
        talking = await promised(farm, watch, number)
        seen = len(farm.events)
        await farm.hang_up(talking)
        await farm.rang(number, 30, since=seen)
        again = await farm.call(LINE, number)
        await farm.let_go(number, 5, since=seen)
        assert await farm.heard(again, 30, since=seen) == ANNE
        await farm.hang_up(again)
        await owes(service, 0)
        assert farm.rings(number) == 1

    play(bed, calling_back, scene)


def test_whose_number_does_not_show_hears_so_and_goes_on_waiting(
    bed: Testbed, calling_back: Service
) -> None:
    async def scene(farm: Farm, watch: Ami, service: Service) -> None:
        talking = await with_anne(farm)
        hidden = await farm.call(LINE, None, keys="3")
        await hears(watch, "no-number")
        seen = len(farm.events)
        await farm.hang_up(talking)
        assert await farm.heard(hidden, 30, since=seen) == ANNE
        await farm.hang_up(hidden)
        await owes(service, 0)

    play(bed, calling_back, scene)


def test_whose_listener_is_busy_may_be_called_back_by_that_listener(
    bed: Testbed, calling_back: Service
) -> None:
    number = "0639980307"

    async def scene(farm: Farm, watch: Ami, service: Service) -> None:
        await farm.listener(number, behaviour.is_called_back())
        first = await farm.call(LINE, number)
        assert await farm.heard(first, 20) == ANNE
        await farm.hang_up(first)
        await service.until(lambda: bool(service.log_lines("offer_over")), 40, "Anne's leg gone")
        talking = await with_anne(farm)
        before = len(watch.events)
        again = await farm.call(LINE, number)
        await hears(watch, "choice-call-back", since=before)
        await farm.press(again, "3")
        await hears(watch, "promised", since=before)
        await farm.hang_up(again)
        seen, before = len(farm.events), len(watch.events)
        await farm.hang_up(talking)
        offered = await hears(watch, "call-back-wanted", since=before)
        assert "decroche/known-1" in offered["AppData"]
        assert await farm.heard(voice(number), 30, since=seen) == ANNE
        await farm.hang_up_as(number)
        await owes(service, 0)

    play(bed, calling_back, scene)
