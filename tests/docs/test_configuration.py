from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from msgspec import Struct

from router.config.reader import Reader
from router.config.shape import ListenersFile, MainFile
from router.directory.shape import DirectoryFile
from router.reference.configuration import page
from router.reference.docstrings import of_fields
from router.reference.keys import tables
from router.schedule import parse_hours
from tests.tidy.source import ROOT

PAGE = ROOT / "docs/configuration.md"

FILES: dict[str, type[Struct]] = {
    "decroche.toml": MainFile,
    "listeners.toml": ListenersFile,
    "directory.toml": DirectoryFile,
}

NOBODYS_KEY = "zzzzzzzz"
UNKNOWN = re.compile(rf"[:.] ?{NOBODYS_KEY}: unknown key; known are (.+)$")

ROW = re.compile(r"^\| `(\w+)` \| .+ \|$", re.MULTILINE)
FILE = re.compile(r"^## (\w+\.toml)\n(.*?)(?=^## |\Z)", re.MULTILINE | re.DOTALL)
COMMENTED_OUT = re.compile(r"^# (?=\[{1,2}[a-z][\w.]*\]{1,2}$|\w+ = )", re.MULTILINE)


def sections(text: str) -> Iterator[tuple[str, str, str]]:
    """Give each table's file, its dotted path (empty: the top of the file), and its rows."""
    for name, file in FILE.findall(text):
        top, *others = re.split(r"^### ", file, flags=re.MULTILINE)
        if "At the top of the file" in top:
            yield name, "", top
        for section in others:
            heading, _, body = section.partition("\n")
            for path in re.findall(r"`\[+([\w.]+)\]+`", heading):
                yield name, path, body


def keys_read(folder: Path, shape: type[Struct], path: str) -> set[str]:
    """Give the keys that the reader itself says it knows in a table."""
    dotted = path.replace("NAME", "some").replace("KEY", "2")
    list_ends = path.rpartition(".")[2] in {"ladder", "shock_ladder", "senior_ladder", "swaps"}
    heading = f"[[{dotted}]]" if list_ends else f"[{dotted}]" if dotted else ""
    file = folder / "some.toml"
    file.write_text(f"{heading}\n{NOBODYS_KEY} = 1\n", encoding="utf-8")
    problems: list[str] = []
    Reader(file, problems).read(shape)
    (known,) = (match[1] for one in problems if (match := UNKNOWN.search(one)))
    return set(known.split(", "))


def unknown_keys(folder: Path, shape: type[Struct], text: str) -> list[str]:
    """Give what the reader says of keys in a text that it does not know."""
    file = folder / "said.toml"
    file.write_text(text, encoding="utf-8")
    problems: list[str] = []
    Reader(file, problems).read(shape)
    return [one for one in problems if "unknown key" in one or "expected TOML" in one]


def test_the_page_is_what_the_code_makes() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "run: make config-page"


def test_every_key_that_the_reader_takes_is_in_the_page_and_no_other(tmp_path: Path) -> None:
    told: dict[tuple[str, str], set[str]] = {}
    for name, path, body in sections(PAGE.read_text(encoding="utf-8")):
        told[name, path] = set(ROW.findall(body))
    paths = {(name, path) for name, path in told if path}
    for (name, path), keys in told.items():
        below = {
            other.removeprefix(f"{path}.").partition(".")[0]
            for of_name, other in paths
            if of_name == name and (other.startswith(f"{path}.") or not path)
        }
        assert keys | below == keys_read(tmp_path, FILES[name], path), (name, path)
    # The listeners' file has tables alone at its top, and so no section there.
    tops = {path.partition(".")[0] for name, path in paths if name == "listeners.toml"}
    assert tops == keys_read(tmp_path, ListenersFile, "")


def test_a_table_that_is_left_out_is_missed(tmp_path: Path) -> None:
    whole = {path for _, path, _ in sections(page())}
    without = re.sub(r"^### `\[care\]`\n.*?(?=^### )", "", page(), flags=re.MULTILINE | re.DOTALL)
    assert whole - {path for _, path, _ in sections(without)} == {"care"}
    assert "care" in keys_read(tmp_path, MainFile, "")


@pytest.mark.parametrize("shape", FILES.values())
def test_every_key_says_what_it_means_and_a_number_its_unit(shape: type[Struct]) -> None:
    keys = [key for table in tables(shape) for key in table.keys]
    assert [key.name for key in keys if not key.meaning] == []
    units = {"_seconds": "seconds", "_days": "days", "_a_minute": "requests"}
    without = [
        key.name
        for key in keys
        for ending, unit in units.items()
        if key.name.endswith(ending) and unit not in key.expected
    ]
    assert without == []


@pytest.mark.parametrize("shape", FILES.values())
def test_a_default_is_told_as_it_would_be_written(shape: type[Struct]) -> None:
    for table in tables(shape):
        for key in table.keys:
            if key.default:
                tomllib.loads(f"{key.name} = {key.default}")


def test_the_hours_that_the_page_shows_are_hours() -> None:
    hours = PAGE.read_text(encoding="utf-8").partition("## Hours")[2].partition("\n## ")[0]
    shown = re.findall(r"^\| `([^`]+)` \|", hours, re.MULTILINE)
    assert len(shown) > 5
    assert parse_hours(shown)


@pytest.mark.parametrize("name", FILES)
def test_the_example_names_only_keys_that_there_are_what_is_commented_out_included(
    tmp_path: Path, name: str
) -> None:
    example = (ROOT / "config" / name).read_text(encoding="utf-8")
    assert unknown_keys(tmp_path, FILES[name], COMMENTED_OUT.sub("", example)) == []


def test_what_the_example_has_commented_out_is_looked_at(tmp_path: Path) -> None:
    example = (ROOT / "config/decroche.toml").read_text(encoding="utf-8")
    read = tomllib.loads(COMMENTED_OUT.sub("", example))
    assert {"callers_endpoint"} <= read["asterisk"].keys()
    assert {"api", "mqtt"} <= read.keys()
    assert "call_back" in read["lines"]["health"]
    wrong = example.replace("# callers_endpoint = ", "# callers_endpint = ")
    (problem,) = unknown_keys(tmp_path, MainFile, COMMENTED_OUT.sub("", wrong))
    assert "asterisk.callers_endpint: unknown key; was 'callers_endpoint' meant?" in problem


def test_the_pages_show_only_keys_that_there_are(tmp_path: Path) -> None:
    blocks = [
        block
        for place in ("README.md", "docs/*.md")
        for one in ROOT.glob(place)
        for block in re.findall(
            r"^```toml\n(.*?)^```", one.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL
        )
    ]
    assert blocks
    for block in blocks:
        shape = ListenersFile if "[listeners." in block else MainFile
        assert unknown_keys(tmp_path, shape, block) == []


def test_a_docstring_is_read_whole_and_belongs_to_the_field_above_it() -> None:
    said: Mapping[str, str] = of_fields(MainFile)
    assert said["listeners_file"] == "Relative to the main file's folder."
    assert said["directory_file"].startswith(
        "What `decroche directory` looks up and listeners key;"
    )
    assert "asterisk" not in said
