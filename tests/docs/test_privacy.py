"""What docs/privacy.md says is kept, and how it says it is erased."""

from __future__ import annotations

import ast
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
from redis import Redis

from router.presence.words_out import SENT, Answer
from router.store.places import store_places
from tests.tidy.log_calls import log_lines
from tests.tidy.source import ROOT, Source, project
from tests.web.api.installation import SECRET, Installation

KEY = re.compile(r"decroche:[\w:]*")
OURS = "/opt/decroche/.venv/bin/decroche"
NUMBER = "0639980042"


def page(name: str = "privacy") -> str:
    return (ROOT / f"docs/{name}.md").read_text(encoding="utf-8")


def keys_told() -> set[str]:
    """Give the store's keys that the page has a row for, without what a site's own are named by."""
    rows = re.findall(r"^\| ([^|]+) \|", page(), re.MULTILINE)
    return {re.sub("[A-Z]+$", "", key) for row in rows for key in KEY.findall(row)}


def keys_in(sources: list[Source]) -> set[str]:
    """Give the store's keys that the code names, or the beginning of those that it makes.

    What looks like one in the dashboards is the name of a recording rule.
    """
    return {
        node.value
        for source in sources
        if source.is_python and source.path.startswith("router/")
        if not source.path.startswith("router/observe/dashboards/")
        for node in ast.walk(source.tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
        if KEY.fullmatch(node.value)
    }


def files_told() -> set[str]:
    told = page().partition("### In the state directory")[2].partition("###")[0]
    return {name.rstrip("/") for name in re.findall(r"^\| `([\w./]+)` \|", told, re.MULTILINE)}


def commands(text: str) -> list[str]:
    """Give what a page would have typed, one command each, a line that goes on joined."""
    blocks = re.findall(r"^```sh\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    return [line for block in blocks for line in block.replace("\\\n", "").splitlines()]


@pytest.fixture
def folder() -> Iterator[Path]:
    # A socket's path must be short, and those of pytest are not.
    folder = Path(tempfile.mkdtemp(prefix="dcr-"))
    yield folder
    shutil.rmtree(folder)


@pytest.fixture
def site(folder: Path) -> Iterator[Installation]:
    with Installation(folder) as site:
        site.write(web="one token")
        site.start()
        yield site


def typed(site: Installation, command: str, heard: str = "") -> str:
    """Run a command of the page's on this site, and give what it says."""
    words = re.sub(rf"^.*{OURS} ", "", command).split()
    done = subprocess.run(
        [sys.executable, "-m", "router", *words, "--config", str(site.tree.path)],
        input=heard,
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "DECROCHE_VAULT_SECRET": SECRET},
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_every_key_of_the_store_stands_in_the_page_and_no_other() -> None:
    assert keys_in(project()) == keys_told()


def test_a_key_that_the_page_has_not_is_found() -> None:
    source = 'A = "decroche:secret"\ndef f(x):\n    return f"decroche:more:{x}"\n'
    assert keys_in([Source("router/a.py", source)]) == {"decroche:secret", "decroche:more:"}


@pytest.mark.slow
def test_what_a_site_keeps_and_how_it_is_erased_is_as_the_page_says(
    site: Installation, folder: Path
) -> None:
    asked = site.ask("POST", "/v1/promises", "one token", {"number": NUMBER, "line": "carers"})
    assert asked.status == 201
    _is_all_told(folder)
    _forget_the_caller(site, folder)
    site.end(signal.SIGTERM)
    _erase_everything(folder)
    site.start()
    assert typed(site, "promises list --json") == "[]\n"


def _is_all_told(folder: Path) -> None:
    """See that every key and file that is there has its row."""
    with Redis.from_url(store_places(folder / "state").url) as store:
        held = {key.decode() for key in store.scan_iter()}
    told = keys_told()
    assert {"decroche:promises", "decroche:journal"} <= held
    assert [key for key in held if not any(key == one or _is_made(key, one) for one in told)] == []
    assert {path.name for path in (folder / "state").iterdir()} <= files_told()
    assert (folder / "state/keys/CACHEDIR.TAG").read_text().startswith("Signature: ")


def _forget_the_caller(site: Installation, folder: Path) -> None:
    forget, listed, cancel = [one for one in commands(page()) if OURS in one]
    assert typed(site, forget, NUMBER) == "done\n"
    (promise,) = re.findall(r"p-[\w-]+", typed(site, listed))
    assert _numbers_keys(folder)
    typed(site, cancel.replace("ID", promise))
    site.wait_until(lambda: not _numbers_keys(folder), "the number's key to be destroyed")
    with Redis.from_url(store_places(folder / "state").url) as store:
        # The key first: where the store is away, the number is gone all the same.
        site.wait_until(lambda: not store.hlen("decroche:promises"), "the promise to be forgotten")


def _erase_everything(folder: Path) -> None:
    """Do what the page says, on the daemon's folder in the place of those that it names."""
    stop, *erase = commands(page().partition("**Everything.**")[2])
    assert stop == "systemctl stop decroche"
    (folder / "state/wakes.json").touch()
    for line in erase:
        for name in re.findall(r"/etc/credstore/([\w.]+)", line):
            (folder / name).touch()
        here = line.replace("/etc/credstore", f"{folder}")
        subprocess.run(here.replace("/var/lib/decroche", f"{folder}/state").split(), check=True)
    assert {path.name for path in (folder / "state").iterdir()} <= {"control.sock"}


def test_the_new_master_key_is_taken_as_the_page_says() -> None:
    (rotate,) = [one for one in commands(page("operating")) if "promises rotate" in one]
    unit = (ROOT / "config/systemd/decroche.service").read_text(encoding="utf-8")
    handed = re.findall(r"LoadCredential=(\S+)", rotate)
    assert handed == ["decroche.vault", "decroche.vault_before"]
    assert all(f"LoadCredential={name}\n" in unit for name in handed)
    assert "--property=User=decroche " in rotate
    assert "\nUser=decroche\n" in unit


@pytest.mark.parametrize(
    ("file", "context"),
    [
        ("inbound", "decroche-line"),
        ("call-back", "decroche-call-back"),
        ("fence", "decroche-fence"),
    ],
)
def test_asterisk_keeps_no_record_of_a_caller_from_the_first_step_on(
    file: str, context: str
) -> None:
    text = (ROOT / f"dialplans/{file}.conf").read_text(encoding="utf-8")
    first = text.partition(f"[{context}]\n")[2].partition("\n")[0]
    assert first == "exten => s,1,Set(CDR_PROP(disable)=1)"


def test_no_log_line_and_no_message_to_an_app_has_a_callers_number_or_hash() -> None:
    sources = [one for one in project() if one.is_python and one.path.startswith("router/")]
    logged = {field for line in log_lines(sources).values() for field in line.fields}
    # What was looked up in the directory has a number too, of somebody who is no caller.
    shapes = [shape for shape in SENT.values() if shape is not Answer]
    told = {key for shape in shapes for key in _fields(msgspec.json.schema(shape))}
    assert {"call", "line"} <= logged
    assert {"offer", "known_caller"} <= told
    assert not (logged | told) & {"caller", "number", "hash", "phone_number", "dial"}


def _fields(schema: object) -> Iterator[str]:
    match schema:
        case dict():
            yield from schema.get("properties", {})
            for inner in schema.values():
                yield from _fields(inner)
        case list():
            for inner in schema:
                yield from _fields(inner)


def _is_made(key: str, told: str) -> bool:
    return told.endswith(":") and key.startswith(told)


def _numbers_keys(folder: Path) -> list[Path]:
    return [
        one for one in (folder / "state/keys").iterdir() if re.fullmatch("[0-9a-f]{32}", one.name)
    ]
