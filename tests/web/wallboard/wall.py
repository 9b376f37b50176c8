"""The wallboard in front of a real engine, over TCP; time and calls are the test's."""

from __future__ import annotations

import asyncio
import tempfile
import time
from collections.abc import Awaitable, Callable
from contextlib import ExitStack
from pathlib import Path
from types import SimpleNamespace, TracebackType
from typing import Self, cast

from structlog.testing import capture_logs

from router.config import Settings
from router.config.secret import wallboard_secret
from router.core.commands import AnyCommand, RingListener
from router.core.engine import Engine
from router.core.events import (
    AnyEvent,
    CallArrived,
    EngineStarted,
    ListenerCameOn,
    ListenerPaused,
    PbxResynced,
    PolicyLoaded,
)
from router.observe.metrics import Metrics
from router.runtime.loop import Loop
from router.runtime.recorder import Recorder
from router.runtime.said_wait import SaidWaits
from router.runtime.storage import Storage
from router.runtime.wallboard_part import WallboardPart
from router.web.server import Readiness, WebServer
from tests.config.trees import Tree
from tests.web.held_port import HOST, held_port

Story = Callable[["Wall"], Awaitable[None]]

NAMES = ("anne", "bruno")


class Turning:
    """In the place of the daemon's loop: it turns all the time, until it is stuck."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.stuck_since: float | None = None

    @property
    def still_seconds(self) -> float:
        return 0.0 if self.stuck_since is None else time.time() - self.stuck_since


class Wall:
    """`async with Wall() as wall`; `wall.url` is where it hangs."""

    def __init__(self, tables: str = "") -> None:
        self._kept = ExitStack()
        folder = Path(self._kept.enter_context(tempfile.TemporaryDirectory(prefix="dcr-wall-")))
        self.port = self._kept.enter_context(held_port())
        self.url = f"http://{HOST}:{self.port}/"
        tree = Tree(folder)
        state = f'[store]\nstate_dir = "{folder}"\n'
        main = tree.path.read_text(encoding="utf-8")
        tree.path.write_text(f"{main}\n{state}\n{tables}", encoding="utf-8")
        self.settings: Settings = tree.load()
        self.engine = Engine()
        self.journal = SimpleNamespace(degraded=False)
        self.loop = Turning(self.engine)
        with capture_logs():
            self.recorder = Recorder(Metrics(), lambda *_: False, SaidWaits(lambda *_: None))
        self._calls = 0
        self.open()

    def open(self) -> None:
        """Make a wallboard, as a daemon does that starts."""
        token = wallboard_secret(self.settings)
        self.part = WallboardPart(
            self.settings,
            token.load() if token is not None else None,
            cast("Loop", self.loop),
            cast("Storage", SimpleNamespace(journal=self.journal)),
            self.recorder,
        )

    async def __aenter__(self) -> Self:
        self.tell(EngineStarted("boot"), PolicyLoaded(self.settings.policy()))
        self.tell(PbxResynced((), ()), *(ListenerCameOn(name) for name in NAMES))
        await self.start()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        await self.stop()
        self._kept.close()

    async def start(self) -> None:
        """Hang it where it has hung before."""
        self.web = WebServer(
            self.port,
            since_turn_seconds=lambda: 0.0,
            readiness=Readiness,
            render_metrics=lambda: b"",
            wallboard=self.part.pages,
            hosts=self.settings.web.hosts,
        )
        await self.web.start()
        self.part.start()

    async def stop(self) -> None:
        await self.part.stop()
        await self.web.stop()

    def tell(self, *happened: AnyEvent) -> list[AnyCommand]:
        """Have this happen, as the daemon's loop does it; give what was commanded."""
        said: list[AnyCommand] = []
        with capture_logs():
            for event in happened:
                commands = self.engine.step(event, time.time())
                for command in commands:
                    self.recorder.record(command, time.time())
                self.recorder.hear(event)
                said += commands
        return said

    def call(self, waited_seconds: float = 0.0, line: str = "carers") -> tuple[str, list[str]]:
        """Have somebody call, so long ago; give the call and the offers that ring for it."""
        self._calls += 1
        arrived = time.time() - waited_seconds
        name = f"1700000000.{self._calls}"
        said = self.tell(CallArrived(name, line, f"hash-{self._calls}", arrived))
        return name, [one.offer for one in said if isinstance(one, RingListener)]

    def nobody_is_free(self) -> None:
        """Have all who are on duty take a break."""
        self.tell(*(ListenerPaused(name) for name in NAMES))


def at_the_wall(story: Story, tables: str = "") -> None:
    """Play a story in front of a wallboard."""

    async def played() -> None:
        async with Wall(tables) as wall:
            await story(wall)

    asyncio.run(played())
