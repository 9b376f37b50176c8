"""What a listener says of a talk that is over is in the journal, the log and the figures."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from router.core.events import AnyEvent, TalkDisposed, TalkMarkedHard
from router.past.journal import read
from tests.e2e.called_back import ANNE, LINE, WORDS_SECONDS, Scene, hears, told
from tests.e2e.service import PIN, Service
from tests.testbed import Testbed, behaviour
from tests.testbed.ami import Ami
from tests.testbed.behaviour import Behaviour
from tests.testbed.farm import Farm

MENU = "0199000009"
DIRECTORY = """\
[kinds]
unit = "Unité de soins"

[entries.cedres]
kind = "unit"
name = "Unité des Cèdres"
phone = "01 99 00 10 08"
number = "999"
"""


@pytest.fixture
def alone(service: Service, monkeypatch: pytest.MonkeyPatch) -> Service:
    """Give an installation with one listener, and with a directory."""
    service.people = {ANNE: service.people[ANNE]}
    write_config = service.write_config

    def write_with_directory() -> None:
        write_config()
        (service.folder / "directory.toml").write_text(DIRECTORY, encoding="utf-8")
        named = 'directory_file = "directory.toml"\n'
        service.config.write_text(named + service.config.read_text())

    monkeypatch.setattr(service, "write_config", write_with_directory)
    return service


def play(bed: Testbed, service: Service, how: Behaviour, scene: Scene) -> None:
    """Let Anne treat her phone so, and play the scene."""

    async def played() -> None:
        async with bed.farm() as farm, bed.watch() as watch:
            await farm.listener(ANNE, how)
            await scene(farm, watch, service)

    service.start()
    asyncio.run(played())
    assert service.metric("decroche_invariant_violations_total") == 0
    assert service.log_lines("event_refused") == []


def test_a_hard_talk_and_the_senior_call_back_that_is_owed_for_it_are_told_everywhere(
    bed: Testbed, alone: Service, tmp_path: Path
) -> None:
    async def scene(farm: Farm, watch: Ami, service: Service) -> None:
        assert service.metric("decroche_senior_call_backs_owed_total", 'line="health"') == 0
        caller = await farm.call(LINE, "0639980080")
        assert await farm.heard(caller, 20) == ANNE
        await farm.hang_up(caller)
        await hears(watch, "over")
        await farm.press_as(ANNE, "5")
        await hears(watch, "wrapup-hard")
        await farm.press_as(ANNE, "2")
        # Of a line that calls nobody back there is no number.
        await hears(watch, "wrapup-not-promised")
        await service.until(lambda: owed(service) == 1, 10, "the call-back")

    play(bed, alone, behaviour.stays(), scene)
    said = [TalkMarkedHard(ANNE), TalkDisposed(ANNE, "senior_call_back")]
    assert journalled(alone, tmp_path) == said
    (call,) = {line["call"] for line in alone.log_lines("call_answered")}
    (line,) = alone.log_lines("senior_call_back_owed")
    assert (line["level"], line["call"], line["line"]) == ("warning", call, "health")
    assert [one["listener"] for one in alone.log_lines("talk_marked_hard")] == [ANNE]
    assert alone.metric("decroche_hard_talks_total") == 1
    assert alone.metric("decroche_dispositions_total", 'disposition="senior_call_back"') == 1


def test_a_listener_who_hung_up_first_says_by_phone_which_of_the_directory_read_anew_was_given(
    bed: Testbed, alone: Service, tmp_path: Path
) -> None:
    async def scene(farm: Farm, watch: Ami, service: Service) -> None:
        numbered = DIRECTORY.replace("999", "204")
        (service.folder / "directory.toml").write_text(numbered, encoding="utf-8")
        service.reread()
        await service.until(lambda: bool(service.log_lines("config_loaded")), 10, "the config")
        caller = await farm.call(LINE, "0639980081")
        assert await farm.heard(caller, 20) == ANNE
        anne = (await told(watch, "DecrocheOffer", 0, What="accepted"))["Offer"]
        # A phone tells that it leaves before its BYE: the caller's must not overtake that.
        await watch.wait_for(lambda e: e.has(Event="Hangup", Uniqueid=anne), WORDS_SECONDS)
        await farm.hang_up(caller)
        menu = await farm.call(MENU, "0639980082", keys=f"2000#{PIN}#4")
        await hears(watch, "wrapup")
        await farm.press(menu, "1")
        await hears(watch, "wrapup-number")
        await farm.press(menu, "204#")
        await hears(watch, "wrapup-noted")
        await farm.hang_up(menu)
        await service.until(lambda: bool(service.log_lines("talk_disposed")), 10, "the word")

    play(bed, alone, behaviour.answers(talk_seconds=0.5), scene)
    assert journalled(alone, tmp_path) == [TalkDisposed(ANNE, "orientation", "cedres")]
    (line,) = alone.log_lines("talk_disposed")
    assert (line["listener"], line["orientation"]) == (ANNE, "cedres")


def owed(service: Service) -> float:
    return service.metric("decroche_senior_call_backs_owed_total", 'line="health"')


def journalled(service: Service, folder: Path) -> list[AnyEvent]:
    """Give what the daemon's journal holds of talks that were spoken of."""
    out = folder / "journal.jsonl"
    written = service.command("journal", "--out", str(out))
    assert written.returncode == 0, written.stderr
    events = [entry.event for entry in read(out).entries]
    return [event for event in events if isinstance(event, TalkDisposed | TalkMarkedHard)]
