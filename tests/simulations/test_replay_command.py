from __future__ import annotations

import asyncio
import json
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from router.core.engine import Engine
from router.core.entry import Entry
from router.core.events import CallArrived
from router.errors import DecrocheError
from router.observe.metrics import Metrics
from router.past.journal import lines_of, read
from router.store.embedded import EmbeddedStore
from router.store.journal import Journal as Writer
from simulations.replay.command import journal, replay
from tests.config.trees import PIN_HASH
from tests.patience import take_time
from tests.simulations.replay_stages import SMALL, entries_of, trace_of

MAIN = """\
listeners_file = "listeners.toml"
time_zone = "Europe/Paris"

[store]
state_dir = "{state_dir}"

[pools]
house = "On the platform"

[lines.one]
number = "0199000001"
skills = {{ talk = 2 }}
fallback_after_seconds = 900
"""

LISTENER = f"""\
[listeners.{{name}}]
name = "{{name}}"
endpoint = "PJSIP/{{name}}"
login = "{{login}}"
pin_hash = "{PIN_HASH}"
skills = {{{{ talk = 2 }}}}
pool = "house"
shifts = "always"
"""


@pytest.fixture(scope="module")
def whole() -> bytes:
    return trace_of(SMALL)


@pytest.fixture
def trace(tmp_path: Path, whole: bytes) -> Path:
    path = tmp_path / "trace.jsonl"
    path.write_bytes(whole)
    return path


@pytest.fixture(autouse=True)
def _patient(monkeypatch: pytest.MonkeyPatch) -> None:
    take_time(monkeypatch)


@pytest.fixture
def state_dir() -> Iterator[Path]:
    # pytest's own folders are longer than a socket's path may be.
    folder = Path(tempfile.mkdtemp(prefix="dcr-"))
    yield folder
    shutil.rmtree(folder)


def config_at(folder: Path, *names: str, state_dir: str = "state") -> Path:
    listeners = (
        LISTENER.format(name=name, login=login) for login, name in enumerate(names, start=2001)
    )
    (folder / "listeners.toml").write_text("".join(listeners), encoding="utf-8")
    path = folder / "decroche.toml"
    path.write_text(MAIN.format(state_dir=state_dir), encoding="utf-8")
    return path


def test_without_another_config_it_is_a_self_check(
    trace: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    replay(str(trace))
    told = capsys.readouterr().out
    assert "all 4 calls end exactly as they did" in " ".join(told.split())
    assert "No call would have ended differently" in told


def test_with_one_more_listener_the_lost_call_is_answered(
    trace: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    replay(str(trace), config=config_at(tmp_path, "all-1", "anne"), json=Path("-"))
    found = json.loads(capsys.readouterr().out)
    assert found["reproduced"] == found["compared"] == 4
    assert (found["then"]["total"]["lost"], found["now"]["total"]["lost"]) == (1, 0)
    saved = found["changes"][-1]
    assert (saved["then"]["outcome"], saved["now"]["outcome"]) == ("lost", "answered")
    assert any("on duty by the config's shifts: anne" in note for note in found["notes"])


def test_the_table_says_whose_call_would_have_been_lost_and_why(
    trace: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("COLUMNS", "200")
    path = config_at(tmp_path, "anne")
    path.write_text(path.read_text().replace("lines.one", "lines.two"), encoding="utf-8")
    replay(str(trace), config=path, json=tmp_path / "found.json")
    told = capsys.readouterr().out
    assert "no line 'one', first called in line " in told
    assert "no listener 'all-1', first on duty in line 4 of the journal: left out" in told
    assert "the rules have no such line: anybody may be asked" in told
    assert json.loads((tmp_path / "found.json").read_text())["changes"]


def test_only_the_most_hurt_are_shown_and_the_others_counted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("COLUMNS", "200")
    path = tmp_path / "many.jsonl"
    path.write_bytes(trace_of(SMALL, 'bursts=[{line="one", hour=10, calls=30, over_seconds=9000}]'))
    replay(str(path), config=config_at(tmp_path, "anne"))
    told = capsys.readouterr().out
    assert "all-1 is in no rules" in told
    assert "and 10 more, less hurt: --json has them all" in told


def test_the_same_seed_gives_the_same_findings(
    trace: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    config, told = config_at(tmp_path, "anne", "bruno"), []
    for seed in (1, 1, 2):
        replay(str(trace), config=config, seed=seed, json=Path("-"))
        told.append(capsys.readouterr().out)
    assert told[0] == told[1]


def test_half_a_last_line_is_left_out_and_said(
    trace: Path, whole: bytes, capsys: pytest.CaptureFixture[str]
) -> None:
    trace.write_bytes(whole[:-20])
    replay(str(trace))
    said = " ".join(capsys.readouterr().out.split())
    assert f"line {len(whole.splitlines())}: cut in half" in said


@pytest.mark.parametrize(
    ("line", "words"),
    [
        (b"once upon a time", "line 3: not JSON; expected a journal: one entry a line"),
        (b'{"at":1,"event":{"type":"CallCame"}}', "line 3: not of this version's form"),
        (b'{"at":"noon","event":{"type":"PbxLost"}}', "line 3: not of this version's form"),
        (b"\xff\xfe", "line 3: not JSON"),
        (b'{"waymark":{"at":1}}', "line 3: not a state as this version writes it"),
        (b'{"waymark":{"at":1,"state":{}}', "line 3: not a state as this version writes it"),
        (b'{"a":' * 100_000, "line 3: not JSON"),
        (b'{"at":1e300,"event":{"type":"PbxLost"}}', "line 3: no time of ours"),
        (b'{"at":-1,"event":{"type":"PbxLost"}}', "line 3: no time of ours"),
    ],
)
def test_a_line_that_is_none_is_named(trace: Path, whole: bytes, line: bytes, words: str) -> None:
    lines = whole.splitlines()
    trace.write_bytes(b"\n".join([*lines[:2], line, *lines[2:], b""]))
    with pytest.raises(DecrocheError, match=words):
        replay(str(trace))


def test_two_journals_that_were_joined_are_not_told_as_one(trace: Path, whole: bytes) -> None:
    trace.write_bytes(whole + whole)
    with pytest.raises(DecrocheError, match=r"line \d+: a start that line \d+ has already"):
        replay(str(trace))


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "there is no entry in it; expected a journal"),
        (b'{"at":1,', "line 1: it is cut in half, and is all there is"),
        (b'{"snapshot":{"policy":3}}\n', "line 1: a snapshot that this version cannot read"),
        (b'{"at":1,"event":{"type":"PbxLost"}}\n', "begins in the middle, and no daemon starts"),
    ],
)
def test_a_file_in_which_nothing_can_be_replayed_is_refused(
    trace: Path, content: bytes, words: str
) -> None:
    trace.write_bytes(content)
    with pytest.raises(DecrocheError, match=words):
        replay(str(trace))


def test_what_stands_before_the_first_start_of_a_daemon_is_left_out_and_said(
    trace: Path, whole: bytes, capsys: pytest.CaptureFixture[str]
) -> None:
    trace.write_bytes(b'{"at":0,"event":{"type":"PbxLost"}}\n' + whole)
    replay(str(trace))
    said = " ".join(capsys.readouterr().out.split())
    assert "1 entries before line 2, where a daemon starts, are left out" in said


@pytest.mark.parametrize("named", ["nowhere.jsonl", "nowhere.toml", "redis://127.0.0.1:1/0"])
def test_what_cannot_be_read_is_said(named: str) -> None:
    with pytest.raises(DecrocheError, match=r"cannot be read|no such file|No such file"):
        replay(named)


def test_a_daemons_journal_is_read_from_its_store_and_written_to_a_file(
    state_dir: Path, whole: bytes, capsys: pytest.CaptureFixture[str]
) -> None:
    entries = entries_of(whole)
    asyncio.run(_write(state_dir, list(entries)))
    config = config_at(state_dir, "all-1", state_dir=str(state_dir))
    out = state_dir / "out.jsonl"

    async def with_store_on() -> None:
        store = EmbeddedStore(state_dir)
        await store.start()
        try:
            await asyncio.to_thread(journal, config=config, out=out)
            await asyncio.to_thread(replay, str(config), json=Path("-"))
        finally:
            await store.stop()

    asyncio.run(with_store_on())
    assert read(out).entries == entries
    assert json.loads(capsys.readouterr().out)["self_check"]["exact"]


async def _write(state_dir: Path, entries: list[Entry]) -> None:
    store = EmbeddedStore(state_dir)
    writer = Writer(await store.start(), take_snapshot=lambda: b"", metrics=Metrics())
    await writer.read_back()
    assert await writer.append(entries)
    await writer.close()
    await store.stop()


def test_a_journal_that_begins_with_a_state_is_read_as_it_was_written(
    tmp_path: Path, whole: bytes
) -> None:
    entries = entries_of(whole)
    first = max(i for i, e in enumerate(entries) if isinstance(e.event, CallArrived)) + 3
    engine = Engine()
    for entry in entries[:first]:
        engine.step(entry.event, entry.at)
    path = tmp_path / "rest.jsonl"
    path.write_bytes(b"".join(lines_of(entries[first:], engine.snapshot())))
    found = read(path)
    assert (found.entries, found.snapshot) == (entries[first:], engine.snapshot())
    assert found.first_line == 2
