"""A real Prometheus, and `make demo` for it to scrape."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from tests.observe.rules import FOLDER
from tests.testbed.need import require_program
from tests.testbed.testbed import free_port
from tests.tidy.source import ROOT

DEMO_SECONDS = 300
"""After so long it ends by itself, and who still waits for something of it fails."""

DAY_SECONDS = 86_400
SCRAPE_SECONDS = 1
POINTS = 30
"""Of a chart."""

LEAVE_SECONDS = 60.0
ANSWER_SECONDS = 30.0


class Prometheus:
    """A server that scrapes and works out each second what it would each 15 s, or each minute."""

    def __init__(self, folder: Path, daemon_port: int) -> None:
        self._port = free_port()
        shutil.copytree(FOLDER, folder)
        for file in (folder / "prometheus.yml", *(folder / "rules").glob("*.yml")):
            file.write_text(_hurried(file.read_text(encoding="utf-8"), daemon_port))
        words = (
            "--config.file=prometheus.yml",
            "--storage.tsdb.path=data",
            f"--web.listen-address=127.0.0.1:{self._port}",
            "--log.level=warn",
        )
        with (folder / "log").open("wb") as log:
            self._process = subprocess.Popen(
                [require_program("prometheus"), *words], cwd=folder, stdout=log, stderr=log
            )

    def query(self, expr: str) -> list[Any]:
        """Give what an expression comes to now; nothing while the server is still starting."""
        return list(self.ask("query", query=expr).get("result", []))

    def values(self, expr: str, *, at_once: bool, of_days: bool) -> list[Any]:
        """Give the series that a panel would show: of now, of the last minutes, or day by day."""
        if at_once:
            return [one for one in self.query(expr) if one["value"][1] != "NaN"]
        step = DAY_SECONDS if of_days else SCRAPE_SECONDS
        # Grafana, too, begins and ends at whole steps.
        end = time.time() // step * step
        words = {"start": f"{end - POINTS * step:.0f}", "end": f"{end:.0f}", "step": f"{step}"}
        found = self.ask("query_range", query=expr, **words).get("result", [])
        return [one for one in found if any(value != "NaN" for _, value in one["values"])]

    def ask(self, what: str, **words: str) -> dict[str, Any]:
        """Ask the server's HTTP API; it answers nothing while it is still starting."""
        url = f"http://127.0.0.1:{self._port}/api/v1/{what}?{urllib.parse.urlencode(words)}"
        try:
            with urllib.request.urlopen(url, timeout=ANSWER_SECONDS) as page:
                return dict(json.load(page)["data"])
        except urllib.error.HTTPError as error:
            if error.code == 503:
                return {}
            raise AssertionError(f"{words}: {error.read().decode()}") from error
        except OSError:
            return {}

    def scrapes(self) -> float:
        """Tell how often it has found the daemon well."""
        found = self.query('sum(sum_over_time(up{job="decroche"}[5m]))')
        return float(found[0]["value"][1]) if found else 0.0

    def rules(self) -> list[dict[str, Any]]:
        """Tell of each rule that it has read, and of how it last fared with it."""
        groups = self.ask("rules").get("groups", [])
        return [rule for group in groups for rule in group["rules"]]

    def stop(self) -> None:
        """End it."""
        self._process.terminate()
        try:
            self._process.wait(LEAVE_SECONDS)
        finally:
            self._process.kill()


class Demo:
    """`make demo` without a terminal: it prints a line each three seconds."""

    def __init__(self, said: IO[str], port: int) -> None:
        self.port = port
        self._said = said

    def wait_for(self, holds: Callable[[], object]) -> bool:
        """Look at each of its lines whether this holds; False if it ends before."""
        return any(holds() for _ in self._said)


@contextmanager
def demo(folder: Path) -> Iterator[Demo]:
    """Run it in a folder, for so long as it is needed."""
    words = (sys.executable, "-m", "simulations.demo", "--seconds", str(DEMO_SECONDS))
    env = {**os.environ, "TMPDIR": str(folder), "COLUMNS": "200"}
    process = subprocess.Popen(words, cwd=ROOT, env=env, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    try:
        assert process.stdout.readline(), "it says its first line once the daemon routes calls"
        (log,) = folder.glob("decroche-demo-*/decroche.log")
        started = re.search(r'"web_port": (\d+)', log.read_text(encoding="utf-8"))
        assert started is not None
        yield Demo(process.stdout, int(started[1]))
    finally:
        process.terminate()
        process.communicate(timeout=LEAVE_SECONDS)


def _hurried(text: str, daemon_port: int) -> str:
    text = re.sub(r"(scrape_interval|evaluation_interval|scrape_timeout): \d+s", r"\1: 1s", text)
    text = re.sub(r"\n    interval: \d+m", "", text)
    text = re.sub(r"\bfor: \d+s", "for: 10s", text)
    return text.replace("127.0.0.1:8077", f"127.0.0.1:{daemon_port}")
