"""What a caller presses while they wait changes the search that is already running."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from tests.e2e.conftest import TEAM
from tests.e2e.service import Service
from tests.testbed import Testbed, behaviour
from tests.testbed.ami import Ami, Message
from tests.testbed.farm import Farm

ANNE, BRUNO = TEAM
LINE = "0805232336"
CODES = {ANNE: "4821", BRUNO: "5930"}
RING_SECONDS = 60.0
SILENT = {"Set", "Gosub", "GotoIf", "Return"}
"""Steps of the dialplan of which a caller hears nothing."""
"""Nobody is passed over within a test: who is rung besides, is rung because of a key."""
Scene = Callable[[Farm, Ami, Service], Awaitable[None]]


@pytest.fixture
def keyed(service: Service, monkeypatch: pytest.MonkeyPatch) -> Service:
    """Give an installation whose listeners have codes, and where Bruno speaks English too."""
    service.lines["health"] |= {
        "ring_seconds": RING_SECONDS,
        "everybody_after_seconds": 110.0,
        "keys": {"2": {"skills": {"en": 1}, "instead_of": ["fr"]}},
    }
    # The rarer skill is spared: without a key Anne is the first to be rung.
    service.people[BRUNO].skills["en"] = 1
    write_config = service.write_config

    def write_with_codes() -> None:
        write_config()
        path = service.folder / "listeners.toml"
        text = path.read_text()
        for name, code in CODES.items():
            text = text.replace(f"[listeners.{name}]", f'[listeners.{name}]\ncode = "{code}"')
        path.write_text(text)

    monkeypatch.setattr(service, "write_config", write_with_codes)
    return service


def play(bed: Testbed, service: Service, scene: Scene) -> None:
    async def played() -> None:
        async with bed.farm() as farm, bed.watch() as watch:
            await farm.listener(ANNE, behaviour.never())
            await farm.listener(BRUNO, behaviour.answers())
            await scene(farm, watch, service)

    service.start()
    asyncio.run(played())
    assert service.metric("decroche_invariant_violations_total") == 0
    assert service.log_lines("event_refused") == []


def test_a_code_typed_brings_its_listener_though_another_was_asked_first(
    bed: Testbed, keyed: Service
) -> None:
    async def scene(farm: Farm, _: Ami, service: Service) -> None:
        caller = await farm.call(LINE, None, keys=f"ww*{CODES[BRUNO]}")
        await farm.rang(ANNE, 10)
        assert await farm.heard(caller, 20) == BRUNO
        await farm.hang_up(caller)
        await service.until(lambda: len(service.log_lines("offer_over")) == 2, 10, "two results")
        results = {line["listener"]: line["result"] for line in service.log_lines("offer_over")}
        assert results == {ANNE: "withdrawn", BRUNO: "talked"}

    play(bed, keyed, scene)


def test_a_line_key_brings_the_listener_who_speaks_the_language(
    bed: Testbed, keyed: Service
) -> None:
    async def scene(farm: Farm, _: Ami, __: Service) -> None:
        caller = await farm.call(LINE, "0639980060", keys="2")
        assert await farm.heard(caller, 20) == BRUNO
        await farm.hang_up(caller)

    play(bed, keyed, scene)


def test_a_caller_in_shock_goes_before_one_who_came_earlier(bed: Testbed, keyed: Service) -> None:
    del keyed.people[ANNE]

    async def scene(farm: Farm, watch: Ami, _: Service) -> None:
        talking = await farm.call(LINE, "0639980061")
        assert await farm.heard(talking, 20) == BRUNO
        early = await farm.call(LINE, "0639980062")
        await farm.entered(early, 10)
        shocked = await farm.call(LINE, "0639980063", keys="0")
        await _told(watch, "DecrocheKey", Key="0")
        for leaving, next_one in ((talking, shocked), (shocked, early)):
            seen = len(farm.events)
            await farm.hang_up(leaving)
            assert await farm.took(BRUNO, 20, since=seen) == next_one
        await farm.hang_up(early)

    play(bed, keyed, scene)


def test_a_caller_whose_listener_is_busy_can_wait_for_them_and_get_them(
    bed: Testbed, keyed: Service
) -> None:
    async def scene(farm: Farm, watch: Ami, service: Service) -> None:
        talking = await _anne_talks(farm)
        await farm.listener(BRUNO, behaviour.never())
        caller = await farm.call(LINE, None, keys=f"*{CODES[ANNE]}")
        await _hears(watch, "choice")
        await farm.press(caller, "1")
        await service.until(lambda: bool(service.log_lines("offer_over")), 10, "Bruno left alone")
        assert service.log_lines("offer_over")[0]["result"] == "withdrawn"
        await farm.listener(BRUNO, behaviour.answers())
        seen = len(farm.events)
        await farm.hang_up(talking)
        assert await farm.heard(caller, 20, since=seen) == ANNE
        await farm.hang_up(caller)

    play(bed, keyed, scene)


def test_a_caller_whose_listener_is_busy_can_ask_for_another(bed: Testbed, keyed: Service) -> None:
    async def scene(farm: Farm, watch: Ami, _: Service) -> None:
        talking = await _anne_talks(farm)
        await farm.listener(BRUNO, behaviour.rings_until_told())
        caller = await farm.call(LINE, None, keys=f"*{CODES[ANNE]}")
        await _hears(watch, "choice")
        await farm.press(caller, "2")
        await _told(watch, "DecrocheChoice", Choice="another")
        await farm.pick_up(BRUNO)
        assert await farm.heard(caller, 20) == BRUNO
        for each in (talking, caller):
            await farm.hang_up(each)

    play(bed, keyed, scene)


def test_a_caller_who_is_still_choosing_is_connected_as_soon_as_somebody_accepts(
    bed: Testbed, keyed: Service
) -> None:
    async def scene(farm: Farm, watch: Ami, _: Service) -> None:
        talking = await _anne_talks(farm)
        await farm.listener(BRUNO, behaviour.rings_until_told())
        caller = await farm.call(LINE, None, keys=f"*{CODES[ANNE]}")
        began = watch.events.index(await _hears(watch, "choice"))
        await farm.pick_up(BRUNO)
        assert await farm.heard(caller, 12) == BRUNO
        call = watch.events[began]["Uniqueid"]
        steps = [e for e in watch.events[began:] if e.has(Event="Newexten", Uniqueid=call)]
        heard = [step["Application"] for step in steps if step["Application"] not in SILENT]
        assert heard[:3] == ["Read", "StopMusicOnHold", "BridgeWait"]
        for each in (talking, caller):
            await farm.hang_up(each)

    play(bed, keyed, scene)


def test_three_wrong_codes_all_sound_alike_and_then_not_even_a_right_one_is_read(
    bed: Testbed, keyed: Service
) -> None:
    async def scene(farm: Farm, watch: Ami, service: Service) -> None:
        caller = await farm.call(LINE, None)
        await farm.rang(ANNE, 10)
        await _hears(watch, "welcome")
        for typed in ("0000", "1234", "593", CODES[BRUNO]):
            seen = len(watch.events)
            await farm.press(caller, f"*{typed}#")
            await _hears(watch, "noted", since=seen)
            await watch.wait_for(lambda e: e.is_user_event("DecrocheWaiting"), 10, since=seen)
        assert len([e for e in watch.events if e.is_user_event("DecrocheCode")]) == 3
        assert farm.rings(BRUNO) == 0
        assert service.metric("decroche_calls_waiting") == 1
        await farm.hang_up(caller)
        await service.until(lambda: bool(service.log_lines("call_ended")), 10, "its end")
        assert not set(CODES.values()) & set(service.log_path.read_text().split('"'))

    play(bed, keyed, scene)


def test_a_forged_key_changes_nothing(bed: Testbed, keyed: Service) -> None:
    async def scene(farm: Farm, watch: Ami, service: Service) -> None:
        caller = await farm.call(LINE, "0639980064")
        await farm.rang(ANNE, 10)
        call = (await _told(watch, "DecrocheArrived"))["Call"]
        forged = {"Key": "2", "Code": CODES[BRUNO], "Choice": "another"}
        for token in ("", "0" * 40):
            for kind, value in forged.items():
                about = {"UserEvent": f"Decroche{kind}", "Call": call, "Token": token, kind: value}
                await watch.send("UserEvent", **about)
        await service.until(lambda: len(service.log_lines("message_ignored")) == 6, 10, "six")
        assert {line["reason"] for line in service.log_lines("message_ignored")} == {"wrong_token"}
        assert farm.rings(BRUNO) == 0
        await farm.hang_up(caller)

    play(bed, keyed, scene)


async def _anne_talks(farm: Farm) -> str:
    await farm.listener(ANNE, behaviour.answers())
    caller = await farm.call(LINE, "0639980065")
    assert await farm.heard(caller, 20) == ANNE
    return caller


async def _hears(watch: Ami, words: str, since: int = 0) -> Message:
    return await watch.wait_for(
        lambda e: e["Application"] in ("Read", "Playback") and f"decroche/{words}" in e["AppData"],
        20,
        since,
    )


async def _told(watch: Ami, name: str, **headers: str) -> Message:
    return await watch.wait_for(lambda e: e.is_user_event(name, **headers), 20)
