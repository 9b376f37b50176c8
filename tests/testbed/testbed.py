"""Both Asterisks as one thing that starts and stops."""

from __future__ import annotations

import itertools
import os
import random
import socket
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from types import TracebackType
from typing import Self

from simulations.demo.ports import first_free
from tests.testbed.ami import Account, Ami, connected
from tests.testbed.farm import Farm, FarmInstance, at_the_farm
from tests.testbed.pbx import Pbx

ADMIN = ("testbed", "the-tests-own-account")

PORTS = range(61_000, 65_536)
"""Linux gives those below, down to 32768, to whoever binds or connects and names none: what was
free a moment ago may be anybody's by the time that it is bound. Of these it gives none."""

WORKERS = 16
"""So many processes have ports that are theirs alone."""


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
    """Give a port of 127.0.0.1 that nobody has, and that stays free until it is bound."""
    return first_free(_ports, kind)


def _ports_of_ours() -> Iterator[int]:
    """Count for ever through the ports of this worker, from where another such process does not."""
    worker = os.environ.get("PYTEST_XDIST_WORKER", f"gw{os.getpid()}").removeprefix("gw")
    ours = PORTS[int(worker) % WORKERS :: WORKERS]
    begin = os.getpid() % len(ours)
    return itertools.cycle([*ours[begin:], *ours[:begin]])


_ports = _ports_of_ours()
