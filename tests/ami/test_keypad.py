"""What callers key: a preference at most, never knowledge, and never a digit further in."""

from __future__ import annotations

import pytest

from router.ami.keypad import MAX_WRONG_CODES
from router.core import events
from router.core.events import AnyEvent
from tests.ami.hearing import Ear
from tests.ami.words import CALL, CODE, say

OTHER_CALL = "1700000000.2"


@pytest.fixture
def ear() -> Ear:
    """Give an ear that knows of two callers."""
    ear = Ear()
    ear.hear(say("arrived"), say("arrived", OTHER_CALL))
    return ear


@pytest.mark.parametrize(
    ("word", "changed", "event"),
    [
        ("key", {"Key": "0"}, events.CallerInShock(CALL)),
        ("key", {"Key": "2"}, events.CallerChoseSkills(CALL, {"en": 1}, ("fr",))),
        ("code", {}, events.CallerAskedFor(CALL, "anne")),
        ("choice", {"Choice": "wait"}, events.CallerChose(CALL, "wait")),
        ("choice", {"Choice": "another"}, events.CallerChose(CALL, "another")),
    ],
)
def test_each_thing_keyed_is_one_event_without_its_digits(
    ear: Ear, word: str, changed: dict[str, str], event: AnyEvent
) -> None:
    told = ear.hear(say(word, **changed))
    assert told == [event]
    assert CODE not in repr(told)


def test_a_key_that_means_nothing_on_this_line_changes_nothing(ear: Ear) -> None:
    ear.hear(say("arrived", Line="police"))
    assert ear.hear(*(say("key", Key=str(key)) for key in range(10))) == []


def test_what_a_call_keys_that_nobody_knows_of_changes_nothing(ear: Ear) -> None:
    ear.hear(say("hangup", CALL))
    assert ear.hear(say("key"), say("code"), say("choice")) == []


@pytest.mark.parametrize(
    ("word", "header", "reason"),
    [("key", "Key", "bad_key"), ("code", "Code", "bad_code"), ("choice", "Choice", "bad_choice")],
)
@pytest.mark.parametrize("value", ["*", "22222", "\u0662", "2\n", "wait ", "x" * 65536, "-1"])
def test_what_no_telephone_can_have_sent_is_refused(
    ear: Ear, word: str, header: str, reason: str, value: str
) -> None:
    assert ear.refuses(say(word, **{header: value})) == reason


@pytest.mark.parametrize("wrong", ["0000", "482", "4", ""])
def test_a_right_code_is_read_after_wrong_ones_but_not_after_three(ear: Ear, wrong: str) -> None:
    for _ in range(MAX_WRONG_CODES - 1):
        assert ear.hear(say("code", Code=wrong)) == []
    assert ear.hear(say("code")) == [events.CallerAskedFor(CALL, "anne")]
    ear.hear(say("code", Code=wrong))
    assert ear.hear(say("code")) == []


def test_the_wrong_codes_of_one_call_are_not_anothers(ear: Ear) -> None:
    ear.hear(*[say("code", Code="0000")] * MAX_WRONG_CODES)
    assert ear.hear(say("code", OTHER_CALL)) == [events.CallerAskedFor(OTHER_CALL, "anne")]


def test_tries_do_not_begin_anew_with_each_turn_of_the_hold_loop_or_another_link(ear: Ear) -> None:
    ear.hear(*[say("code", Code="0000")] * MAX_WRONG_CODES)
    ear.mirror.forget_all()
    ear.hear(say("waiting"))
    assert ear.hear(say("code")) == []


def test_the_tries_of_calls_that_are_over_are_not_kept(ear: Ear) -> None:
    ear.hear(say("code", Code="0000"), say("hangup", CALL), say("code", OTHER_CALL, Code="0000"))
    assert list(ear.keypad._wrong_codes) == [OTHER_CALL]
