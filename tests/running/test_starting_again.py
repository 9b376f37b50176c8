"""A daemon that starts again is linked to Asterisk once it is, whatever its journal says of it."""

from __future__ import annotations

import asyncio
import signal
import tomllib
import urllib.request
from pathlib import Path

import pytest

from simulations.pbx.server import EmulatedPbx
from tests.running import sabotage
from tests.running.manager import DEADLINE_SECONDS, Manager
from tests.running.test_as_systemd import SECRETS, sabotaged, site, write_config

pytestmark = pytest.mark.slow


def is_ready(config: Path) -> bool:
    """Ask what sends callers to the daemon, or elsewhere."""
    port = tomllib.loads(config.read_text())["web"]["port"]
    where = f"http://127.0.0.1:{port}/readyz"
    try:
        with urllib.request.urlopen(where, timeout=DEADLINE_SECONDS):
            return True
    except OSError:
        return False


def test_it_is_not_ready_by_the_link_of_the_one_before(tmp_path: Path) -> None:
    async def scene() -> None:
        again = tmp_path / "again"
        again.mkdir()
        async with EmulatedPbx(site()) as pbx:
            config = write_config(tmp_path, pbx.port)
            async with Manager(tmp_path, config, SECRETS) as manager:
                await manager.until_told("READY=1")
                assert is_ready(config)
                await manager.end(signal.SIGKILL)
            async with Manager(again, config, SECRETS, sabotaged("waits")) as manager:
                await manager.until_logged(sabotage.WAITING)
                was_ready = is_ready(config)
                manager.send(signal.SIGUSR1)
                await manager.until_told("READY=1")
                assert is_ready(config)
                assert not was_ready

    asyncio.run(scene())
