"""What listeners key of a talk: by the leg's own listener, and never a number further in."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from structlog.testing import capture_logs

from router.ami.disposition import PROMISES
from router.ami.menu import Door, MenuDesk, MenuRequest, MenuVerdict
from router.ami.parse import BadMessage
from router.core.events import AnyEvent, TalkDisposed, TalkMarkedHard
from tests.ami.hearing import Ear
from tests.ami.words import CALL, OFFER, SEAL, SHORT_NUMBER, say

PARIS = ZoneInfo("Europe/Paris")
EVENING = datetime(2026, 11, 22, 18, 0, tzinfo=PARIS)
ORIENTATIONS = {SHORT_NUMBER: "morel"}
KEYED = [
    ("hard", "", TalkMarkedHard("anne")),
    ("orientation", SHORT_NUMBER, TalkDisposed("anne", "orientation", "morel")),
    ("orientation", "", TalkDisposed("anne", "orientation")),
    ("senior_call_back", "", TalkDisposed("anne", "senior_call_back")),
    ("nothing_more", "", TalkDisposed("anne", "nothing_more")),
    ("abuse", "", TalkDisposed("anne", "abuse")),
]
"""What the dialplan says, and what the engine hears."""


@pytest.fixture
def ear() -> Ear:
    """Give an ear that knows whose leg the offer is."""
    ear = Ear()
    ear.hear_of_both()
    ear.wrap_up.orientations = ORIENTATIONS
    return ear


@pytest.fixture
def desk() -> MenuDesk:
    """Give a desk that lets anne in by any PIN."""
    desk = MenuDesk(SEAL, lambda _pin, _kept: True)
    desk.doors = {"2000": Door("anne", "")}
    desk.orientations = ORIENTATIONS
    return desk


@pytest.mark.parametrize(("what", "number", "event"), KEYED)
def test_what_is_keyed_on_a_leg_is_told_of_its_listener(
    ear: Ear, what: str, number: str, event: AnyEvent
) -> None:
    assert ear.hear(say("disposition", What=what, Orientation=number)) == [event]


@pytest.mark.parametrize(("what", "number", "event"), KEYED)
def test_the_same_can_be_keyed_in_the_menu(
    desk: MenuDesk, what: str, number: str, event: AnyEvent
) -> None:
    request = desk.read(say("menu", Choice=what, Orientation=number))
    assert request is not None
    answer = {"hard": "hard", "senior_call_back": "too_late"}.get(what, "noted")
    assert desk.judge(request, 0.0) == MenuVerdict(CALL, event, answer)


def test_no_time_is_agreed_on_in_the_menu_where_there_is_no_number_any_more(
    desk: MenuDesk,
) -> None:
    with pytest.raises(BadMessage, match="bad_choice"):
        desk.read(say("menu", Choice="follow_up", Hour="1430"))


@pytest.mark.parametrize(
    ("hour", "meant"), [("1930", (22, 19, 30)), ("0905", (23, 9, 5)), ("1800", (23, 18, 0))]
)
def test_a_further_call_is_at_the_next_time_that_the_clock_of_the_site_shows(
    ear: Ear, hour: str, meant: tuple[int, int, int]
) -> None:
    ear.wrap_up.zone, ear.wrap_up.clock = PARIS, EVENING.timestamp
    day, *clock = meant
    at = datetime(2026, 11, day, *clock, tzinfo=PARIS).timestamp()  # type: ignore[arg-type,misc]
    told = ear.hear(say("disposition", What="follow_up", Hour=hour))
    assert told == [TalkDisposed("anne", "follow_up", at=at)]
    leg = ear.mirror.offers[OFFER]
    assert (leg.awaits_word, leg.agreed_at) == (True, at)


@pytest.mark.parametrize("hour", [None, "", "2400", "930", "14:30", "9" * 65536, b"\xff"])
def test_a_further_call_at_no_time_of_day_is_refused(ear: Ear, hour: str | bytes | None) -> None:
    assert ear.refuses(say("disposition", What="follow_up", Hour=hour)) == "bad_hour"


def test_who_has_keyed_a_call_back_waits_for_whether_it_is_noted_and_nobody_else(ear: Ear) -> None:
    for what, _, _ in KEYED:
        ear.hear(say("disposition", What=what))
        assert ear.mirror.offers[OFFER].awaits_word == (what in PROMISES)


def test_nobody_says_what_a_talk_led_to_by_a_wrong_pin(desk: MenuDesk) -> None:
    request = MenuRequest(CALL, "9999", "4711", "abuse")
    assert desk.judge(request, 0.0) == MenuVerdict(CALL, None, "refused")


@pytest.mark.parametrize("what", [None, "", "Hard", "orientation ", "7", "x" * 65536])
def test_a_word_that_the_dialplan_does_not_have_is_refused(ear: Ear, what: str | None) -> None:
    assert ear.refuses(say("disposition", What=what)) == "bad_disposition"


@pytest.mark.parametrize(
    "number", ["999", "2", "20", "\u0662\u0660\u0664", "204 ", "morel", "9" * 65536, b"\xff"]
)
def test_a_number_that_is_none_of_the_directorys_is_not_kept_but_told_without_it(
    ear: Ear, number: str | bytes
) -> None:
    with capture_logs() as logs:
        told = ear.hear(say("disposition", Orientation=number))
    assert told == [TalkDisposed("anne", "orientation")]
    assert logs == [
        {"event": "orientation_unknown", "log_level": "warning", "listener": "anne"},
    ]


def test_a_number_without_an_orientation_says_nothing(ear: Ear) -> None:
    assert ear.hear(say("disposition", What="abuse")) == [TalkDisposed("anne", "abuse")]


def test_of_a_leg_that_nobody_knows_nothing_is_told(ear: Ear) -> None:
    ear.mirror.offer("dcr-adopted")
    assert ear.hear(say("disposition", "dcr-nobodys"), say("disposition", "dcr-adopted")) == []
    ear.hear(say("hangup"))
    assert ear.hear(say("disposition", OFFER)) == []
    assert "dcr-nobodys" not in ear.mirror.offers
