from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from router.directory.command import directory
from router.directory.words import hours_text
from router.errors import DecrocheError
from router.schedule import parse_hours

SAMPLE = Path(__file__).parents[2] / "config"


@pytest.fixture
def config(tmp_path: Path) -> Path:
    for name in ("decroche.toml", "listeners.toml", "directory.toml"):
        shutil.copy(SAMPLE / name, tmp_path)
    return tmp_path / "decroche.toml"


def test_a_listener_reads_who_is_nearest_with_number_and_hours(
    config: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    directory("Isère", kind="psychologist", most=2, config=config)

    heading, *rows = capsys.readouterr().out.splitlines()
    assert heading.split() == ["Où", "Qui", "Nom", "Téléphone", "Heures", "N°"]
    shown = " ".join(" ".join(row.split()) for row in rows)
    assert shown.index("Julien Lefort") < shown.index("Claire Morel") < shown.index("toute la")
    assert "01 99 00 10 02" in shown
    assert [row.split()[-1] for row in rows if "Lefort" in row] == ["11"]
    assert "Lucie" not in shown


def test_nothing_of_an_entry_is_cut_off_in_a_narrow_window(
    config: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "60")
    directory("44", config=config)

    assert "…" not in capsys.readouterr().out


@pytest.mark.parametrize(
    ("department", "kind", "words"),
    [
        ("20", None, "'20': expected the code of a department or its name"),
        ("69", "dentist", "--kind: unknown kind 'dentist'; known are psychologist, psychiatrist,"),
    ],
)
def test_what_is_not_known_is_refused_with_what_is(
    config: Path, department: str, kind: str | None, words: str
) -> None:
    with pytest.raises(DecrocheError, match=words):
        directory(department, kind=kind, config=config)


def test_a_config_that_names_no_directory_is_told(config: Path) -> None:
    text = config.read_text(encoding="utf-8")
    config.write_text(text.replace("directory_file", "# directory_file"), encoding="utf-8")

    with pytest.raises(DecrocheError, match=r"decroche\.toml: directory_file: missing"):
        directory("69", config=config)


@pytest.mark.parametrize(
    ("hours", "words"),
    [
        (["mon-fri 09:00-19:00 not holidays"], "lun-ven 09:00-19:00 (sauf fériés)"),
        (["holidays 10:00-12:00"], "10:00-12:00 (fériés)"),
        (["sat 22:00-06:00", "sun 00:00-24:00"], "sam 22:00-06:00\ndim 00:00-24:00"),
        (["mon-sun 08:00-20:00", "not 2026-12-25"], "lun-dim 08:00-20:00\nsauf 25/12/2026"),
        (["2026-12-24 08:00-14:00"], "24/12/2026 08:00-14:00"),
    ],
)
def test_hours_are_read_in_french(hours: list[str], words: str) -> None:
    assert hours_text(parse_hours(hours)) == words
