"""Care for listeners: what spares them bends in its order before a caller is lost, and is told."""

from __future__ import annotations

from collections import Counter
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from router.core import events
from router.core.care import Sparing
from router.core.commands import AnyCommand, ReportBending
from router.core.engine import Engine
from router.core.fair_share import guild_of
from router.core.listener import ListenerState
from router.core.machine import EventRefused
from router.core.policy import Care, Preference, Rung, Skills
from tests.core.drive import START, Desk, line, of, rules, rung
from tests.core.storm import storm

TWO: dict[str, Skills] = {"ana": {}, "bob": {}}
NOBODY_RESTS = 0.0


def keeping(*kept: Preference, **limits: Any) -> Care:
    """Give a care that keeps these preferences alone, with no wrap-up."""
    return Care(wrap_up_seconds=NOBODY_RESTS, bends=kept, **limits)


def desk_of_two(care: Care) -> Desk:
    return Desk(rules(listeners=TWO, care=care))


def has_a_call(desk: Desk, listener: str, call: str, seconds: float = 60.0) -> list[AnyCommand]:
    """Have a listener, alone not on a pause, take a call and talk for so long."""
    others = [name for name in desk.engine.state.listeners if name != listener]
    desk.tell(*(events.ListenerPaused(name) for name in others))
    desk.arrive(call)
    said = desk.talk(listener)
    desk.wait(seconds)
    desk.hang_up(call)
    desk.leg_ends(listener)
    desk.tell(*(events.ListenerCameOn(name) for name in others))
    return said


def bent(said: list[AnyCommand]) -> list[tuple[str, str]]:
    return [(one.listener, one.kind) for one in of(ReportBending, said)]


def first_asked(desk: Desk, call: str = "next") -> str:
    ((listener, _),) = rung(desk.arrive(call))
    return listener


def test_after_so_many_calls_in_a_row_another_is_asked_first() -> None:
    desk = desk_of_two(keeping("calls_in_a_row", calls_in_a_row=2))
    for call in ("c1", "c2"):
        has_a_call(desk, "ana", call)
    has_a_call(desk, "bob", "c3")
    assert first_asked(desk) == "bob"


def test_a_break_begins_the_row_anew() -> None:
    desk = desk_of_two(keeping("calls_in_a_row", calls_in_a_row=2, break_seconds=300.0))
    for call in ("c1", "c2"):
        has_a_call(desk, "ana", call)
    assert desk.engine.state.listeners["ana"].reluctance > 0
    desk.wait(300.0)
    assert desk.engine.state.listeners["ana"].reluctance == 0


def test_who_has_talked_for_so_long_in_a_shift_is_asked_after_the_others() -> None:
    desk = desk_of_two(keeping("talk_time", talk_seconds_a_shift=600.0))
    has_a_call(desk, "ana", "c1", seconds=600.0)
    has_a_call(desk, "bob", "c2")
    assert first_asked(desk) == "bob"


def test_a_new_shift_begins_with_nothing_carried() -> None:
    desk = desk_of_two(keeping("talk_time", talk_seconds_a_shift=600.0))
    has_a_call(desk, "ana", "c1", seconds=600.0)
    desk.tell(events.ListenerWentOff("ana"), events.ListenerCameOn("ana"))
    assert desk.engine.state.listeners["ana"].reluctance == 0


def test_a_pause_begins_no_new_shift() -> None:
    desk = desk_of_two(keeping("talk_time", talk_seconds_a_shift=600.0))
    has_a_call(desk, "ana", "c1", seconds=600.0)
    desk.tell(events.ListenerPaused("ana"), events.ListenerCameOn("ana"))
    assert desk.engine.state.listeners["ana"].reluctance > 0


def test_one_who_never_goes_off_has_a_new_shift_each_half_day() -> None:
    desk = desk_of_two(keeping("talk_time", talk_seconds_a_shift=600.0))
    has_a_call(desk, "ana", "c1", seconds=600.0)
    desk.wait(13 * 3_600.0)
    has_a_call(desk, "ana", "c2")
    assert desk.engine.state.listeners["ana"].reluctance == 0


@pytest.mark.parametrize(
    ("utc_offset_seconds", "spared"), [(0.0, True), (8 * 3_600.0, False), (-3_600.0, True)]
)
def test_night_calls_count_by_the_sites_clock(utc_offset_seconds: float, *, spared: bool) -> None:
    # The tests' time begins at 22:13 UTC.
    care = keeping("night_calls", night_calls_a_shift=1, night_seconds=(75_600.0, 18_000.0))
    policy = rules(listeners=TWO, care=care)
    desk = Desk(replace(policy, utc_offset_seconds=utc_offset_seconds))
    has_a_call(desk, "ana", "c1")
    assert (desk.engine.state.listeners["ana"].reluctance > 0) == spared


def test_a_clock_that_was_hours_ahead_makes_no_night_of_the_day() -> None:
    care = keeping("night_calls", night_calls_a_shift=1, night_seconds=(75_600.0, 18_000.0))
    desk = desk_of_two(care)
    # It was taken for 22:13, and is a quarter past five in the afternoon.
    desk.now -= 5 * 3_600.0
    has_a_call(desk, "ana", "c1")
    assert desk.engine.state.listeners["ana"].reluctance == 0


def test_who_had_a_night_call_is_asked_like_everybody_when_the_night_is_over() -> None:
    care = keeping("night_calls", night_calls_a_shift=1, night_seconds=(75_600.0, 18_000.0))
    desk = desk_of_two(care)
    has_a_call(desk, "ana", "c1")
    desk.wait(7 * 3_600.0)
    assert desk.engine.state.listeners["ana"].reluctance == 0


def test_a_fair_share_is_even_among_those_on_duty_and_a_pause_is_no_debt() -> None:
    desk = desk_of_two(keeping("fair_share", calls_above_share=0.9))
    for call in ("c1", "c2", "c3"):
        # The other is on a pause: each of these calls was the share of the one who is there.
        has_a_call(desk, "ana", call)
    assert desk.engine.state.listeners["ana"].reluctance == 0
    for call in ("c4", "c5"):
        listener = first_asked(desk, call)
        desk.talk(listener)
        desk.hang_up(call)
        desk.leg_ends(listener)
    assert {one.shift.calls for one in desk.engine.state.listeners.values()} == {4, 1}
    assert [one.reluctance for one in desk.engine.state.listeners.values()] == [0, 0]


def test_who_takes_every_call_though_others_are_there_is_ahead_of_the_share() -> None:
    desk = desk_of_two(keeping("fair_share", calls_above_share=0.9))
    for call in ("c1", "c2"):
        desk.arrive(call, caller="knows-ana")
        if desk.engine.state.listeners["bob"].offer:
            desk.tell(events.OfferDeclined(desk.offer_of("bob")))
            desk.leg_ends("bob")
        desk.talk("ana")
        desk.hang_up(call)
        desk.leg_ends("ana")
    assert desk.engine.state.listeners["ana"].reluctance > 0


def test_after_a_talk_marked_hard_the_listener_is_asked_after_the_others_for_a_while() -> None:
    desk = desk_of_two(keeping("hard_call", hard_call_rest_seconds=900.0))
    desk.arrive("c1")
    desk.talk("ana")
    desk.tell(events.TalkMarkedHard("ana"))
    desk.hang_up("c1")
    desk.leg_ends("ana")
    has_a_call(desk, "bob", "c2")
    assert first_asked(desk) == "bob"
    desk.hang_up("next")
    desk.leg_ends("bob")
    desk.wait(900.0)
    assert desk.engine.state.listeners["ana"].reluctance == 0


def test_a_talk_can_be_marked_hard_once_it_is_over() -> None:
    desk = desk_of_two(keeping("hard_call", hard_call_rest_seconds=900.0))
    has_a_call(desk, "ana", "c1")
    desk.tell(events.TalkMarkedHard("ana"))
    assert desk.engine.state.listeners["ana"].reluctance > 0


def test_a_rest_after_a_hard_talk_ends_by_the_listeners_own_word() -> None:
    desk = desk_of_two(keeping("hard_call"))
    has_a_call(desk, "ana", "c1")
    desk.tell(events.TalkMarkedHard("ana"), events.ListenerCameOn("ana"))
    assert desk.engine.state.listeners["ana"].reluctance == 0


def test_nobody_who_has_had_no_talk_can_mark_one() -> None:
    desk = desk_of_two(keeping("hard_call"))
    with pytest.raises(EventRefused):
        desk.tell(events.TalkMarkedHard("ana"))


def test_a_preference_bends_before_a_caller_is_lost_and_that_is_reported() -> None:
    desk = Desk(rules(listeners={"ana": {}}, care=keeping("hard_call")))
    has_a_call(desk, "ana", "c1")
    desk.tell(events.TalkMarkedHard("ana"))
    assert first_asked(desk) == "ana"
    assert bent(desk.talk("ana")) == [("ana", "hard_call")]


def test_nothing_is_reported_where_nothing_bends() -> None:
    desk = desk_of_two(Care())
    assert bent(has_a_call(desk, "ana", "c1")) == []


@pytest.mark.parametrize(
    ("bends", "asked"),
    [(("talk_time", "hard_call"), "ana"), (("hard_call", "talk_time"), "bob")],
)
def test_what_is_named_first_bends_first(bends: tuple[Preference, ...], asked: str) -> None:
    desk = desk_of_two(keeping(*bends, talk_seconds_a_shift=600.0))
    has_a_call(desk, "ana", "c1", seconds=600.0)
    has_a_call(desk, "bob", "c2")
    desk.tell(events.TalkMarkedHard("bob"))
    assert first_asked(desk) == asked


def test_one_dearer_preference_outweighs_all_that_bend_before_it() -> None:
    care = keeping("calls_in_a_row", "talk_time", "hard_call", calls_in_a_row=1)
    desk = Desk(rules(listeners=TWO, care=care))
    shifts = {name: one.shift for name, one in desk.engine.state.listeners.items()}
    shifts["ana"].calls = shifts["ana"].calls_in_a_row = 1
    shifts["ana"].talk_ended_at, shifts["ana"].talked_seconds = START, 20_000.0
    shifts["bob"].hard_rest_until = START + 900.0
    desk.tell(events.PolicyLoaded(desk.engine.state.policy))
    assert [one.reluctance for one in desk.engine.state.listeners.values()] == [6, 8]
    assert first_asked(desk) == "ana"


def test_a_preference_that_is_not_named_is_not_kept() -> None:
    desk = desk_of_two(keeping("fair_share", talk_seconds_a_shift=1.0))
    has_a_call(desk, "ana", "c1")
    assert desk.engine.state.listeners["ana"].reluctance == 0


def test_explain_tells_what_a_listener_is_asked_later_for() -> None:
    care = keeping("calls_in_a_row", "talk_time", calls_in_a_row=1, talk_seconds_a_shift=60.0)
    desk = desk_of_two(care)
    has_a_call(desk, "ana", "c1")
    decisions = desk.engine.watch("next")
    assert first_asked(desk) == "bob"
    (reason,) = (one for one in decisions[0].reasons if one.listener == "ana")
    assert reason.verdict == "ranked_lower"
    assert reason.detail.endswith("asked later: calls in a row, talk time")


def test_new_rules_of_care_hold_at_once_for_those_who_are_free() -> None:
    desk = desk_of_two(keeping())
    has_a_call(desk, "ana", "c1")
    care = keeping("talk_time", talk_seconds_a_shift=60.0)
    desk.tell(events.PolicyLoaded(rules(listeners=TWO, care=care)))
    assert first_asked(desk) == "bob"


def test_who_changes_skills_in_mid_shift_shares_with_those_of_the_new_ones() -> None:
    desk = desk_of_two(keeping("fair_share"))
    desk.tell(events.PolicyLoaded(rules(listeners={"ana": {"fr": 1}, "bob": {}})))
    assert {name: one.on_duty for name, one in desk.engine.state.guilds.items()} == {
        "fr:1": 1,
        "": 1,
    }
    desk.tell(events.ListenerWentOff("ana"))
    assert list(desk.engine.state.guilds) == [""]


def test_a_restart_forgets_nothing_that_was_carried() -> None:
    desk = desk_of_two(keeping("talk_time", "fair_share", talk_seconds_a_shift=60.0))
    has_a_call(desk, "ana", "c1")
    desk.engine = Engine.restore(desk.engine.snapshot())
    assert first_asked(desk) == "bob"


def test_a_ladder_goes_no_further_while_a_preference_can_bend() -> None:
    ladder = (Rung(0.0, {"fr": 1}), Rung(10.0, {}, when=("nobody_free",)))
    people: dict[str, Skills] = {"spared": {"fr": 1}, "other": {}}
    desk = Desk(rules(line(ladder=ladder), listeners=people, care=keeping("hard_call")))
    desk.engine.state.listeners["spared"].shift.hard_rest_until = START + 900.0
    desk.tell(events.PolicyLoaded(desk.engine.state.policy))
    assert first_asked(desk) == "spared"


def test_through_a_storm_each_guild_knows_who_is_on_duty() -> None:
    engine = Engine()
    for entry in storm(7, 3_000):
        with suppress(EventRefused):
            engine.step(entry.event, entry.at)
        on_duty = Counter(
            guild_of(one.skills) for one in engine.state.listeners.values() if one.duty == "on"
        )
        assert {name: one.on_duty for name, one in engine.state.guilds.items()} == on_duty


@given(st.floats(START, START + 1e6), st.floats(0.0, 7_200.0))
def test_nobody_is_looked_at_again_and_again_at_one_instant(now: float, ago: float) -> None:
    care = keeping("rings_in_vain", "night_calls", rings_in_vain_an_hour=1, night_calls_a_shift=1)
    listener = ListenerState("ana", {}, rung_in_vain=[now - ago], reluctance=3)
    listener.shift.talk_ended_at = now
    assert Sparing(care, 3_600.0).eases_at(listener, now) > now
