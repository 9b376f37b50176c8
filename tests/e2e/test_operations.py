"""What ops do to a running daemon, and what its parts do to it."""

from __future__ import annotations

import asyncio
import os
import signal
from pathlib import Path

from router.store.embedded import EmbeddedStore
from tests.dialplans.daemon import living
from tests.e2e.config_files import Person
from tests.e2e.conftest import TEAM
from tests.e2e.service import PIN, Service
from tests.testbed import Testbed, behaviour
from tests.testbed.farm import Farm

ANNE, BRUNO = TEAM
MENU_NUMBER = "0199000009"
FALLBACK = "0199000091"


async def answered_call(farm: Farm, number: str, deadline_seconds: float = 20) -> str:
    """Have somebody call, talk for a second and leave; give the listener."""
    caller = await farm.call("0805232336", number, talk_seconds=1)
    listener = await farm.heard(caller, deadline_seconds)
    await farm.left(caller, 20)
    return listener


def test_a_bad_config_is_refused_and_a_good_one_taken_without_touching_the_call_in_progress(
    bed: Testbed, service: Service
) -> None:
    async def scene() -> None:
        async with bed.farm() as farm:
            await farm.listener(ANNE, behaviour.answers())
            await farm.listener(BRUNO, behaviour.busy())
            await farm.listener("carol0103", behaviour.answers())
            talking = await farm.call("0805232336", "0639980060")
            await farm.heard(talking, 20)

            good = service.config.read_text()
            service.config.write_text(good.replace("ring_seconds = ", "ring_secondes = "))
            service.reread()
            await service.until(lambda: bool(service.log_lines("config_refused")), 10, "refusal")
            problem = service.log_lines("config_refused")[0]["problems"][0]
            assert "decroche.toml: lines.health.ring_secondes" in problem
            assert service.metric("decroche_config_last_reload_successful") == 0

            service.people["carol0103"] = Person()
            del service.people[ANNE]
            service.write_config()
            service.reread()
            await service.until(lambda: bool(service.log_lines("config_loaded")), 10, "the config")
            assert await answered_call(farm, "0639980061") == "carol0103"
            assert talking not in [event["Caller"] for event in farm.events if _left(event)]
            await farm.hang_up(talking)
            await service.until(lambda: len(service.log_lines("call_ended")) == 2, 10, "both ends")

    service.start()
    asyncio.run(scene())
    assert service.metric("decroche_config_generation") == 2
    assert service.metric("decroche_config_last_reload_successful") == 1
    assert service.metric("decroche_invariant_violations_total") == 0


def _left(event: object) -> bool:
    return getattr(event, "is_user_event", lambda _: False)("CallerLeft")


def test_a_listener_logs_out_and_in_again_by_phone(bed: Testbed, service: Service) -> None:
    async def scene() -> None:
        async with bed.farm() as farm:
            for name in TEAM:
                await farm.listener(name, behaviour.answers())
            menu = await farm.call(MENU_NUMBER, "0639980070", keys=f"2000#{PIN}#3")
            await service.until(
                lambda: service.metric("decroche_listeners", 'state="off"') == 1, 40, "log-out"
            )
            assert await answered_call(farm, "0639980071") == BRUNO
            await farm.hang_up(menu)
            back = await farm.call(MENU_NUMBER, "0639980070", keys=f"2000#{PIN}#1")
            await service.until(
                lambda: service.metric("decroche_listeners", 'state="off"') == 0, 40, "log-in"
            )
            await farm.hang_up(back)

    service.start()
    asyncio.run(scene())


def test_once_all_have_logged_out_the_fallback_has_a_caller_long_before_the_lines_time(
    bed: Testbed, service: Service
) -> None:
    async def scene() -> None:
        async with bed.farm() as farm:
            await farm.listener(FALLBACK, behaviour.answers(after_seconds=1))
            for login in range(2000, 2000 + len(TEAM)):
                await farm.call(MENU_NUMBER, "0639980075", keys=f"{login}#{PIN}#3")
            await service.until(
                lambda: service.metric("decroche_listeners", 'state="off"') == len(TEAM), 60, "all"
            )
            caller = await farm.call("0805232336", "0639980076")
            assert await farm.heard(caller, 30) == FALLBACK
            await service.until(lambda: bool(service.log_lines("sent_to_fallback")), 10, "the log")
            assert len(service.log_lines("sent_to_fallback")) == 1
            await farm.hang_up(caller)

    service.start()
    asyncio.run(scene())
    assert service.metric("decroche_invariant_violations_total") == 0


def test_a_wrong_pin_changes_nothing(bed: Testbed, service: Service) -> None:
    async def scene() -> None:
        async with bed.farm() as farm, bed.watch() as ours:
            menu = await farm.call(MENU_NUMBER, "0639980072", keys="2000#1111#3")
            await ours.wait_for(
                lambda event: event["Event"] == "Newexten" and "menu-refused" in event["AppData"],
                40,
            )
            assert service.metric("decroche_listeners", 'state="off"') == 0
            await farm.hang_up(menu)

    service.start()
    asyncio.run(scene())


def test_with_the_store_frozen_calls_are_routed_and_one_alarm_is_given(
    bed: Testbed, service: Service
) -> None:
    async def scene() -> None:
        async with bed.farm() as farm:
            for name in TEAM:
                await farm.listener(name, behaviour.answers())
            store = await _store_of(service)
            os.kill(store, signal.SIGSTOP)
            try:
                for number in range(2):
                    assert await answered_call(farm, f"063998008{number}") in TEAM
                await service.until(lambda: bool(service.log_lines("journal_down")), 10, "alarm")
                assert len(service.log_lines("journal_down")) == 1
                assert service.ready()
            finally:
                os.kill(store, signal.SIGCONT)
            await service.until(lambda: bool(service.log_lines("journal_up")), 20, "the store")
            await service.until(lambda: service.held() == 0, 15, "every phone let go")

    service.start()
    asyncio.run(scene())
    assert service.stop() == 0
    service.start()
    assert service.metric("decroche_invariant_violations_total") == 0


async def _store_of(service: Service) -> int:
    store = EmbeddedStore(service.folder / "state")
    await store.start()
    assert store.pid is not None
    return store.pid


def test_a_daemon_told_to_leave_leaves_the_talks_alone_and_knows_them_when_it_is_back(
    bed: Testbed, service: Service
) -> None:
    async def scene() -> None:
        async with bed.farm() as farm:
            await farm.listener(ANNE, behaviour.answers())
            talking = await farm.call("0805232336", "0639980090")
            assert await farm.heard(talking, 20) == ANNE
            assert service.stop() == 0
            service.start()
            assert service.held() == 1
            assert talking not in [event["Caller"] for event in farm.events if _left(event)]
            await farm.hang_up(talking)
            await service.until(lambda: bool(service.log_lines("call_ended")), 10, "its end")
            assert service.log_lines("call_ended")[0]["outcome"] == "answered"

    service.start()
    asyncio.run(scene())


def test_without_any_journal_callers_are_adopted_in_the_order_in_which_they_came(
    bed: Testbed, service: Service, tmp_path: Path
) -> None:
    async def scene() -> None:
        async with bed.farm() as farm:
            await farm.listener(ANNE, behaviour.busy())
            await farm.listener(BRUNO, behaviour.busy())
            waiting = []
            for number in range(4):
                caller = await farm.call("0805232336", f"06399801{number:02}", talk_seconds=1)
                await farm.entered(caller, 10)
                waiting.append(caller)
            await service.until(
                lambda: service.metric("decroche_calls_waiting") == 4, 10, "four to wait"
            )
            service.kill()
            os.kill(await _store_of(service), signal.SIGKILL)
            (tmp_path / "state").rename(tmp_path / "lost")
            # Only one phone answers, so that the order of the answers is the order in line.
            await farm.listener(ANNE, behaviour.answers())
            del service.people[BRUNO]
            # However long the start takes: whoever is in a round of the fallback keeps no order.
            async with living(bed):
                await asyncio.to_thread(service.start)
            for caller in waiting:
                await farm.left(caller, 30)
            assert [caller for caller, _ in farm.talks()] == waiting

    service.start()
    asyncio.run(scene())


def test_a_caller_who_comes_back_is_known_and_a_withheld_one_never_is(
    bed: Testbed, service: Service
) -> None:
    async def scene() -> None:
        async with bed.farm() as farm, bed.watch() as ours:
            for name in TEAM:
                await farm.listener(name, behaviour.answers())
            for number in ("0639980110", "0639980110", None, None):
                caller = await farm.call("0805232336", number, talk_seconds=1)
                await farm.heard(caller, 20)
                await farm.left(caller, 20)
                await service.until(lambda: service.held() == 0, 15, "every phone let go")
            known = [
                event["Value"]
                for event in ours.events
                if event.has(Event="VarSet", Variable="DECROCHE_KNOWN")
            ]
            assert known == ["0", "1", "0", "0"]

    service.start()
    asyncio.run(scene())


def test_no_callers_number_is_anywhere_in_the_daemons_files_or_pages(
    bed: Testbed, service: Service
) -> None:
    async def scene() -> None:
        async with bed.farm() as farm:
            for name in TEAM:
                await farm.listener(name, behaviour.answers())
            for number in ("0639980120", "+33639980121", "0033639980122"):
                await answered_call(farm, number)
            await service.until(lambda: service.held() == 0, 15, "every phone let go")

    service.start()
    asyncio.run(scene())
    page = service.page("metrics")
    assert service.stop() == 0
    files = [path for path in service.folder.rglob("*") if path.is_file()]
    texts = {str(path): path.read_bytes() for path in files} | {"metrics": page.encode()}
    assert any(b"CallArrived" in text for text in texts.values()), "the journal is looked at"
    found = [name for name, text in texts.items() if b"6399801" in text]
    assert found == []


def test_explain_names_every_listener_and_why(bed: Testbed, service: Service) -> None:
    service.people["paul0202"] = Person(skills={"fr": 1})
    service.people["gone0203"] = Person(shifts="none")

    async def scene() -> None:
        async with bed.farm() as farm:
            for name in TEAM:
                await farm.listener(name, behaviour.answers())
            await answered_call(farm, "0639980130")
            await service.until(lambda: bool(service.log_lines("call_ended")), 10, "its end")

    service.start()
    asyncio.run(scene())
    told = service.command("explain", service.log_lines("call_ended")[0]["call"]).stdout
    lines = {name: _line(told, name) for name in service.people}
    assert "chosen" in lines[ANNE]
    assert "ranked lower" in lines[BRUNO]
    assert "lacks skill" in lines["paul0202"]
    assert "health 0 < 2" in lines["paul0202"]
    assert "off duty" in lines["gone0203"]


def _line(text: str, name: str) -> str:
    return next(line for line in text.splitlines() if f" {name} " in line)


def test_dialplans_of_another_version_are_told_and_calls_are_routed_all_the_same(
    bed: Testbed, service: Service
) -> None:
    async def scene() -> None:
        async with bed.farm() as farm:
            await farm.listener(ANNE, behaviour.answers())
            await farm.listener(BRUNO, behaviour.busy())
            assert await answered_call(farm, "0639980067") == ANNE

    bed.pbx.command("dialplan set global DECROCHE_FORM aaaabbbb")
    try:
        service.start()
        asyncio.run(scene())
        service.wait_until(lambda: bool(service.log_lines("dialplan_differs")), 20, "the word")
        assert "of another version than the daemon" in service.page("readyz")
        assert service.metric("decroche_dialplan_fits") == 0
    finally:
        bed.pbx.command("dialplan reload")
    service.kill()
    service.start()
    assert '"warnings": []' in service.page("readyz")
    assert service.metric("decroche_dialplan_fits") == 1
