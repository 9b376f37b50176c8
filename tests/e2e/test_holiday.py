"""A line that public holidays close: its callers are served by the rules of another line."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.conftest import TEAM
from tests.e2e.service import Service, installed, team
from tests.testbed import Testbed, behaviour

ANNE, BRUNO = TEAM
LINE = "0805232336"

CALENDAR = """\
import holidays
from holidays.countries import France


class Days(France):
    def __contains__(self, day):
        return {is_holiday}


holidays.FR = Days
"""
"""Python runs a module of this name as it starts: the daemon then knows another calendar."""


@pytest.fixture
def two_lines(bed: Testbed, tmp_path: Path) -> Iterator[Service]:
    """Give an installation with a line that Anne serves, and one that Bruno serves."""
    people = {**team([ANNE], health=2, fr=1), **team([BRUNO], police=2, fr=1)}
    with installed(bed, tmp_path, people, ("health", "police")) as service:
        service.lines["health"] |= {
            "hours": ["mon-sun 00:00-24:00 not holidays"],
            "when_closed": "police",
        }
        yield service


@pytest.mark.parametrize(
    ("is_holiday", "listener"),
    [(True, BRUNO), (False, ANNE)],
    ids=["on a public holiday", "on any other day"],
)
def test_a_line_has_its_own_listeners_unless_a_public_holiday_closes_it(
    bed: Testbed,
    two_lines: Service,
    tmp_path: Path,
    is_holiday: bool,  # noqa: FBT001 -- a row of the table
    listener: str,
) -> None:
    calendar = tmp_path / "calendar"
    calendar.mkdir()
    (calendar / "sitecustomize.py").write_text(CALENDAR.format(is_holiday=is_holiday))
    two_lines.environment["PYTHONPATH"] = str(calendar)

    async def scene() -> None:
        async with bed.farm() as farm:
            for name in TEAM:
                await farm.listener(name, behaviour.answers())
            caller = await farm.call(LINE, "0639980058", talk_seconds=1)
            assert await farm.heard(caller, 20) == listener
            await farm.left(caller, 20)
            await two_lines.until(lambda: bool(two_lines.log_lines("call_ended")), 10, "the end")
            # It is this line's call, whoever serves it.
            assert two_lines.log_lines("call_ended")[0]["line"] == "health"

    two_lines.start()
    asyncio.run(scene())
    assert two_lines.metric("decroche_invariant_violations_total") == 0
