from __future__ import annotations

from pathlib import Path
from zoneinfo import ZoneInfo

import msgspec
import pytest
from msgspec.structs import replace

from router.core.events import (
    CallArrived,
    CallerHungUp,
    FallbackBegan,
    ListenerCameOn,
    ListenerLegEnded,
    ListenerPaused,
    ListenerPickedUp,
    ListenerRang,
    ListenerWentOff,
    OfferAccepted,
    OfferFailed,
    PolicyLoaded,
    TalkStarted,
)
from router.core.policy import CallBack
from router.core.promise_events import PromiseNoted
from router.web.wallboard.lonely import ALONE_SECONDS
from router.web.wallboard.shape import Owed, Pool, Rings, Shown, Trouble, Waiting
from router.web.wallboard.today import Today
from router.web.wallboard.view import MOST_PROMISES, MOST_WAITING, Around, View
from tests.observe.crowd import LINES, Crowd
from tests.web.wallboard.cost import around, count

CALLER, OTHER = "1700000000.90", "1700000000.91"


class Looking:
    """A crowd, and the view of it."""

    def __init__(self, folder: Path, listeners: int = 0) -> None:
        self.crowd = Crowd(listeners, 0)
        today = Today(folder, ZoneInfo("Europe/Paris"), lambda: self.crowd.now)
        self._view = View(today)
        self.around = around()

    def call(self, name: str = CALLER, line: str = "health") -> list[str]:
        """Have somebody call, and give the offers that ring."""
        rings = self.crowd.tell(CallArrived(name, line, "a-hash", self.crowd.now))
        return [one.offer for one in rings]

    def promise(self, name: str, *, in_seconds: float) -> None:
        now = self.crowd.now
        self.crowd.tell(
            PromiseNoted(name, "health", f"hash of {name}", "key", now, now, now + in_seconds)
        )

    def look(self, later: float = 0.0) -> Shown:
        self.crowd.now += later
        return self._view.look(self.crowd.engine.state, self.crowd.now, self.around)


@pytest.fixture
def two(tmp_path: Path) -> Looking:
    """Two listeners: the first in the team, of health 1; the second on call, of health 2."""
    return Looking(tmp_path, 2)


@pytest.fixture
def nobody(tmp_path: Path) -> Looking:
    return Looking(tmp_path)


def test_a_caller_is_a_line_a_clock_a_rung_and_the_phones_that_ring(tmp_path: Path) -> None:
    floor = Looking(tmp_path, 12)
    since = floor.crowd.now
    floor.call(line="police")
    assert floor.look(2.0).waiting == (
        Waiting(1, "police", since, 1, 3, ringing=1, doing="searching", alone_at=None),
    )


def test_nothing_on_it_is_a_persons(tmp_path: Path) -> None:
    floor = Looking(tmp_path, 12)
    floor.call()
    floor.promise("p-of-somebody", in_seconds=60.0)
    said = msgspec.json.encode(floor.look(1.0)).decode()
    state = floor.crowd.engine.state
    secrets = {"a-hash", "hash of", CALLER, "p-of-somebody", *state.listeners, *state.offers}
    assert not [one for one in secrets if one in said]


def test_who_hears_no_phone_ring_is_alone_after_a_moment(nobody: Looking) -> None:
    since = nobody.crowd.now
    nobody.call()
    (caller,) = nobody.look().waiting
    assert (caller.ringing, caller.alone_at) == (0, since + ALONE_SECONDS)
    assert nobody.look(30.0).waiting[0].alone_at == since + ALONE_SECONDS


def test_the_clock_of_whose_talk_is_cut_off_begins_anew_each_time(tmp_path: Path) -> None:
    floor = Looking(tmp_path, 1)
    floor.call()
    for _ in range(2):
        floor.look(20.0)
        (offer,) = floor.crowd.engine.state.calls[CALLER].offers
        floor.crowd.tell(OfferAccepted(offer), TalkStarted(CALLER, offer))
        assert floor.look(600.0).waiting == ()
        floor.crowd.tell(ListenerLegEnded(offer, "network"), ListenerCameOn("l00000"))
        assert floor.look().waiting[0].since == floor.crowd.now


def test_from_one_phone_to_the_next_nobody_is_alone_yet(two: Looking) -> None:
    two.crowd.tell(ListenerPaused("l00000"), ListenerPaused("l00001"))
    two.call()
    assert two.look().waiting[0].alone_at is not None
    two.crowd.now += 46.0
    two.crowd.tell(ListenerCameOn("l00001"))
    assert two.look().waiting[0].alone_at is None
    (offer,) = two.crowd.engine.state.calls[CALLER].offers
    two.crowd.tell(OfferFailed(offer, "no_answer"))
    (caller,) = two.look(1.0).waiting
    assert caller.alone_at == two.crowd.now + ALONE_SECONDS


def test_who_has_come_to_the_fallback_is_not_called_alone(nobody: Looking) -> None:
    nobody.call()
    nobody.crowd.tell(FallbackBegan(CALLER, "health", None, nobody.crowd.now))
    (caller,) = nobody.look(10.0).waiting
    assert (caller.doing, caller.alone_at) == ("fallback", None)


def test_who_waits_for_one_listener_by_choice_stands_last_and_is_not_alone(nobody: Looking) -> None:
    nobody.call()
    nobody.crowd.engine.state.calls[CALLER].fallback_put_off = True
    nobody.crowd.now += 1.0
    nobody.call(OTHER)
    first, last = nobody.look(10.0).waiting
    assert (first.doing, last.doing, last.alone_at) == ("searching", "chosen", None)


def test_a_wall_has_room_for_so_many_and_is_told_of_all(nobody: Looking) -> None:
    for number in range(MOST_WAITING + 5):
        nobody.crowd.now += 1.0
        nobody.call(f"1700000000.{number}")
    shown = nobody.look()
    assert [one.call for one in shown.waiting] == list(range(1, MOST_WAITING + 1))
    assert shown.waiting_in_all == MOST_WAITING + 5
    assert shown.alone_in_all == MOST_WAITING + 2


def test_phones_that_ring_alike_are_told_together_and_step_by_step(tmp_path: Path) -> None:
    floor = Looking(tmp_path, 40)
    since = floor.crowd.now
    (first,) = floor.call()
    (second,) = floor.call(OTHER)
    name = "Listeners of this pool"
    assert floor.look(1.0).rings == (Rings("health", name, "ringing", 2, since),)
    floor.crowd.tell(ListenerRang(first), ListenerPickedUp(first))
    assert {(one.step, one.phones) for one in floor.look().rings} == {
        ("ringing", 1),
        ("picked_up", 1),
    }
    floor.crowd.tell(OfferAccepted(second))
    shown = floor.look()
    assert {one.step for one in shown.rings} == {"picked_up", "accepted"}
    assert shown.ringing_in_all == 2
    floor.crowd.tell(TalkStarted(OTHER, second))
    assert floor.look().ringing_in_all == 1


def test_listeners_are_counted_by_pool_and_nobody_is_named(tmp_path: Path) -> None:
    floor = Looking(tmp_path, 8)
    floor.around = Around({"seniors": "Seniors", "team": "Team"}, LINES, {}, "UTC", "")
    floor.crowd.tell(ListenerPaused("l00000"), ListenerWentOff("l00002"))
    (offer,) = floor.call(line="police")
    floor.crowd.tell(OfferAccepted(offer), TalkStarted(CALLER, offer))
    talking = floor.crowd.engine.state.offers[offer].listener
    assert talking == "l00004"
    floor.crowd.tell(ListenerPaused(talking))
    assert floor.look().pools == (
        Pool("Seniors", free=1, ringing=0, talking=0, resting=0, paused=0, off=1),
        Pool("Team", free=0, ringing=0, talking=1, resting=0, paused=1, off=0),
        Pool("on-call", free=2, ringing=0, talking=0, resting=0, paused=0, off=0),
        Pool("partners", free=2, ringing=0, talking=0, resting=0, paused=0, off=0),
    )


def test_an_open_line_for_which_nobody_is_there_is_a_trouble_and_a_closed_one_is_not(
    nobody: Looking,
) -> None:
    nobody.around = Around({}, ("health",), {}, "UTC", "")
    shown = nobody.look()
    assert shown.troubles == (Trouble("nobody", line="health"),)
    assert {line.name: line.is_open for line in shown.lines}["police"] is False


def test_a_lines_risk_is_told_and_whether_it_is_high_for_that_line(nobody: Looking) -> None:
    policy = nobody.crowd.engine.state.policy
    wakes = replace(policy.lines["health"], risk_wakes_above=0.05)
    nobody.crowd.tell(PolicyLoaded(replace(policy, lines={**policy.lines, "health": wakes})))
    health, police, _ = nobody.look().lines
    assert (health.risk, health.at_risk) == (0.125, True)
    assert (police.risk, police.at_risk) == (0.125, False)


def test_promises_are_told_by_what_is_due_first(nobody: Looking) -> None:
    for number in range(MOST_PROMISES + 2):
        nobody.promise(f"p{number}", in_seconds=600.0 - number)
    due = nobody.crowd.now + 600.0
    shown = nobody.look().promises
    assert shown is not None
    assert shown.owed == MOST_PROMISES + 2
    assert shown.first[0] == Owed("health", due - MOST_PROMISES - 1, "waiting")
    assert len(shown.first) == MOST_PROMISES


def test_a_promise_past_its_time_is_a_trouble_since_then(nobody: Looking) -> None:
    nobody.promise("p1", in_seconds=60.0)
    due = nobody.crowd.now + 60.0
    assert "overdue" not in [one.what for one in nobody.look(59.0).troubles]
    assert Trouble("overdue", since=due, count=1) in nobody.look(2.0).troubles


def test_where_nobody_is_called_back_there_is_no_place_for_promises(nobody: Looking) -> None:
    assert nobody.look().promises is None
    policy = nobody.crowd.engine.state.policy
    calls_back = replace(policy.lines["health"], call_back=CallBack())
    nobody.crowd.tell(PolicyLoaded(replace(policy, lines={"health": calls_back})))
    shown = nobody.look().promises
    assert shown is not None
    assert shown.owed == 0


def test_instants_are_the_wall_clocks_though_it_was_set_back(nobody: Looking) -> None:
    nobody.call()
    nobody.crowd.now -= 3_600.0
    nobody.call(OTHER)
    set_back, _ = nobody.look().waiting
    assert set_back.since == pytest.approx(nobody.crowd.now)


def test_who_has_left_is_forgotten(nobody: Looking) -> None:
    nobody.call()
    nobody.look(10.0)
    nobody.crowd.tell(CallerHungUp(CALLER))
    assert nobody.look().waiting == ()
    assert nobody._view._lonely._since == {}


@pytest.mark.parametrize(("listeners", "most_calls"), [(250, 5_000), (10_000, 20_000)])
def test_a_picture_takes_the_daemon_no_work_to_speak_of(listeners: int, most_calls: int) -> None:
    work = count(listeners, 100)
    assert work.octets < 8_000
    assert work.function_calls < most_calls
