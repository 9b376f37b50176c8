"""What a caller hears of being called back, and the leg of whom we call."""

from __future__ import annotations

from datetime import datetime
from typing import Any, get_args

import pytest

from router.ami.mirror import CallerLeg
from router.ami.words import CLOCK_PROMPTS, due_words
from router.core.commands import AnyCommand
from router.core.promise_commands import SayNotPromised, SayPromised
from router.core.promise_events import WhyNotNoted
from tests.ami.calling_back import NOON, PARIS, Desk
from tests.ami.test_call_back import DUE_AT_12_30
from tests.ami.words import CALL, OFFER, TALK_BRIDGE, put_in


@pytest.mark.parametrize(("chosen", "at"), [(0, "0"), (2, "2"), (None, "")])
def test_a_caller_hears_by_when_they_are_called_back_and_at_which_of_their_numbers(
    chosen: int | None, at: str
) -> None:
    desk = Desk()
    desk.call_backs.chosen = {CALL: chosen}.get
    desk.knows_caller()
    desk.do(SayPromised(CALL, 1800.0))
    where = {"Context": "decroche-promise", "Exten": "noted", "Priority": "1"}
    assert desk.sent == [
        ("Setvar", {"Channel": CALL, "Variable": "DECROCHE_DUE", "Value": DUE_AT_12_30}),
        ("Setvar", {"Channel": CALL, "Variable": "DECROCHE_AT", "Value": at}),
        ("Redirect", {"Channel": CALL, **where}),
    ]


@pytest.mark.parametrize("why", get_args(WhyNotNoted))
def test_a_caller_to_whom_nothing_is_promised_hears_why(why: Any) -> None:
    desk = Desk()
    desk.knows_caller()
    desk.do(SayNotPromised(CALL, why))
    where = {"Context": "decroche-promise", "Exten": why, "Priority": "1"}
    assert desk.sent == [("Redirect", {"Channel": CALL, **where})]


def test_on_a_line_that_does_not_call_back_its_key_is_like_any_that_means_nothing() -> None:
    desk = Desk()
    desk.knows_caller()
    desk.do(SayNotPromised(CALL, "not_offered"))
    assert desk.sent == []


@pytest.mark.parametrize("words", [SayPromised(CALL, 60.0), SayNotPromised(CALL, "store")])
def test_nobody_is_taken_away_from_whom_they_talk_with_to_hear_of_a_promise(
    words: AnyCommand,
) -> None:
    gone, talking, joining, in_fallback = (Desk() for _ in range(4))
    talking.knows_caller()
    put_in(talking.mirror, CALL, TALK_BRIDGE)
    joining.knows_caller()
    joining.connector.connect(CALL, OFFER)
    joining.sent.clear()
    in_fallback.knows_caller(CallerLeg("health", None, NOON, in_fallback=True))
    for desk in (gone, talking, joining, in_fallback):
        desk.do(words)
        assert "Redirect" not in desk.actions()


@pytest.mark.parametrize(
    ("due", "said"),
    [
        ((14, 30, 0), "decroche/hour-14&decroche/minute-30"),
        ((14, 30, 1), "decroche/hour-14&decroche/minute-35"),
        ((14, 26, 0), "decroche/hour-14&decroche/minute-30"),
        ((14, 56, 0), "decroche/hour-15"),
        ((23, 58, 0), "decroche/hour-0"),
        ((0, 0, 0), "decroche/hour-0"),
    ],
)
def test_the_time_that_is_said_is_never_before_the_time_it_is_due(
    due: tuple[int, int, int], said: str
) -> None:
    assert due_words(datetime(2026, 11, 22, *due, tzinfo=PARIS)) == said
    assert {word.removeprefix("decroche/") for word in said.split("&")} <= set(CLOCK_PROMPTS)
