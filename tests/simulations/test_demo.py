from __future__ import annotations

import json
import os
import pty
import re
import select
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from simulations.demo.figures import read_figures
from simulations.demo.log_tail import LogTail
from simulations.demo.stopwatch import in_ms

ROOT = Path(__file__).parents[2]
LONGEST_RUN_SECONDS = 60.0
LONGEST_LEAVE_SECONDS = 15.0
DEMO = [sys.executable, "-m", "simulations.demo"]
LOAD = [sys.executable, "-m", "simulations.demo.load"]

# The runs are shared by the tests: they are to stay on one worker.
pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("demo")]


@dataclass
class Runs:
    """What came of all runs, made at the same time: they wait more than they compute."""

    folder: Path
    demo: subprocess.CompletedProcess[str]
    load: subprocess.CompletedProcess[str]
    picture: str
    picture_code: int


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> Runs:
    folder = tmp_path_factory.mktemp("demo")
    env = {**os.environ, "TMPDIR": str(folder), "COLUMNS": "200", "LINES": "50", "TERM": "xterm"}
    plain = {"cwd": ROOT, "env": env, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    demo = subprocess.Popen([*DEMO, "--seconds", "9"], text=True, **plain)  # type: ignore[call-overload]
    words = ["--rate", "15", "--listeners", "40", "--seconds", "3"]
    load = subprocess.Popen([*LOAD, *words], text=True, **plain)  # type: ignore[call-overload]
    picture, code = _until_interrupted(env)
    return Runs(folder, _done(demo), _done(load), picture, code)


def _done(process: subprocess.Popen[str]) -> subprocess.CompletedProcess[str]:
    out, err = process.communicate(timeout=LONGEST_RUN_SECONDS)
    return subprocess.CompletedProcess(process.args, process.returncode, out, err)


def _until_interrupted(env: dict[str, str]) -> tuple[str, int]:
    """Run the demo on a terminal, press Ctrl-C once somebody talks, and give what was shown."""
    ours, its = pty.openpty()
    demo = subprocess.Popen(DEMO, cwd=ROOT, env=env, stdin=its, stdout=its, stderr=its)
    os.close(its)
    shown, pressed = b"", False
    # Each read ends with the next picture, or with the demo itself.
    while part := _read(ours):
        shown += part
        if b"talks" in shown and not pressed:
            pressed = True
            demo.send_signal(signal.SIGINT)
    os.close(ours)
    return shown.decode(errors="replace"), demo.wait(LONGEST_RUN_SECONDS)


def _read(terminal: int) -> bytes:
    try:
        return os.read(terminal, 65_536)
    except OSError:  # nobody writes to it any more
        return b""


def test_the_demo_answers_calls_loses_none_and_says_so(runs: Runs) -> None:
    assert runs.demo.returncode == 0, runs.demo.stderr
    *lines, last = runs.demo.stdout.splitlines()
    assert len(lines) >= 3
    assert all("waiting" in line and "talking" in line for line in lines)
    found = re.match(r"summary: (\d+) calls, (\d+) answered, (\d+) still on the line, 0 lost", last)
    assert found, last
    calls, answered = int(found[1]), int(found[2])
    assert 1 <= answered <= calls
    assert "0 violations" in last


def test_in_the_demo_a_listener_takes_a_break_by_phone(runs: Runs) -> None:
    assert any("1 on a break" in line for line in runs.demo.stdout.splitlines())


def test_on_a_terminal_the_demo_draws_the_floor_until_it_is_interrupted(runs: Runs) -> None:
    for words in ("Callers waiting", "Listeners", "The daemon's log", "rings", "pickup so far"):
        assert words in runs.picture
    assert "summary: " in runs.picture
    assert runs.picture_code == 0


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


def test_a_demo_that_is_killed_takes_its_daemon_and_its_store_with_it(tmp_path: Path) -> None:
    env = {**os.environ, "TMPDIR": str(tmp_path)}
    with subprocess.Popen(DEMO, cwd=ROOT, env=env, stdout=subprocess.PIPE) as demo:
        assert demo.stdout is not None
        # It says its first line once the daemon routes calls.
        assert demo.stdout.readline()
        names = {pid: name for pid, name in _processes_about(tmp_path) if pid != demo.pid}
        assert any("router" in name for name in names.values())
        assert len(names) > 1, "the daemon has a store"
        ends = [os.pidfd_open(pid) for pid in names]
        demo.kill()
    try:
        for end, name in zip(ends, names.values(), strict=True):
            assert select.select([end], [], [], LONGEST_LEAVE_SECONDS)[0], name
    finally:
        for end in ends:
            os.close(end)


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
        [*LOAD, *words], cwd=ROOT, capture_output=True, text=True, timeout=20, check=False
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
