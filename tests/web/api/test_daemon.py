"""The API of the daemon itself: through its death, a new config, and a port that is taken."""

from __future__ import annotations

import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from router.web.api.clients import token_hash
from tests.testbed.testbed import free_port
from tests.web.api.installation import DEADLINE_SECONDS, Installation

pytestmark = pytest.mark.slow

NUMBER = "0639980042"
WANTED = {"number": NUMBER, "line": "carers"}


@pytest.fixture
def site() -> Iterator[Installation]:
    # A socket's path must be short, and those of pytest are not.
    folder = Path(tempfile.mkdtemp(prefix="dcr-"))
    try:
        with Installation(folder) as site:
            yield site
    finally:
        shutil.rmtree(folder)


def test_what_was_promised_outlives_the_daemon_and_its_answer_is_the_same(
    site: Installation,
) -> None:
    site.write(web="one token", app="another")
    site.start()
    first = site.ask("POST", "/v1/promises", "one token", WANTED)
    assert first.status == 201
    site.end(signal.SIGKILL)
    site.start()
    assert site.ask("POST", "/v1/promises", "one token", WANTED) == first
    path = f"/v1/promises/{first.body['id']}"
    assert site.ask("GET", path, "one token").body == first.body
    assert site.ask("DELETE", path, "another").status == 404
    assert site.ask("DELETE", path, "one token").status == 204
    assert site.ask("GET", path, "one token").body["state"] == "cancelled"
    assert NUMBER[1:] not in site.log_path.read_text()


def test_clients_come_and_go_with_the_config_and_calls_are_not_touched(
    site: Installation,
) -> None:
    site.write(web="one token")
    site.start()
    assert site.ask("GET", "/v1/promises/x", "another").status == 401
    site.write(app="another")
    site.reread()
    site.wait_until(
        lambda: site.ask("GET", "/v1/promises/x", "another").status == 404, "the new client"
    )
    assert site.ask("GET", "/v1/promises/x", "one token").status == 401


def test_another_port_takes_a_restart_and_is_said_to(site: Installation) -> None:
    site.write(web="one token")
    site.start()
    before, site.port = site.port, free_port()
    site.write(web="one token")
    site.reread()
    site.wait_until(lambda: "config_wants_a_restart" in site.log_path.read_text(), "the log line")
    assert '"api.port"' in site.log_path.read_text()
    site.port = before
    assert site.ask("GET", "/v1/promises/x", "one token").status == 404


def test_a_port_that_is_taken_is_told_before_anything_is_served(site: Installation) -> None:
    site.write(web="one token")
    with socket.create_server(("127.0.0.1", site.port)):
        daemon = site.start(wait=False)
        assert daemon.wait(DEADLINE_SECONDS) == 1
    said = site.log_path.read_text()
    assert f"api.port {site.port}: cannot listen on 127.0.0.1" in said
    assert "choose another one" in said
    assert "Traceback" not in said


def test_a_token_is_made_with_the_hash_that_the_config_wants() -> None:
    words = [sys.executable, "-m", "router", "token"]
    done = subprocess.run(words, capture_output=True, text=True, timeout=30, check=True)
    first, second = done.stdout.splitlines()
    token = first.removeprefix("token, for the client alone: ")
    assert len(token) == 43
    assert second == f'token_sha256 = "{token_hash(token)}"'
