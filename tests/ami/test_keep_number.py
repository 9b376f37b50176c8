"""A caller's number goes one way from here: to where it is sealed."""

from __future__ import annotations

import pytest

from router.ami.mirror import CallerLeg, Mirror
from router.ami.parse import BadMessage
from router.ami.translate import Translator
from tests.ami.hearing import CALLER, hash_caller, seen
from tests.ami.words import ARRIVED, CALL, NUMBER, SEAL, say

CALLED_BACK = "dcb-p-1-1"


@pytest.fixture
def shown() -> list[tuple[str, CallerLeg, str]]:
    return []


@pytest.fixture
def translator(shown: list[tuple[str, CallerLeg, str]]) -> Translator:
    made = Translator(Mirror(), SEAL, hash_caller)
    made.keep_number = lambda call, leg, number: shown.append((call, leg, number))
    return made


@pytest.mark.parametrize(
    ("word", "in_fallback"), [("arrived", False), ("waiting", False), ("fallback", True)]
)
def test_each_word_that_bears_a_number_shows_it_and_nothing_else_has_it(
    translator: Translator,
    shown: list[tuple[str, CallerLeg, str]],
    word: str,
    in_fallback: bool,  # noqa: FBT001 - of a table
) -> None:
    told = translator.translate(say(word))
    leg = CallerLeg("health", CALLER, ARRIVED, in_fallback=in_fallback)
    assert shown == [(CALL, leg, NUMBER)]
    assert NUMBER[1:] not in repr(told) + seen(translator._mirror)


def test_a_word_without_its_token_shows_no_number(
    translator: Translator, shown: list[tuple[str, CallerLeg, str]]
) -> None:
    with pytest.raises(BadMessage):
        translator.translate(say("arrived", Token="0" * 40))
    assert shown == []


def test_our_own_number_is_not_kept_for_whom_we_have_called_back(
    translator: Translator, shown: list[tuple[str, CallerLeg, str]]
) -> None:
    token = SEAL.token(CALLED_BACK)
    translator.translate(say("waiting", Call=CALLED_BACK, Token=token))
    assert list(translator._mirror.calls) == [CALLED_BACK]
    assert shown == []
