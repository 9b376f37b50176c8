"""A number that a caller types: to where it is sealed it goes, and to nothing else."""

from __future__ import annotations

from typing import get_args

import pytest

from router.ami.mirror import CallerLeg
from router.core.promise_events import NumberTyped, WhyNotNoted
from tests.ami.hearing import CALLER, Ear, hash_caller, seen
from tests.ami.words import ARRIVED, CALL, NUMBER, OFFER, SEAL, TYPED, say


class Taker:
    """Where typed numbers are shown."""

    def __init__(self, refusal: WhyNotNoted | None = None) -> None:
        self.taken: list[tuple[str, CallerLeg, str, int]] = []
        self._refusal = refusal

    def __call__(
        self, call: str, leg: CallerLeg, number: str, which_try: int
    ) -> WhyNotNoted | None:
        self.taken.append((call, leg, number, which_try))
        return self._refusal


@pytest.fixture
def ear() -> Ear:
    """Give an ear that knows of a caller."""
    ear = Ear()
    ear.hear(say("arrived"))
    return ear


def test_the_engine_is_told_a_hash_and_the_number_is_shown_to_who_seals_it(ear: Ear) -> None:
    ear.typed_numbers.take = taker = Taker()
    told = ear.hear(say("number", Try="2"))
    hashed = hash_caller(TYPED)
    assert told == [NumberTyped(CALL, hashed)]
    assert taker.taken == [(CALL, CallerLeg("health", hashed, ARRIVED), TYPED, 2)]
    assert TYPED[1:] not in repr(told) + seen(ear.mirror)
    # What the call shows is theirs still.
    assert ear.mirror.calls[CALL].caller == CALLER


@pytest.mark.parametrize("written", [NUMBER, "0033639980042", "33639980042"])
def test_the_number_that_the_call_shows_is_its_callers_however_it_is_typed(
    ear: Ear, written: str
) -> None:
    assert ear.hear(say("number", Number=written)) == [NumberTyped(CALL, CALLER)]


def test_whose_number_does_not_show_has_the_hash_of_what_they_type(ear: Ear) -> None:
    ear.hear(say("waiting", CallerIDNum=""))
    assert ear.hear(say("number")) == [NumberTyped(CALL, hash_caller(TYPED))]


@pytest.mark.parametrize("why", get_args(WhyNotNoted))
def test_a_number_that_is_refused_is_nobodys_and_the_reason_is_told(
    ear: Ear, why: WhyNotNoted
) -> None:
    ear.typed_numbers.take = Taker(why)
    assert ear.hear(say("number")) == [NumberTyped(CALL, None, why)]


@pytest.mark.parametrize(
    "number",
    [
        "",
        "1234567890123456",
        "6" * 65536,
        "+33639980042",
        "06 39 98 00 42",
        "06399800*2",
        "\u0660\u0666\u0663\u0669\u0669\u0668\u0660\u0660\u0664\u0662",
        "0639980042\u0000",
        "0639980042@trunk",
        "0639980042&PJSIP",
        "anonymous",
        "${SHELL(id)}",
        "-1",
        None,
    ],
)
def test_what_no_telephone_can_have_typed_is_refused(ear: Ear, number: str | None) -> None:
    ear.typed_numbers.take = taker = Taker()
    assert ear.refuses(say("number", Number=number)) == "bad_number"
    assert taker.taken == []


@pytest.mark.parametrize("which", ["", "0", "4", "11", "-1", "\u0661", "one", None])
def test_a_try_that_there_is_none_of_is_refused(ear: Ear, which: str | None) -> None:
    assert ear.refuses(say("number", Try=which)) == "bad_number"


@pytest.mark.parametrize("token", ["", "0" * 40, SEAL.token(OFFER), None])
def test_nobody_else_types_for_a_call(ear: Ear, token: str | None) -> None:
    ear.typed_numbers.take = taker = Taker()
    assert ear.refuses(say("number", Token=token)) == "wrong_token"
    assert taker.taken == []


def test_a_listeners_leg_types_no_number(ear: Ear) -> None:
    assert ear.refuses(say("number", OFFER)) == "bad_id"


def test_what_is_typed_in_a_call_that_nobody_knows_of_is_kept_by_nobody(ear: Ear) -> None:
    ear.typed_numbers.take = taker = Taker()
    ear.hear(say("hangup", CALL))
    assert ear.hear(say("number")) == []
    assert taker.taken == []
