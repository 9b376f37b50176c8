from __future__ import annotations

import re

import pytest

from tests.tidy.log_calls import LogLine, log_lines
from tests.tidy.source import ROOT, Source, project

ROW = re.compile(r"^\| `(\w+)` \| ([\w, ]+) \|([^|]*)\| ([^|]+) \|$", re.MULTILINE)


def told() -> dict[str, LogLine]:
    page = (ROOT / "docs/events.md").read_text(encoding="utf-8")
    return {
        name: LogLine(set(levels.split(", ")), set(re.findall(r"`(\w+)`", fields)))
        for name, levels, fields, _ in ROW.findall(page)
    }


def test_docs_tell_each_log_line_with_its_level_and_fields_and_no_other() -> None:
    sources = [one for one in project() if one.is_python and one.path.startswith("router/")]
    assert told() == log_lines(sources)


def test_a_line_is_found_however_its_level_is_chosen() -> None:
    chosen = "tell = log.error if bad else log.info\ntell('call_ended', call=1, exc_info=True)\n"
    straight = "_log.exception('broken')\n"
    assert log_lines([Source("router/a.py", chosen + straight)]) == {
        "call_ended": LogLine({"error", "info"}, {"call"}),
        "broken": LogLine({"error"}),
    }


def test_a_line_whose_name_is_made_up_on_the_way_is_refused() -> None:
    with pytest.raises(ValueError, match=r"router/a.py:1"):
        log_lines([Source("router/a.py", "log.info(f'{x} happened')\n")])
