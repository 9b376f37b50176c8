"""What the report counts is what Asterisk's own call detail records count.

The dialplan keeps none of a caller, whose number would be in it. Here it does: of made-up callers.
"""

from __future__ import annotations

import asyncio
import csv
import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.config_files import Person
from tests.e2e.service import Service, installed
from tests.testbed import Testbed, behaviour, require_testbed

pytestmark = pytest.mark.slow

LINE = "0805232336"
LISTENERS = [f"listener{number:02}" for number in range(5)]
KEPT = ("uniqueid", "dst", "dstchannel", "billsec,f", "disposition")
MODULES = "load = res_cdrel_custom.so\nload = cdr_custom.so\n"

CLOSE_SECONDS = 1.0
"""So much the two may differ for a call: what has happened is heard a little later."""


@pytest.fixture(scope="module")
def bed() -> Iterator[Testbed]:
    """Give a testbed that keeps call detail records."""
    require_testbed()
    bed = Testbed()
    keep_records(bed.pbx.folder)
    with bed:
        yield bed


@pytest.fixture
def service(bed: Testbed, tmp_path: Path) -> Iterator[Service]:
    """Give an installation with a listener for each caller who shall talk."""
    people = {name: Person(skills={"health": 2, "fr": 1}) for name in LISTENERS}
    with installed(bed, tmp_path, people) as service:
        service.lines["health"]["short_call_seconds"] = 0.5
        yield service


def keep_records(folder: Path) -> None:
    etc = folder / "etc"
    with (etc / "modules.conf").open("a") as modules:
        modules.write(MODULES)
    (etc / "cdr.conf").write_text("[general]\nenable = yes\nunanswered = yes\n")
    fields = ",".join(f"${{CSV_QUOTE(${{CDR({name})}})}}" for name in KEPT)
    (etc / "cdr_custom.conf").write_text(f"[mappings]\nMaster.csv => {fields}\n")
    (folder / "log/cdr-custom").mkdir()
    inbound = etc / "decroche/inbound.conf"
    text = inbound.read_text()
    assert text.count("CDR_PROP(disable)=1") == 1
    inbound.write_text(text.replace("CDR_PROP(disable)=1", "DECROCHE_CDR=kept"))


def records(bed: Testbed) -> list[dict[str, str]]:
    """Give the records of callers: those of the listeners' legs have no line as their number."""
    path = bed.pbx.folder / "log/cdr-custom/Master.csv"
    lines = csv.DictReader(path.read_text().splitlines(), KEPT) if path.exists() else []
    return [line for line in lines if line["dst"] == LINE]


def test_calls_answered_ones_and_seconds_are_those_of_asterisks_own_records(
    bed: Testbed, service: Service
) -> None:
    async def scene() -> None:
        async with bed.farm() as farm:
            for name in LISTENERS:
                await farm.listener(name, behaviour.answers())
            callers = [
                await farm.call(LINE, f"063998007{number}", talk_seconds=1 + number / 2)
                for number in range(len(LISTENERS))
            ]
            for caller in callers:
                await farm.heard(caller, 30)
            for name in LISTENERS:
                await farm.listener(name, behaviour.never())
            callers.append(await farm.call(LINE, None, patience_seconds=2))
            for caller in callers:
                await farm.left(caller, 30)
            await service.until(lambda: len(service.log_lines("call_ended")) == 6, 20, "the ends")
            await service.until(lambda: len(records(bed)) == 6, 20, "six records")

    service.start()
    asyncio.run(scene())
    told, kept = report_of(service), records(bed)
    answered = [record for record in kept if record["dstchannel"]]
    total = told["sections"]["total"][0]
    assert total["calls"] == len(kept) == 6
    assert total["calls_answered"] == len(answered) == 5
    assert total["calls_lost"] == 1
    ended = {line["call"]: line for line in service.log_lines("call_ended")}
    talked_seconds = 0.0
    for record in answered:
        # To Asterisk a caller is answered as the line is: its seconds are those of wait and talk.
        talk_seconds = float(record["billsec,f"]) - ended[record["uniqueid"]]["waited_seconds"]
        assert talk_seconds == pytest.approx(
            ended[record["uniqueid"]]["talked_seconds"], abs=CLOSE_SECONDS
        )
        talked_seconds += talk_seconds
    assert total["talk_total_seconds"] == pytest.approx(talked_seconds, abs=5 * CLOSE_SECONDS)
    assert total["talk_total_seconds"] == pytest.approx(
        sum(line["talked_seconds"] for line in ended.values()), abs=0.01
    )
    tell_story(service, answered[0]["uniqueid"])


def tell_story(service: Service, call: str) -> None:
    said = service.command("story", call, "--log", str(service.log_path))
    assert said.returncode == 0, said.stderr
    assert f"call {call} is over: answered" in said.stdout
    assert "06399800" not in said.stdout


def report_of(service: Service) -> dict[str, Any]:
    done = service.command("report", *span(), "--json", "-")
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def span() -> list[str]:
    now = datetime.now(UTC)
    hour = timedelta(hours=1)
    return ["--from", (now - hour).isoformat(), "--to", (now + hour).isoformat()]
