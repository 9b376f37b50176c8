"""`decroche report` on the command line."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from router.errors import ConfigError, DecrocheError, StoreError
from router.past.journal import lines_of
from router.report.command import report
from tests.report.stages import simulated

EXAMPLE = Path(__file__).parents[2] / "config/decroche.toml"


def run(**wishes: Any) -> None:
    report(**{"begins": "1970-01-01", "ends": "1970-01-31", **wishes})


@pytest.fixture
def journal(tmp_path: Path) -> Path:
    path = tmp_path / "journal.jsonl"
    _, told = simulated("ordinary_week")
    path.write_bytes(b"".join(lines_of(told.entries)))
    return path


def test_without_a_file_to_write_the_terminal_has_it_in_english(
    journal: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run(journal=journal)
    assert capsys.readouterr().out.startswith("Activity report from 1970-01-01 00:00")


def test_the_page_is_in_french_unless_another_language_is_asked_for(
    journal: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    page = tmp_path / "page.html"
    run(journal=journal, html=page)
    assert "Rapport d'activité" in page.read_text()
    run(journal=journal, html=page, lang="en")
    assert "Activity report" in page.read_text()
    assert capsys.readouterr().out == ""


def test_the_config_says_which_clock_is_meant(journal: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.json"
    run(journal=journal, json=out, config=EXAMPLE)
    assert json.loads(out.read_bytes())["began"] == "1970-01-01T00:00:00+01:00"


def test_files_can_all_be_written_at_once(journal: Path, tmp_path: Path) -> None:
    html, csv, out = tmp_path / "a", tmp_path / "b", tmp_path / "c"
    run(journal=journal, html=html, csv=csv, json=out, line="health")
    assert html.stat().st_size > 1000
    assert csv.read_text().startswith("section,group,figure,value,unit,hidden\n")
    assert json.loads(out.read_bytes())["line"] == "health"


def test_json_goes_to_standard_output_alone_what_is_to_be_known_besides_to_standard_error(
    journal: Path, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    run(journal=journal, json=Path("-"))
    said = capfdbinary.readouterr()
    assert json.loads(said.out)["sections"]["total"][0]["calls"] == 147
    assert b"The span goes on beyond 1970-01-07 21:46" in said.err


@pytest.mark.parametrize(
    ("wishes", "words"),
    [
        ({"begins": "1970-02-01"}, "expected the earlier one first"),
        ({"begins": "2026-01-01", "ends": "2026-01-31"}, "in the journal: it goes from 1970-01-01"),
        ({"line": "polcie"}, "no such line; known are health, "),
        ({"html": Path("-"), "json": Path("-")}, "expected at most one of them to be -"),
        ({"html": Path("there/is/none.html")}, "there/is/none.html: cannot be written: No such"),
        ({"journal": Path("none.jsonl")}, "none.jsonl: cannot be read: No such file"),
        ({"journal": EXAMPLE}, "not JSON; expected a journal"),
    ],
    ids=["turned round", "not in it", "line", "twice", "nowhere", "no journal", "another file"],
)
def test_what_cannot_be_done_is_said_in_words(
    journal: Path, wishes: dict[str, str | Path], words: str
) -> None:
    with pytest.raises(DecrocheError) as refused:
        run(**{"journal": journal, **wishes})
    assert words in str(refused.value)


def test_a_report_on_a_file_waits_for_nothing_to_load_that_a_file_does_not_need() -> None:
    loads = "import sys, router.cli, router.report.command"
    needless = "{'asyncio', 'holidays', 'redis'} & {*sys.modules}"
    told = subprocess.run(
        [sys.executable, "-c", f"{loads}; print(sorted({needless}))"],
        capture_output=True,
        check=True,
        text=True,
        timeout=60,
    )
    assert told.stdout == "[]\n"


def test_where_no_daemon_has_been_yet_there_is_said_to_be_no_journal(tmp_path: Path) -> None:
    text = EXAMPLE.read_text().replace("/var/lib/decroche", str(tmp_path / "state"))
    for name in ("listeners.toml", "directory.toml"):
        (tmp_path / name).write_text((EXAMPLE.parent / name).read_text())
    config = tmp_path / "decroche.toml"
    config.write_text(text)
    with pytest.raises(StoreError, match=r"there is no store in .* yet"):
        run(config=config)


def test_a_config_that_is_not_there_is_said_so(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"decroche\.toml"):
        run(config=tmp_path / "decroche.toml")
