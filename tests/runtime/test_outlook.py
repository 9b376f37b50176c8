"""The look ahead: the risk is told, and waking for it has an end."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from structlog.testing import capture_logs

from router.core import events
from router.core.engine import Engine
from router.core.policy import EVERYBODY, Line, Listener, Policy, Rung
from router.observe.metrics import Metrics
from router.runtime.outlook import MOST_WAKINGS, WAKE_AGAIN_SECONDS
from router.runtime.recorder import Recorder
from router.runtime.said_wait import SaidWaits

START = 1_700_000_000.0
LADDER = (
    Rung(0.0, {}, None, ("home",)),
    Rung(40.0, {}, None, ("home", "on-call")),
    Rung(60.0, {}, EVERYBODY),
)
POLICY = Policy(
    {"health": Line("health", LADDER, risk_wakes_above=0.5, senior_ladder=LADDER)},
    {
        "anne": Listener("anne", {}, "home"),
        "omar": Listener("omar", {}, "on-call"),
        "paul": Listener("paul", {}, "on-call"),
    },
)


class Desk:
    """An engine, and the recorder that looks ahead for it."""

    def __init__(self, *on: str) -> None:
        self.metrics = Metrics()
        self.engine = Engine()
        self.now = START
        self.is_open = True
        self.rung: list[str] = []
        self.rings = True
        """Whether any of those who are to be woken may be rung again already."""
        self.said: list[tuple[str, str]] = []
        said_waits = SaidWaits(lambda call, prompt: self.said.append((call, prompt)))
        said_waits.lines = {"health"}
        self._recorder = Recorder(
            self.metrics,
            self._ring,
            said_waits,
            lambda _: self.is_open,
        )
        self.tell(events.EngineStarted("boot"), events.PolicyLoaded(POLICY))
        self.tell(events.PbxResynced((), ()), *(events.ListenerCameOn(name) for name in on))

    def _ring(self, _line: str, asleep: Sequence[str], _now: float) -> bool:
        self.rung.extend(asleep)
        return self.rings

    def tell(self, *happened: events.AnyEvent) -> None:
        for event in happened:
            for command in self.engine.step(event, self.now):
                self._recorder.record(command, self.now)

    def looks(self, *, after_seconds: float = WAKE_AGAIN_SECONDS) -> list[list[str]]:
        """Look ahead once so much later; give who was to be woken."""
        self.now += after_seconds
        with capture_logs() as lines:
            self._recorder.look_ahead(self.engine.state, self.now)
        return [line["listeners"] for line in lines if line["event"] == "wake"]

    def figure(self, name: str, **labels: str) -> float | None:
        return self.metrics.registry.get_sample_value(name, labels)


def test_the_risk_of_the_next_call_is_told_for_each_line() -> None:
    desk = Desk("anne")
    desk.looks()
    risk = desk.figure("decroche_next_call_miss_risk", line="health")
    assert risk == pytest.approx(0.3, abs=0.05)


def test_with_nobody_to_answer_those_on_call_are_to_be_woken() -> None:
    desk = Desk("omar")
    assert desk.looks() == [["omar"]]
    assert desk.rung == ["omar"]
    assert desk.figure("decroche_wakes_total", line="health") == 1.0


def test_nobody_is_woken_for_a_line_that_is_closed() -> None:
    desk = Desk("omar")
    desk.is_open = False
    assert desk.looks() == []
    assert desk.figure("decroche_wakes_in_a_row", line="health") == 0.0
    desk.is_open = True
    assert desk.looks() == [["omar"]]


def test_with_nobody_asleep_or_no_link_to_ring_by_no_waking_is_used_up() -> None:
    desk = Desk()
    desk.tell(events.PbxLost())
    assert [desk.looks() for _ in range(MOST_WAKINGS)] == [[]] * MOST_WAKINGS
    desk.tell(events.ListenerCameOn("omar"))
    assert desk.looks() == []
    desk.tell(events.PbxResynced((), ()))
    assert desk.looks() == [["omar"]]


def test_while_the_risk_is_low_nobody_is_woken() -> None:
    assert Desk("anne", "omar").looks() == []


def test_nobody_is_woken_twice_within_minutes() -> None:
    desk = Desk("omar")
    assert desk.looks()
    assert desk.looks(after_seconds=WAKE_AGAIN_SECONDS / 2.0) == []


def test_a_risk_that_lasts_wakes_only_so_often() -> None:
    desk = Desk("omar")
    assert [len(desk.looks()) for _ in range(MOST_WAKINGS + 3)] == [1] * MOST_WAKINGS + [0] * 3


def test_how_often_in_a_row_those_on_call_were_woken_is_told_until_the_risk_is_low() -> None:
    desk = Desk("omar")
    for _ in range(2):
        desk.looks()
    assert desk.figure("decroche_wakes_in_a_row", line="health") == 2.0
    desk.tell(events.ListenerCameOn("anne"))
    desk.looks()
    assert desk.figure("decroche_wakes_in_a_row", line="health") == 0.0


def test_who_has_pressed_a_key_since_is_not_woken_again_and_nobody_is_paged_for_it() -> None:
    desk = Desk("omar")
    assert desk.looks() == [["omar"]]
    desk.tell(events.ListenerCameOn("omar"))
    assert [desk.looks() for _ in range(3)] == [[]] * 3
    assert desk.figure("decroche_wakes_in_a_row", line="health") == 1.0


def test_a_waking_by_which_no_phone_rings_is_none() -> None:
    desk = Desk("omar")
    desk.rings = False
    assert [desk.looks() for _ in range(MOST_WAKINGS)] == [[]] * MOST_WAKINGS
    assert desk.figure("decroche_wakes_in_a_row", line="health") == 0.0
    desk.rings = True
    assert desk.looks() == [["omar"]]


def test_a_risk_that_comes_back_wakes_anew() -> None:
    desk = Desk("omar")
    while desk.looks():
        pass
    desk.tell(events.ListenerCameOn("anne"))
    assert desk.looks() == []
    desk.tell(events.ListenerWentOff("anne"))
    assert desk.looks() == [["omar"]]


def test_the_last_in_lines_expected_wait_is_told_and_is_nothing_where_nobody_waits() -> None:
    desk = Desk("anne")
    desk.looks()
    assert desk.figure("decroche_expected_wait_seconds", line="health") == 0.0
    desk.tell(events.CallArrived("c1", "health", None, desk.now))
    desk.looks(after_seconds=5.0)
    assert desk.figure("decroche_expected_wait_seconds", line="health") == float("inf")


def test_a_listener_who_asks_for_help_is_no_caller_who_waits() -> None:
    desk = Desk("anne")
    desk.tell(events.CallArrived("c1", "health", None, desk.now))
    offer = desk.engine.state.listeners["anne"].offer
    assert offer is not None
    desk.tell(events.OfferAccepted(offer), events.TalkStarted("c1", offer))
    desk.tell(events.HelpAsked(offer))
    assert len(desk.engine.state.calls) == 2
    desk.looks(after_seconds=5.0)
    assert desk.figure("decroche_expected_wait_seconds", line="health") == 0.0


def test_a_bent_preference_is_counted_by_kind() -> None:
    desk = Desk("anne")
    desk.engine.state.listeners["anne"].shift.hard_rest_until = START + 900.0
    desk.tell(events.PolicyLoaded(POLICY), events.CallArrived("c1", "health", None, START))
    offer = desk.engine.state.listeners["anne"].offer
    assert offer is not None
    desk.tell(events.OfferAccepted(offer), events.TalkStarted("c1", offer))
    assert desk.figure("decroche_care_bendings_total", kind="hard_call") == 1.0
