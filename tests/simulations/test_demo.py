from __future__ import annotations

import asyncio
import json
import os
import pty
import re
import select
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from time import monotonic

import pytest

from simulations.demo.beside import beside
from simulations.demo.broker import lacking
from simulations.demo.figures import read_figures
from simulations.demo.log_tail import LogTail
from simulations.demo.stopwatch import in_ms

ROOT = Path(__file__).parents[2]
LONGEST_RUN_SECONDS = 180.0
LONGEST_LEAVE_SECONDS = 60.0
DEMO = [sys.executable, "-m", "simulations.demo"]
LOAD = [sys.executable, "-m", "simulations.demo.load"]
DRAWN = (
    "Callers waiting",
    "Listeners",
    "The daemon's log",
    "rings",
    "talks",
    "pickup so far",
    "wallboard",
)
BREAK = "1 on a break"

pytestmark = pytest.mark.slow


@dataclass
class Runs:
    """What came of all runs, made at the same time: they wait more than they compute."""

    folder: Path
    demo: subprocess.CompletedProcess[str]
    picture: subprocess.CompletedProcess[str]
    timed: subprocess.CompletedProcess[str]
    load: subprocess.CompletedProcess[str]


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> Runs:
    folder = tmp_path_factory.mktemp("demo")
    env = {**os.environ, "TMPDIR": str(folder), "COLUMNS": "200", "LINES": "50", "TERM": "xterm"}
    nothing = tmp_path_factory.mktemp("nothing-installed")
    words = ["--rate", "15", "--listeners", "40", "--seconds", "3"]
    timed, load, demo = (
        subprocess.Popen(command, cwd=ROOT, env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        for command in ([*DEMO, "--seconds", "1"], [*LOAD, *words], DEMO)
    )
    drawn = _on_a_terminal({**env, "PATH": str(nothing)})
    assert demo.stdout is not None
    told = _until_interrupted(demo, demo.stdout.fileno(), _tells_enough)
    return Runs(folder, told, drawn, _done(timed), _done(load))


def _done(process: subprocess.Popen[bytes], said: bytes = b"") -> subprocess.CompletedProcess[str]:
    out, err = process.communicate(timeout=LONGEST_RUN_SECONDS)
    words = [(part or b"").decode(errors="replace") for part in (said + (out or b""), err)]
    return subprocess.CompletedProcess(process.args, process.returncode, *words)


def _on_a_terminal(env: dict[str, str]) -> subprocess.CompletedProcess[str]:
    ours, its = pty.openpty()
    demo = subprocess.Popen(DEMO, cwd=ROOT, env=env, stdin=its, stdout=its, stderr=its)
    os.close(its)
    drawn = _until_interrupted(demo, ours, lambda shown: all(words in shown for words in DRAWN))
    os.close(ours)
    return drawn


def _tells_enough(told: str) -> bool:
    """Say whether there are some lines by now, and an answer and a break in them."""
    some = told.count(" talking,") >= 3
    return some and BREAK in told and re.search(r" [1-9]\d* answered", told) is not None


def _until_interrupted(
    demo: subprocess.Popen[bytes], shows_at: int, has_shown: Callable[[str], bool]
) -> subprocess.CompletedProcess[str]:
    """Press Ctrl-C once a demo has shown this, or does not in all that time."""
    shown, is_pressed, give_up_at = b"", False, monotonic() + LONGEST_RUN_SECONDS
    # Each read ends with the next picture or line, or with the demo itself.
    while part := _read(shows_at):
        shown += part
        is_enough = monotonic() > give_up_at or has_shown(shown.decode(errors="replace"))
        if is_enough and not is_pressed:
            is_pressed = True
            demo.send_signal(signal.SIGINT)
    return _done(demo, shown)


def _read(terminal: int) -> bytes:
    try:
        return os.read(terminal, 65_536)
    except OSError:  # nobody writes to it any more
        return b""


def _said(demo: subprocess.CompletedProcess[str]) -> list[str]:
    """Give its lines, but for the one that says what is not installed here."""
    return [line for line in demo.stdout.splitlines() if not lacking() or line != lacking()]


def test_the_demo_answers_calls_loses_none_and_says_so(runs: Runs) -> None:
    assert runs.demo.returncode == 0, runs.demo.stderr
    where, *lines, last = _said(runs.demo)
    assert re.fullmatch(r"The wallboard: http://127\.0\.0\.1:\d+/", where)
    assert len(lines) >= 3
    assert all("waiting" in line and "talking" in line for line in lines)
    found = re.match(r"summary: (\d+) calls, (\d+) answered, (\d+) still on the line, 0 lost", last)
    assert found, last
    calls, answered = int(found[1]), int(found[2])
    assert 1 <= answered <= calls
    assert "0 violations" in last


def test_in_the_demo_a_listener_takes_a_break_by_phone(runs: Runs) -> None:
    assert any(BREAK in line for line in _said(runs.demo))


def test_a_demo_of_so_many_seconds_ends_by_itself(runs: Runs) -> None:
    assert runs.timed.returncode == 0, runs.timed.stderr
    assert _said(runs.timed)[-1].startswith("summary: ")


def test_on_a_terminal_the_demo_draws_the_floor_until_it_is_interrupted(runs: Runs) -> None:
    for words in DRAWN:
        assert words in runs.picture.stdout
    assert "summary: " in runs.picture.stdout
    assert runs.picture.returncode == 0


def test_where_no_broker_is_installed_the_demo_says_how_to_get_it_and_runs(runs: Runs) -> None:
    assert "apt install mosquitto" in runs.picture.stdout
    assert re.search(r"summary: .* 0 lost", runs.picture.stdout)


def test_the_load_test_measures_every_call_and_loses_none(runs: Runs) -> None:
    assert runs.load.returncode == 0, runs.load.stderr
    figures = json.loads(runs.load.stdout)
    assert figures["calls"] > 20
    assert figures["answered"] == figures["answered_by_daemon_count"] == figures["calls"]
    assert figures["lost"] == figures["invariant_violations"] == 0
    measured = figures["event_in_to_action_out"]
    assert measured["arrived_to_originate"]["count"] == figures["calls"]
    assert measured["held_to_bridge"]["count"] >= figures["calls"]
    assert 0 < measured["all"]["p50_ms"] <= measured["all"]["p99_ms"]
    assert figures["daemon_cpu_share"] > 0


def test_a_demo_that_is_killed_takes_its_daemon_store_and_broker_with_it(tmp_path: Path) -> None:
    env = {**os.environ, "TMPDIR": str(tmp_path)}
    with subprocess.Popen(DEMO, cwd=ROOT, env=env, stdout=subprocess.PIPE) as demo:
        try:
            assert demo.stdout is not None
            # It says its first line once the daemon routes calls.
            assert demo.stdout.readline()
            names = {pid: name for pid, name in _processes_about(tmp_path) if pid != demo.pid}
            assert any("router" in name for name in names.values())
            assert len(names) > 1, "the daemon has a store"
            assert any("mosquitto" in name for name in names.values()) == (not lacking())
            ends = dict(_ends_of(names))
        finally:
            demo.kill()
    try:
        for end, name in ends.items():
            assert select.select([end], [], [], LONGEST_LEAVE_SECONDS)[0], name
    finally:
        for end in ends:
            os.close(end)


def _ends_of(names: dict[int, str]) -> Iterator[tuple[int, str]]:
    """Give what can be read once such a process has ended, of each that has not."""
    for pid, name in names.items():
        with suppress(ProcessLookupError):
            yield os.pidfd_open(pid), name


def _processes_about(folder: Path) -> Iterator[tuple[int, str]]:
    """Give the processes that work in this folder, or whose command line names it."""
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            words = (entry / "cmdline").read_bytes().decode(errors="replace")
            place = str((entry / "cwd").readlink())
        except OSError:  # it has just ended
            continue
        if str(folder) in words + place:
            yield int(entry.name), words.replace("\0", " ")


def test_nothing_is_left_behind(runs: Runs) -> None:
    assert list(runs.folder.iterdir()) == []


@pytest.mark.parametrize("words", [["--rate", "0"], ["--listeners", "-3"], ["--seconds", "x"]])
def test_a_load_that_cannot_be_is_refused_before_anything_starts(words: list[str]) -> None:
    done = subprocess.run(
        [*LOAD, *words],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=LONGEST_RUN_SECONDS,
        check=False,
    )
    assert done.returncode != 0
    assert words[0] in done.stdout + done.stderr


def test_make_passes_its_figures_on() -> None:
    for target, words in {
        "demo": ["SECONDS=20"],
        "load": ["RATE=7", "LISTENERS=9", "SECONDS=5"],
    }.items():
        done = subprocess.run(
            ["make", "-n", target, *words], cwd=ROOT, capture_output=True, text=True, check=True
        )
        said = " ".join(done.stdout.replace("\\\n", " ").split())
        for word in words:
            name, _, value = word.partition("=")
            assert f"--{name.lower()} {value}" in said


def test_whatever_of_a_demo_fails_ends_it_and_is_told_of() -> None:
    async def breaks_a_contract() -> None:
        raise ValueError("422")

    async def scene() -> None:
        stop = asyncio.Event()
        async with asyncio.timeout(LONGEST_LEAVE_SECONDS), beside(stop, breaks_a_contract()):
            await stop.wait()

    with pytest.raises(ValueError, match="422"):
        asyncio.run(scene())


def test_pickup_counts_neither_those_who_left_at_once_nor_those_refused() -> None:
    ended = {"answered": 6, "fallback_answered": 1, "lost": 1, "left_early": 5, "refused": 2}
    text = "# TYPE decroche_calls_total counter\n" + "".join(
        f'decroche_calls_total{{line="health",outcome="{name}"}} {count}\n'
        for name, count in ended.items()
    )
    assert read_figures(text).pickup == 7 / 8
    assert read_figures("").pickup is None


def test_the_tail_of_a_log_takes_whole_lines_only(tmp_path: Path) -> None:
    log = tmp_path / "log"
    log.write_text('{"message": "one", "line": "health"}\nnot json\n{"message": "tw')
    tail = LogTail(log, 3)
    assert [(line.message, line.about) for line in tail.lines()] == [("one", "line=health")]
    with log.open("a") as more:
        more.write('o"}\n')
    assert [line.message for line in tail.lines()] == ["one", "two"]


def test_percentiles_of_one_sample_are_that_sample() -> None:
    assert in_ms([0.002]) == {"count": 1, "p50_ms": 2.0, "p99_ms": 2.0, "max_ms": 2.0}
    assert in_ms([]) == {"count": 0}
