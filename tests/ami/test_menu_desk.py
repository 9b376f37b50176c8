from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from threading import Barrier, BrokenBarrierError

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.pretty import pretty_repr

from router.ami.menu import Door, MenuDesk, MenuRequest, MenuVerdict
from router.ami.message import Message
from router.ami.parse import BadMessage
from router.config import hash_pin, pin_matches
from router.core.events import AnyEvent, ListenerCameOn, ListenerPaused, ListenerWentOff
from tests.ami.words import CALL, SEAL, headers_of, message, say

NOW = 1_700_000_000.0
RIGHT, WRONG = "4711", "4712"
LETS_ANNE_IN = MenuVerdict(CALL, ListenerCameOn("anne"), "ready")
REFUSED = MenuVerdict(CALL, None, "refused")


class Counter:
    """Compares PINs in no time, and counts how often it was asked."""

    def __init__(self) -> None:
        self.asked = 0

    def __call__(self, pin: str, kept: str) -> bool:
        self.asked += 1
        return kept == f"kept {pin}"


@pytest.fixture
def counter() -> Counter:
    return Counter()


@pytest.fixture
def desk(counter: Counter) -> MenuDesk:
    desk = MenuDesk(SEAL, counter)
    desk.doors = {"2000": Door("anne", f"kept {RIGHT}"), "2001": Door("bob", "kept 1234")}
    return desk


def keyed(pin: str = RIGHT, login: str = "2000", choice: str = "ready") -> MenuRequest:
    return MenuRequest(CALL, login, pin, choice)


def refused_for(desk: MenuDesk, message: Message) -> str:
    with pytest.raises(BadMessage) as bad:
        desk.read(message)
    return bad.value.reason


def close_the_door(desk: MenuDesk, at: float = NOW) -> None:
    for _ in range(5):
        assert desk.judge(keyed(WRONG), at) == REFUSED


def test_what_was_keyed_is_read_from_the_menus_word(desk: MenuDesk) -> None:
    request = desk.read(say("menu"))
    assert request == keyed()
    assert desk.judge(keyed(), NOW) == LETS_ANNE_IN


@pytest.mark.parametrize("word", ["arrived", "accepted", "hangup", "ringing"])
def test_another_word_is_none_of_the_menus(desk: MenuDesk, word: str) -> None:
    assert desk.read(say(word)) is None


def test_only_a_user_event_can_be_a_menus_word(desk: MenuDesk) -> None:
    _, headers = headers_of("menu")
    assert desk.read(message("Hangup", headers)) is None


@pytest.mark.parametrize("token", [None, "", "0" * 40, SEAL.token("1700000000.2"), "é", b"\xff"])
def test_nobody_keys_for_a_channel_without_its_token(
    desk: MenuDesk, token: str | bytes | None
) -> None:
    assert refused_for(desk, say("menu", Token=token)) == "wrong_token"


@pytest.mark.parametrize("choice", [None, "", "READY", "ready ", "x" * 65536])
def test_an_unknown_choice_is_refused(desk: MenuDesk, choice: str | None) -> None:
    assert refused_for(desk, say("menu", Choice=choice)) == "bad_choice"


@pytest.mark.parametrize("call", [None, "", "a b", "x" * 65536, b"\xff"])
def test_a_channel_without_a_good_id_is_refused(desk: MenuDesk, call: str | bytes | None) -> None:
    assert refused_for(desk, say("menu", Call=call)) == "bad_id"


@given(
    st.dictionaries(
        st.sampled_from(["UserEvent", "Token", "Call", "Listener", "Pin", "Choice"]),
        st.one_of(st.none(), st.text(max_size=40), st.binary(max_size=40), st.just("9" * 65536)),
    )
)
@settings(max_examples=60)
def test_whatever_was_keyed_it_is_judged_or_refused(
    changed: dict[str, str | bytes | None],
) -> None:
    desk = MenuDesk(SEAL, Counter())
    desk.doors = {"2000": Door("anne", f"kept {RIGHT}")}
    try:
        request = desk.read(say("menu", **changed))
    except BadMessage:
        return
    if request is not None:
        assert (desk.judge(request, NOW).event is not None) == (request == keyed())


@pytest.mark.parametrize(
    ("choice", "event", "answer"),
    [
        ("ready", ListenerCameOn("anne"), "ready"),
        ("pause", ListenerPaused("anne"), "paused"),
        ("off", ListenerWentOff("anne"), "off"),
    ],
)
def test_each_choice_is_an_event_and_the_words_that_confirm_it(
    desk: MenuDesk, choice: str, event: AnyEvent, answer: str
) -> None:
    assert desk.judge(keyed(choice=choice), NOW) == MenuVerdict(CALL, event, answer)


@pytest.mark.parametrize("pin", [WRONG, "", "1234", "x" * 65536])
def test_a_wrong_pin_lets_nobody_in(desk: MenuDesk, pin: str) -> None:
    assert desk.judge(keyed(pin), NOW) == REFUSED


@pytest.mark.parametrize("login", ["", "9999", "anne", "x" * 65536])
def test_an_unknown_number_is_refused_like_a_wrong_pin(
    desk: MenuDesk, counter: Counter, login: str
) -> None:
    assert desk.judge(keyed(login=login), NOW) == REFUSED
    assert counter.asked == 0


def test_after_five_wrong_pins_the_right_one_is_not_even_looked_at(
    desk: MenuDesk, counter: Counter
) -> None:
    close_the_door(desk)
    assert desk.judge(keyed(), NOW + 1.0) == REFUSED
    assert counter.asked == 5


def test_four_wrong_pins_close_no_door_and_the_right_one_clears_them(desk: MenuDesk) -> None:
    for _ in range(3):
        for _ in range(4):
            desk.judge(keyed(WRONG), NOW)
        assert desk.judge(keyed(), NOW) == LETS_ANNE_IN


def test_a_closed_door_opens_after_a_quarter_of_an_hour_and_no_sooner(desk: MenuDesk) -> None:
    close_the_door(desk)
    assert desk.judge(keyed(), NOW + 900.0) == REFUSED
    assert desk.judge(keyed(), NOW + 900.1) == LETS_ANNE_IN


def test_whoever_goes_on_guessing_at_a_closed_door_does_not_keep_it_closed(
    desk: MenuDesk,
) -> None:
    close_the_door(desk)
    for minute in range(15):
        desk.judge(keyed(WRONG), NOW + minute * 60.0)
    assert desk.judge(keyed(), NOW + 900.1) == LETS_ANNE_IN


def test_guesses_are_let_in_again_one_by_one_as_the_old_ones_age(
    desk: MenuDesk, counter: Counter
) -> None:
    for second in range(5):
        desk.judge(keyed(WRONG), NOW + second)
    desk.judge(keyed(WRONG), NOW + 900.5)
    desk.judge(keyed(WRONG), NOW + 900.6)
    assert counter.asked == 6


def test_one_listeners_closed_door_is_nobody_elses(desk: MenuDesk) -> None:
    close_the_door(desk)
    assert desk.judge(keyed("1234", "2001"), NOW).event == ListenerCameOn("bob")


def test_guesses_on_many_lines_at_the_same_time_are_counted_too() -> None:
    lines = 8
    together, asked = Barrier(lines), Counter()

    def compare(pin: str, kept: str) -> bool:
        with suppress(BrokenBarrierError):
            # Where all were let through at once they would meet here, before any was counted.
            together.wait(0.05)
        return asked(pin, kept)

    desk = MenuDesk(SEAL, compare)
    desk.doors = {"2000": Door("anne", f"kept {RIGHT}")}
    with ThreadPoolExecutor(lines) as pool:
        verdicts = list(pool.map(lambda _: desk.judge(keyed(WRONG), NOW), range(lines)))
    assert verdicts == [REFUSED] * lines
    assert asked.asked == 5


def test_a_pin_is_judged_by_its_hash_as_the_config_keeps_it() -> None:
    desk = MenuDesk(SEAL, pin_matches)
    desk.doors = {"2000": Door("anne", hash_pin(RIGHT))}
    assert desk.judge(keyed(WRONG), NOW) == REFUSED
    assert desk.judge(keyed(), NOW) == LETS_ANNE_IN


def test_a_pin_is_shown_nowhere(desk: MenuDesk) -> None:
    word = say("menu", Listener="7777")
    request = desk.read(word)
    assert request is not None
    shown = [repr(word), repr(request), str(request), pretty_repr(request)]
    shown += [repr(desk.judge(request, NOW)), pretty_repr(word)]
    assert not [text for text in shown if RIGHT in text or "7777" in text]
