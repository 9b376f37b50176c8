"""The daemon as a process of its own, with an API and without any Asterisk."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple, Self, cast

from router.store.embedded import EmbeddedStore
from router.web.api.clients import token_hash
from tests.config.any_hour import any_hour
from tests.config.trees import Tree
from tests.testbed.testbed import free_port

DEADLINE_SECONDS = 30.0
LOOK_AGAIN_SECONDS = 0.05
SECRET = "a secret of at least 32 bytes, for tests"


class Said(NamedTuple):
    """What was answered."""

    status: int
    text: str

    @property
    def body(self) -> dict[str, Any]:
        return cast("dict[str, Any]", json.loads(self.text))


class Installation:
    """`with Installation(folder) as site`; it is not started yet."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._process: subprocess.Popen[bytes] | None = None
        self.port, self.web_port = free_port(), free_port()
        self.log_path = folder / "log"
        self.tree = Tree(folder)
        self._main = self.tree.path.read_text(encoding="utf-8")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.end(signal.SIGTERM)
        if (self._folder / "state").exists():
            asyncio.run(_end_store(self._folder / "state"))

    def write(self, **tokens: str) -> None:
        """Write a config with these clients."""
        clients = "".join(
            f'[api.clients.{name}]\ntoken_sha256 = "{token_hash(token)}"\n'
            for name, token in tokens.items()
        )
        tables = f"""
[store]
state_dir = "{self._folder}/state"
[web]
port = {self.web_port}
[asterisk]
port = {free_port()}
callers_endpoint = "PJSIP/{{number}}@trunk"
[log]
format = "json"
[lines.carers.call_back]
hours = "{any_hour()}"
[api]
port = {self.port}
"""
        self.tree.path.write_text(f"{self._main}\n{tables}\n{clients}", encoding="utf-8")

    def start(self, *, wait: bool = True) -> subprocess.Popen[bytes]:
        """Start the daemon, and wait until its API answers."""
        secrets = ("AMI", "CALLER", "DIALPLAN", "VAULT")
        with self.log_path.open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "router", "run", "--config", str(self.tree.path)],
                stdout=log,
                stderr=log,
                env={**os.environ, **{f"DECROCHE_{name}_SECRET": SECRET for name in secrets}},
            )
        if wait:
            self.wait_until(self.answers, "the API to answer")
        return self._process

    def end(self, how: signal.Signals) -> None:
        """End the daemon."""
        if self._process is not None:
            self._process.send_signal(how)
            self._process.wait(DEADLINE_SECONDS)
            self._process = None

    def reread(self) -> None:
        assert self._process is not None
        self._process.send_signal(signal.SIGHUP)

    def answers(self) -> bool:
        try:
            return self.ask("GET", "/v1/openapi.json", "").status == 200
        except OSError:
            return False

    def ask(self, method: str, path: str, token: str, body: object = None, key: str = "1") -> Said:
        """Ask something of the API."""
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.port}{path}",
            method=method,
            data=json.dumps(body).encode() if body is not None else None,
            headers={
                "Authorization": f"Bearer {token}",
                "Idempotency-Key": key,
                "Content-Type": "application/json",
            },
        )
        try:
            with urllib.request.urlopen(request, timeout=DEADLINE_SECONDS) as answer:  # noqa: S310 - ours
                return Said(answer.status, answer.read().decode())
        except urllib.error.HTTPError as error:
            return Said(error.code, error.read().decode())

    def wait_until(self, holds: Callable[[], bool], what: str) -> None:
        """Wait for a condition of another process."""
        give_up_at = time.monotonic() + DEADLINE_SECONDS
        again = threading.Event()
        while not holds():
            assert time.monotonic() < give_up_at, f"waited for {what}: {self.log_path.read_text()}"
            again.wait(LOOK_AGAIN_SECONDS)


async def _end_store(state_dir: Path) -> None:
    """End the server that a killed daemon has left."""
    store = EmbeddedStore(state_dir)
    await store.start()
    await store.stop()
