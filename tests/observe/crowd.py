"""A floor of any size: listeners of several pools and skills, and callers who wait or talk."""

from __future__ import annotations

from structlog.testing import capture_logs

from router.core.commands import RingListener
from router.core.engine import Engine
from router.core.events import (
    AnyEvent,
    CallArrived,
    EngineStarted,
    ListenerCameOn,
    OfferAccepted,
    PbxResynced,
    PolicyLoaded,
    TalkStarted,
)
from router.core.policy import EVERYBODY, Line, Listener, Policy, Rung
from router.observe.metrics import Metrics
from router.runtime.recorder import Recorder
from router.runtime.said_wait import SaidWaits

START = 1_700_000_000.0
LINES = ("health", "police", "students")
POOLS = ("team", "on-call", "seniors", "partners")
SKILLS = tuple({line: level, "fr": 3} for line in LINES for level in (1, 2, 3))


def line(name: str) -> Line:
    ladder = (
        Rung(0.0, {name: 2}, 1, ("team",)),
        Rung(20.0, {name: 1}, 2, ("team", "on-call")),
        Rung(45.0, {}, EVERYBODY),
    )
    return Line(name, ladder)


class Crowd:
    """An engine with so many listeners on duty and so many callers, and the daemon's recorder."""

    def __init__(self, listeners: int, callers: int) -> None:
        self.metrics = Metrics("0.1.0")
        self.now = START
        self.engine = Engine()
        self.recorder = Recorder(self.metrics, lambda *_: False, SaidWaits(lambda *_: None))
        known = {
            name: Listener(name, SKILLS[at % len(SKILLS)], POOLS[at % len(POOLS)])
            for at, name in enumerate(f"l{number:05}" for number in range(listeners))
        }
        policy = Policy({name: line(name) for name in LINES}, known)
        self.tell(EngineStarted("boot"), PolicyLoaded(policy), PbxResynced((), ()))
        self.tell(*(ListenerCameOn(name) for name in known))
        for number in range(callers):
            self.call(number)

    def tell(self, *happened: AnyEvent) -> list[RingListener]:
        """Have this happen; give whom it rang."""
        rings = []
        with capture_logs():
            for event in happened:
                for command in self.engine.step(event, self.now):
                    self.recorder.record(command, self.now)
                    if isinstance(command, RingListener):
                        rings.append(command)
                self.recorder.hear(event)
        return rings

    def call(self, number: int) -> None:
        """Let somebody call; each second one who can be is answered at once."""
        self.now += 0.01
        call = f"{START:.0f}.{number}"
        rings = self.tell(CallArrived(call, LINES[number % len(LINES)], f"h{number}", self.now))
        if rings and number % 2:
            offer = rings[0].offer
            self.tell(OfferAccepted(offer), TalkStarted(call, offer))

    def scrape(self) -> bytes:
        """Give what Prometheus gets."""
        with capture_logs():
            self.recorder.look_ahead(self.engine.state, self.now)
        self.recorder.set_gauges(self.engine.state, self.now)
        return self.metrics.render()
