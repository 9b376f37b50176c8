"""Whether a call-back that a listener has keyed is noted is told on that leg, and on no other."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from router.ami.after_talk import AfterTalk
from router.ami.mirror import Mirror
from router.ami.pending import Fields
from router.ami.words import CALL_BACK_PROMPTS, owed_words
from router.core.events import AnyEvent
from tests.ami.words import OFFER

PARIS = ZoneInfo("Europe/Paris")
EVENING = datetime(2026, 11, 22, 18, 0, tzinfo=PARIS)


class Desk:
    """The words after a talk, and what was sent to have them said."""

    def __init__(self) -> None:
        self.mirror = Mirror()
        self.sent: list[tuple[str, Fields]] = []
        self.after_talk = AfterTalk(self.mirror, self._send, EVENING.timestamp)
        self.after_talk.zone = PARIS
        self.leg = self.mirror.offer(OFFER)

    def _send(
        self, action: str, fields: Fields, if_refused: Callable[[], AnyEvent] | None = None
    ) -> None:
        assert if_refused is None
        self.sent.append((action, fields))


@pytest.fixture
def desk() -> Desk:
    desk = Desk()
    desk.leg.awaits_word = True
    return desk


def sent_to(words: str) -> tuple[str, Fields]:
    where = {"Context": "decroche-wrapup", "Exten": words, "Priority": "1"}
    return "Redirect", {"Channel": OFFER, **where}


@pytest.mark.parametrize("words", ["promised", "not_promised"])
def test_who_waits_for_it_is_sent_to_the_words_once(desk: Desk, words: str) -> None:
    for _ in range(2):
        desk.after_talk.tell(OFFER, words)  # type: ignore[arg-type]  # a row of the tests
    assert desk.sent == [sent_to(words)]


@pytest.mark.parametrize(
    ("day", "hour", "minute", "said"),
    [
        (22, 19, 0, "decroche/today&decroche/hour-19"),
        (23, 0, 7, "decroche/tomorrow&decroche/hour-0&decroche/minute-7"),
        (23, 14, 30, "decroche/tomorrow&decroche/hour-14&decroche/minute-30"),
    ],
)
def test_who_has_agreed_on_a_time_hears_it_with_the_day(
    desk: Desk, day: int, hour: int, minute: int, said: str
) -> None:
    desk.leg.agreed_at = datetime(2026, 11, day, hour, minute, tzinfo=PARIS).timestamp()
    desk.after_talk.tell(OFFER, "promised")
    told = {"Channel": OFFER, "Variable": "DECROCHE_AGREED", "Value": said}
    assert desk.sent == [("Setvar", told), sent_to("promised")]
    assert prompts_of(said) <= set(CALL_BACK_PROMPTS)


def test_no_time_is_told_of_what_is_not_noted(desk: Desk) -> None:
    desk.leg.agreed_at = EVENING.timestamp() + 3600.0
    desk.after_talk.tell(OFFER, "not_promised")
    assert desk.sent == [sent_to("not_promised")]


def test_a_leg_on_which_nothing_was_keyed_is_left_where_it_is(desk: Desk) -> None:
    desk.leg.awaits_word = False
    for leg in (OFFER, "dcr-gone"):
        desk.after_talk.tell(leg, "promised")
    assert desk.sent == []


@pytest.mark.parametrize(("attempt", "nth"), [(1, "1"), (2, "2"), (5, "5"), (6, "more")])
def test_a_listener_hears_by_when_a_call_is_owed_and_which_attempt_it_is(
    attempt: int, nth: str
) -> None:
    due = datetime(2026, 11, 22, 14, 26, tzinfo=PARIS)
    words = owed_words(due, attempt)
    assert words == f"decroche/hour-14&decroche/minute-30&decroche/attempt-{nth}"
    assert prompts_of(words) <= set(CALL_BACK_PROMPTS)


def prompts_of(words: str) -> set[str]:
    return {word.removeprefix("decroche/") for word in words.split("&")}
