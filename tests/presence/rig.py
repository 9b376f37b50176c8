"""The daemon's part for listeners' apps with a real engine behind it, and nobody at Asterisk."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

import pytest

from router.ami.act import Actor, Phones
from router.ami.mirror import Mirror
from router.ami.pending import Fields
from router.config import Settings, load
from router.core.commands import AnyCommand, RingListener
from router.core.engine import Engine
from router.core.events import AnyEvent, CallArrived, EngineStarted, PbxResynced, PolicyLoaded
from router.core.listener import Duty
from router.core.machine import EventRefused
from router.observe.metrics import Metrics
from router.presence.queue import BoundedQueue
from router.runtime import presence_part
from router.runtime.presence_part import PresencePart
from router.runtime.wake import WakeBook, Waker
from tests.config.trees import PIN_HASH
from tests.presence.broker import HOST, PATIENCE_SECONDS, ROUTER, Broker, password_of
from tests.tasks import end

LOOK_AGAIN_SECONDS = 0.02

MAIN = """\
listeners_file = "listeners.toml"
directory_file = "directory.toml"
[pools]
house = "On the platform"
[lines.carers]
number = "0199000001"
skills = {{ health = 1 }}
[lines.carers.call_back]
[[lines.carers.senior_ladder]]
after_seconds = 0
skills = {{ health = 1 }}
[asterisk]
callers_endpoint = "PJSIP/{{number}}@trunk"
[mqtt]
host = "{host}"
port = {port}
ca_file = "{ca_file}"
"""

LISTENER = """\
[listeners.{name}]
name = "Somebody"
endpoint = "PJSIP/{name}"
login = "{login}"
pin_hash = "{pin_hash}"
skills = {{ health = 1 }}
pool = "house"
shifts = "always"
"""

DIRECTORY = """\
[kinds]
psychologist = "Psychologue"
[entries.lyon]
kind = "psychologist"
name = "Cabinet des Quais"
phone = "01 99 00 12 34"
number = "12"
department = "69"
"""


def write_config(folder: Path, broker: Broker, listeners: Sequence[str]) -> Path:
    """Write a configuration with these listeners."""
    text = MAIN.format(host=HOST, port=broker.port, ca_file=broker.ca_file)
    (folder / "decroche.toml").write_text(text, encoding="utf-8")
    (folder / "listeners.toml").write_text(
        "".join(
            LISTENER.format(name=name, login=10_000 + place, pin_hash=PIN_HASH)
            for place, name in enumerate(listeners)
        ),
        encoding="utf-8",
    )
    (folder / "directory.toml").write_text(DIRECTORY, encoding="utf-8")
    return folder / "decroche.toml"


class QuietActor(Actor):
    """Notes what Asterisk would be told."""

    def __init__(self, tell: Callable[[AnyEvent], None]) -> None:
        super().__init__(Mirror(), Phones({}, {}), tell)
        self.sent: list[tuple[str, Fields]] = []

    def send(
        self, action: str, fields: Fields, if_refused: Callable[[], AnyEvent] | None = None
    ) -> None:
        """Note it; nothing is refused."""
        del if_refused
        self.sent.append((action, fields))


class Clock:
    """The daemon's: it goes, but while a test stops it for what is a matter of seconds."""

    def __init__(self) -> None:
        self._stopped_at: tuple[float, float] | None = None

    def time(self) -> float:
        """Give the epoch second, as the module of this name does."""
        return time.time() if self._stopped_at is None else self._stopped_at[0]

    def monotonic(self) -> float:
        """Give the other clock's second."""
        return time.monotonic() if self._stopped_at is None else self._stopped_at[1]

    def stop(self) -> None:
        self._stopped_at = self.time(), self.monotonic()

    def go_on(self) -> None:
        self._stopped_at = None


class Rig:
    """`async with Rig(folder, broker, listeners) as rig`."""

    def __init__(
        self,
        folder: Path,
        broker: Broker,
        listeners: Sequence[str],
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        monkeypatch.setenv("DECROCHE_MQTT_SECRET", password_of(ROUTER))
        self.clock = Clock()
        monkeypatch.setattr(presence_part, "time", self.clock)
        # It is the process's: another test's flood is none of this one's.
        monkeypatch.setattr(BoundedQueue, "thrown_away", 0)
        self.settings: Settings = load(write_config(folder, broker, listeners))
        self.engine = Engine()
        self.metrics = Metrics()
        self.told: list[AnyEvent] = []
        self.ordered: list[AnyCommand] = []
        self.actor = QuietActor(self.tell)
        self.waker = Waker(self.actor.phones, self.actor.wake_calls, WakeBook(folder))
        self.part = PresencePart(self.settings, self.actor, self.tell, self.waker, self.metrics)
        self._running: asyncio.Task[None] | None = None
        for event in (
            EngineStarted("aa"),
            PolicyLoaded(self.settings.policy()),
            PbxResynced((), ()),
        ):
            self.step(event)

    async def __aenter__(self) -> Self:
        self.start()
        await self.until(lambda: self.figure("decroche_broker_connected", protocol="mqtt"))
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self.stop()

    def start(self) -> None:
        """Have the link held."""
        self._running = asyncio.create_task(self.part.run(self.engine))

    async def stop(self) -> None:
        """Go in good order."""
        assert self._running is not None
        await self.part.close()
        await end(self._running)

    def tell(self, event: AnyEvent) -> None:
        """Do as the loop does with what comes."""
        self.told.append(event)
        try:
            self.step(event)
        except EventRefused:
            self.part.refused(event)

    def step(self, event: AnyEvent) -> None:
        """Have something happen."""
        for command in self.engine.step(event, self.clock.time()):
            self.ordered.append(command)
            self.part.carry_out(command)
        self.part.hear(event)

    def ring(self, call: str = "c1") -> str:
        """Let a caller come, and give the offer that is made for them."""
        self.step(CallArrived(call, "carers", "hash", self.clock.time()))
        rings = [one for one in self.ordered if isinstance(one, RingListener)]
        return rings[-1].offer

    def duty(self, listener: str) -> Duty:
        return self.engine.state.listeners[listener].duty

    def figure(self, name: str, **labels: str) -> float:
        return self.metrics.registry.get_sample_value(name, labels) or 0.0

    def refused(self, reason: str) -> float:
        return self.figure("decroche_presence_refused_total", reason=reason)

    async def until(
        self, holds: Callable[[], object], grows: Callable[[], object] = lambda: None
    ) -> None:
        """Wait for what another task makes true, for as long as what it takes for that grows."""
        never = asyncio.Event()
        grown, give_up_at = grows(), time.monotonic() + PATIENCE_SECONDS
        while not holds():
            if grown != (grown := grows()):
                give_up_at = time.monotonic() + PATIENCE_SECONDS
            assert time.monotonic() < give_up_at, f"waited in vain; told {self.told[-5:]}"
            try:
                await asyncio.wait_for(never.wait(), LOOK_AGAIN_SECONDS)
            except TimeoutError:
                continue
