"""A real Dask cluster on this machine, started once: about 12 s for the whole module."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import CancelledError
from pathlib import Path
from typing import Any, cast

import msgspec
import pytest
from distributed import KilledWorker, LocalCluster

from router.core.engine import Engine
from router.core.entry import decode
from router.errors import DecrocheError
from simulations.compare.command import compare
from simulations.parallel import Batch, Standing, cluster, crew, replicate, shift
from simulations.parallel.build import build
from simulations.records import RunRecord
from simulations.run import RunFailed
from simulations.scenario import load
from simulations.simulate import Wishes, run
from simulations.staff.command import staff

pytestmark = pytest.mark.slow

PATIENCE_SECONDS = 120
UNDER_WAY = re.compile(r"[1-9][\d,]* calls a second")

RUN_LONG = """
import sys
from pathlib import Path
from simulations.parallel import cluster
from simulations.simulate import Wishes, run

if __name__ == "__main__":
    cluster.CONNECT_SECONDS = 60.0
    run(Wishes("erlang_a", changes=("days=3000",), replications=2, workers=1, scheduler="local",
               json=Path(sys.argv[1])))
"""


@pytest.fixture(autouse=True)
def _patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Take nobody on a busy machine for one who is not there; a test of that is less patient."""
    monkeypatch.setattr(cluster, "CONNECT_SECONDS", 60.0)
    monkeypatch.setattr(cluster, "WORKERS_SECONDS", 60.0)
    monkeypatch.setattr(shift, "WORKERS_SECONDS", 60.0)


@pytest.fixture(scope="module")
def machines() -> Iterator[LocalCluster]:
    with LocalCluster(  # type: ignore[no-untyped-call]
        n_workers=2, threads_per_worker=1, host="127.0.0.1", dashboard_address="127.0.0.1:0"
    ) as started:
        yield started


@pytest.fixture(scope="module")
def address(machines: LocalCluster) -> str:
    return str(machines.scheduler_address)


def figures_of(path: Path, **how: object) -> bytes:
    """Give what `simulate --json` writes, but for the speed."""
    wishes = Wishes("restart_storm", replications=3, changes=("days=0.5",), json=path)
    run(msgspec.structs.replace(wishes, **how))
    lines = path.read_bytes().splitlines()
    return b"\n".join(line for line in lines if b'"calls_per_second"' not in line)


def same(record: RunRecord) -> bytes:
    return msgspec.json.encode(msgspec.structs.replace(record, wall_seconds=0.0), enc_hook=list)


def test_a_cluster_writes_the_same_bytes_as_one_process_and_as_two(
    address: str, tmp_path: Path
) -> None:
    path = tmp_path / "figures.json"
    alone, two = figures_of(path, workers=1), figures_of(path, workers=2)
    assert b'"offered"' in alone
    assert alone == two == figures_of(path, scheduler=address)


def test_comparing_and_staffing_on_a_cluster_come_to_the_same(address: str, tmp_path: Path) -> None:
    page = tmp_path / "found.json"
    over = tmp_path / "over.toml"
    over.write_text("[listeners.night]\ncount = 3\n", encoding="utf-8")
    found: list[bytes] = []
    for hands in ({"workers": 1}, {"scheduler": address}):
        how: dict[str, Any] = {"replications": 2, "changes": ("days=1",), "json": page, **hands}
        compare("-", str(over), "small_hours", **how)
        found.append(page.read_bytes())
        staff("small_hours", target="99% within 20s", **how)
        found.append(page.read_bytes())
    assert found[:2] == found[2:]


def test_a_trace_is_written_on_this_machine(address: str, tmp_path: Path) -> None:
    trace = tmp_path / "first.jsonl"
    batch = Batch("small_hours", load("small_hours", ["days=1"]), [1, 2], trace)
    with crew(scheduler=address) as hands:
        records = replicate(batch, hands)
    engine = Engine()
    for entry in map(decode, trace.read_bytes().splitlines()):
        engine.step(entry.event, entry.at)
    assert len(records) == 2
    assert not engine.state.calls


def test_a_worker_that_dies_changes_nothing(
    machines: LocalCluster, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shift, "LOOK_SECONDS", 0.05)
    batch = Batch("erlang_a", load("erlang_a", ["days=0.2"]), range(1, 4))
    told: list[Standing] = []
    killed: list[int] = []

    def kill_once(standing: Standing) -> None:
        told.append(standing)
        if standing.calls and not killed:
            killed.append(machines.workers[0].pid)
            os.kill(killed[0], signal.SIGKILL)

    with crew(scheduler=address) as hands:
        survived = replicate(batch, hands, kill_once)
    with crew(workers=2) as hands:
        undisturbed = replicate(batch, hands)
    assert killed
    assert told[-1].simulated_seconds > 0
    assert [same(one) for one in survived] == [same(one) for one in undisturbed]


def break_rule(record: RunRecord) -> None:
    """Stand for an engine that breaks an invariant with the seeds 6 and 7."""
    if record.seed > 5:
        raise RunFailed(record.seed, "two at once")


def test_a_broken_invariant_comes_home_with_its_first_seed(address: str) -> None:
    batch = Batch("small_hours", load("small_hours", ["days=0.2"]), range(5, 8))
    with crew(scheduler=address) as hands, pytest.raises(RunFailed) as caught:
        hands.run(batch.jobs(), break_rule)
    assert (caught.value.seed, caught.value.words) == (6, "two at once")


def test_workers_with_other_code_are_refused(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cluster, "build", other_build)
    monkeypatch.setattr(cluster, "_of_scheduler", lambda _: other_build())
    words = f"worker tcp://.*: its code is [0-9]+, and here {os.getpid()}"
    with pytest.raises(DecrocheError, match=words):
        run(Wishes("small_hours", scheduler=address))


def test_a_scheduler_with_other_code_is_refused(
    address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cluster, "_of_scheduler", lambda _: build() | {"decroche": "0.0.1"})
    with pytest.raises(DecrocheError, match=r"the scheduler: decroche is 0\.0\.1, and here"):
        run(Wishes("small_hours", scheduler=address))


def other_build() -> dict[str, str]:
    """Stand for code that is another one in each process."""
    return build() | {"its code": str(os.getpid())}


def test_those_without_decroche_are_refused() -> None:
    with pytest.raises(DecrocheError, match=r"cannot run decroche .*No module named 'simulations'"):
        cluster.compare("tcp://127.0.0.1:1", ModuleNotFoundError("No module named 'simulations'"))


@pytest.mark.parametrize(
    ("failure", "words"),
    [
        (CancelledError(), "the scheduler was lost while it worked"),
        (OSError("closed"), "the scheduler was lost while it worked"),
        (shift.WorkersGone(), "all workers are gone"),
        (KilledWorker("one", cast("Any", None), 3), "a run killed each worker that tried it"),
    ],
)
def test_what_ends_a_cluster_in_mid_run_is_said_without_a_traceback(
    failure: Exception, words: str, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise failure

    monkeypatch.setattr(shift.Shift, "run", fail)
    with pytest.raises(DecrocheError, match=f"--scheduler {re.escape(address)}: {words}"):
        run(Wishes("small_hours", scheduler=address))


def test_the_workers_of_a_scheduler_are_its_own(address: str) -> None:
    with pytest.raises(DecrocheError, match=r"--workers: the scheduler .* has its own workers"):
        run(Wishes("small_hours", scheduler=address, workers=3))


def test_a_scheduler_that_is_not_there_is_said_within_seconds(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(cluster, "CONNECT_SECONDS", 0.5)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        address = f"tcp://127.0.0.1:{silent.getsockname()[1]}"
        with pytest.raises(
            DecrocheError, match=f"--scheduler {re.escape(address)}: cannot be reached"
        ):
            run(Wishes("small_hours", scheduler=address))


def test_a_scheduler_without_workers_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cluster, "WORKERS_SECONDS", 0.2)
    with LocalCluster(  # type: ignore[no-untyped-call]
        n_workers=0, host="127.0.0.1", dashboard_address="127.0.0.1:0"
    ) as empty:
        address = re.escape(empty.scheduler_address)
        words = f"--scheduler {address}: no worker is there after 0.2 s; start some: dask worker"
        with pytest.raises(DecrocheError, match=words):
            run(Wishes("small_hours", scheduler=empty.scheduler_address))


@pytest.mark.parametrize("address", ["nonsense", "foo://127.0.0.1:1", "tcp://127.0.0.1"])
def test_what_is_no_address_is_refused(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cluster, "CONNECT_SECONDS", 0.5)
    with pytest.raises(DecrocheError, match="expected 'local', or an address like tcp://host:8786"):
        run(Wishes("small_hours", scheduler=address))


def test_without_dask_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "simulations.parallel.cluster")
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(DecrocheError, match=r"pip install 'decroche\[dask\]'"):
        run(Wishes("small_hours", scheduler="local"))


def test_sigint_ends_a_local_cluster_with_what_was_done_so_far(tmp_path: Path) -> None:
    page = tmp_path / "figures.json"
    process = subprocess.Popen(
        [sys.executable, "-c", RUN_LONG, str(page)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
        env={**os.environ, "FORCE_COLOR": "1", "COLUMNS": "120"},
    )
    assert process.stderr is not None
    while not UNDER_WAY.search(process.stderr.readline(4_096)):
        assert process.poll() is None
    os.killpg(process.pid, signal.SIGINT)
    _, errors = process.communicate(timeout=PATIENCE_SECONDS)
    assert process.returncode == 0, errors
    assert json.loads(page.read_text())["total"]["offered"] > 0
    assert "Ended early" in errors
