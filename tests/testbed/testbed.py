"""Both Asterisks as one thing that starts and stops."""

from __future__ import annotations

import random
import socket
import tempfile
from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from types import TracebackType
from typing import Self

from tests.testbed.ami import Account, Ami, connected
from tests.testbed.farm import Farm, FarmInstance, at_the_farm
from tests.testbed.pbx import Pbx

ADMIN = ("testbed", "the-tests-own-account")


class Testbed:
    """Two Asterisks on free ports of 127.0.0.1. Several testbeds can stand side by side."""

    __test__ = False  # pytest is not to take it for a test class

    def __init__(self, fallback: Sequence[str] = ()) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="decroche-testbed-"))
        sip, farm_sip = free_port(socket.SOCK_DGRAM), free_port(socket.SOCK_DGRAM)
        rtp_start = random.randrange(10_000, 30_000, 2_000)  # noqa: S311 - spreads, hides nothing
        self.pbx = Pbx(self.folder / "pbx", Account(free_port(), *ADMIN), sip)
        self.pbx.furnish(farm_sip, rtp_start, fallback)
        self.farm_instance = FarmInstance(
            self.folder / "farm", Account(free_port(), *ADMIN), farm_sip
        )
        self.farm_instance.furnish(sip, rtp_start + 1_000)

    def start(self, *, outlives: bool = False) -> Self:
        """Start both, and wait until both are ready; they die with us unless they `outlive` us.

        Raises
        ------
        BrokenTestbedError
            if one does not start.

        """
        for instance in (self.pbx, self.farm_instance):
            instance.begin(outlives=outlives)
        for instance in (self.pbx, self.farm_instance):
            instance.wait_ready()
        return self

    def stop(self) -> None:
        """Stop both, and take their folders away."""
        for instance in (self.pbx, self.farm_instance):
            instance.remove()
        self.folder.rmdir()

    def farm(self) -> AbstractAsyncContextManager[Farm]:
        """Give the farm's remote control: `async with bed.farm() as farm`."""
        return at_the_farm(self.farm_instance.admin)

    def watch(self) -> AbstractAsyncContextManager[Ami]:
        """Log in to our Asterisk as the tests' all-powerful account."""
        return connected(self.pbx.admin)

    def manager(self) -> AbstractAsyncContextManager[Ami]:
        """Log in to our Asterisk with the daemon's account and its rights."""
        return connected(self.pbx.manager)

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.stop()


def free_port(kind: socket.SocketKind = socket.SOCK_STREAM) -> int:
    """Give a port of 127.0.0.1 that nobody listens on."""
    with socket.socket(socket.AF_INET, kind) as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
