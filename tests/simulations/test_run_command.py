from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pytest
from msgspec.structs import replace

from router.core.engine import Engine
from router.core.entry import decode
from router.core.events import CallArrived
from router.errors import DecrocheError
from simulations.simulate import Wishes, run

pytestmark = pytest.mark.slow

COMMAND = [sys.executable, "-m", "router", "simulate"]
PATIENCE_SECONDS = 120
UNDER_WAY = re.compile(r"[1-9][\d,]* calls a second")
BEGUN_TICKS = 30
"""Of the processor's time, a hundred a second: a worker has none before its run."""


def simulate(*words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*COMMAND, *words], capture_output=True, text=True, check=False, timeout=PATIENCE_SECONDS
    )


def test_the_figures_alone_go_to_standard_output() -> None:
    done = simulate("small_hours", "--seed", "4", "--set", "days=3", "--json", "-")
    found = json.loads(done.stdout)
    assert (done.returncode, found["seed"], found["scenario"]) == (0, 4, "small_hours")
    assert found["total"]["offered"] > 0


@pytest.mark.parametrize("seed", ["-1", "99999999999999999999"])
def test_a_seed_that_no_scenario_may_have_is_refused(seed: str) -> None:
    done = simulate("small_hours", "--set", "days=0.1", f"--seed={seed}", "--json", "-")
    assert done.returncode != 0
    assert "seed" in done.stdout + done.stderr
    assert '"offered"' not in done.stdout


def test_a_table_figures_a_page_and_a_trace_can_be_had_at_once(tmp_path: Path) -> None:
    figures, page, trace = (tmp_path / name for name in ("f.json", "p.html", "t.jsonl"))
    done = simulate(
        "small_hours", "--set", "days=2", "--json", str(figures), "--html", str(page),
        "--trace", str(trace), "--replications", "2",
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "total" in done.stdout
    assert json.loads(figures.read_text())["replications"] == 2
    assert "<html" in page.read_text(encoding="utf-8")
    engine = Engine()
    for entry in map(decode, trace.read_bytes().splitlines()):
        engine.step(entry.event, entry.at)
    assert not engine.state.calls


@pytest.mark.parametrize("file", ["json", "html", "trace"])
def test_a_file_that_cannot_be_written_is_named(file: str, tmp_path: Path) -> None:
    path = tmp_path / "nowhere" / "x"
    with pytest.raises(DecrocheError, match=f"{path}: .*cannot be written: No such file"):
        run(replace(Wishes("small_hours", changes=("days=1",)), **{file: path}))


@pytest.mark.parametrize("figures", [["--json", "-"], []])
def test_a_reader_who_has_left_is_no_mistake(figures: list[str], tmp_path: Path) -> None:
    read_end, write_end = os.pipe()
    os.close(read_end)
    page = tmp_path / "page.html"
    done = subprocess.run(
        [*COMMAND, "small_hours", "--set", "days=1", "--html", str(page), *figures],
        stdout=write_end,
        stderr=subprocess.PIPE,
        text=True,
        check=False,
        timeout=PATIENCE_SECONDS,
    )
    os.close(write_end)
    assert done.returncode == 0
    assert "Error" not in done.stderr
    assert "Traceback" not in done.stderr
    assert page.exists()


@pytest.mark.parametrize("figures", [["--json", "-"], []])
def test_standard_output_on_a_full_disk_is_said_in_a_line(figures: list[str]) -> None:
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [*COMMAND, "small_hours", "--set", "days=1", *figures],
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
            timeout=PATIENCE_SECONDS,
        )
    assert done.returncode == 1
    assert done.stderr.split("\n")[-2:] == [
        "standard output: cannot be written: No space left on device",
        "",
    ]


def test_a_mistake_is_said_without_a_traceback_and_nothing_runs() -> None:
    done = simulate("small_hours", "--set", "listeners.night.skils=3", "--json", "-")
    assert done.returncode == 1
    assert "listeners.night.skils: unknown key; was 'skills' meant?" in done.stderr
    assert "Traceback" not in done.stderr
    assert done.stdout == ""


@pytest.mark.parametrize("option", ["--json", "--html"])
@pytest.mark.parametrize("where", ["nowhere/found", "."])
def test_results_that_cannot_be_written_are_refused_before_anything_runs(
    option: str, where: str, tmp_path: Path
) -> None:
    days = ["--set", "days=30000"]
    done = simulate("erlang_a", *days, option, str(tmp_path / where))
    assert done.returncode == 1
    assert "cannot be written" in done.stderr
    assert "Traceback" not in done.stderr


def ticks_of_workers(process: subprocess.Popen[str]) -> list[int]:
    """Give for how long each child of a process has computed, by proc(5)."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):  # it has just ended
            _state, parent, *rest = stat.read_text().rpartition(")")[2].split()
            found += [int(rest[9])] if int(parent) == process.pid else []
    return found


def have_begun(process: subprocess.Popen[str], workers: int) -> bool:
    """Say whether every worker is amid its run: the bar tells of all of them together."""
    ticks = ticks_of_workers(process)
    return len(ticks) == workers and all(one >= BEGUN_TICKS for one in ticks)


@pytest.mark.parametrize(("replications", "workers"), [("1", 0), ("2", 2)])
def test_sigint_ends_with_what_was_done_so_far(
    replications: str, workers: int, tmp_path: Path
) -> None:
    page = tmp_path / "figures.json"
    asked = ["--set", "days=3000", "--replications", replications, "--workers", replications]
    process = subprocess.Popen(
        [*COMMAND, "erlang_a", *asked, "--json", str(page)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
        env={**os.environ, "FORCE_COLOR": "1", "COLUMNS": "120"},
    )
    assert process.stderr is not None
    try:
        while not UNDER_WAY.search(process.stderr.readline(4_096)):
            assert process.poll() is None
        while not have_begun(process, workers):
            assert process.stderr.readline(4_096)
        os.killpg(process.pid, signal.SIGINT)
        _, errors = process.communicate(timeout=PATIENCE_SECONDS)
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
    assert process.returncode == 0, errors
    found = json.loads(page.read_text())
    assert found["total"]["offered"] > 0
    assert found["ended_early"] == int(replications)
    assert "Ended early" in errors


@pytest.mark.parametrize("replications", [1, 3])
def test_a_broken_invariant_is_said_with_its_seed_and_the_events_that_led_to_it(
    replications: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(
        Engine, "violations", lambda it: ["two at once"] if len(it.state.calls) > 1 else []
    )
    trace = tmp_path / "small_hours-5.trace.jsonl"
    wishes = Wishes("small_hours", seed=5, replications=replications)
    with pytest.raises(DecrocheError, match=r"broken with seed 5: two at once\n.*small_hours-5"):
        run(wishes)
    events = [decode(line).event for line in trace.read_bytes().splitlines()]
    assert isinstance(events[-1], CallArrived)
    assert len(events) < 2_000


def test_a_trace_that_cannot_be_written_does_not_hide_what_was_broken(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "small_hours-5.trace.jsonl").mkdir()
    monkeypatch.setattr(Engine, "violations", lambda _: ["two at once"])
    with pytest.raises(DecrocheError, match=r"broken with seed 5: two at once\n.*Is a directory"):
        run(Wishes("small_hours", seed=5))


def test_the_daemons_command_starts_without_the_simulator() -> None:
    done = subprocess.run(
        [sys.executable, "-c", "import sys, router.cli; print('simulations' in sys.modules)"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip() == "False"
