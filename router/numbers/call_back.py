"""Which numbers may be called back: people's, and nothing that harms, costs or goes in circles."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, Literal

import phonenumbers
from phonenumbers import PhoneNumber, PhoneNumberType

from router.errors import DecrocheError
from router.numbers.read import HOME_REGION, OVERSEAS, e164, normal_form, parse

Refusal = Literal["not_a_number", "emergency", "short", "premium", "own_line", "international"]
"""Why a number is not called back."""

EMERGENCY: Final = frozenset(
    "15 17 18 112 114 115 119 191 196 197 116000 116006 116111 116117 116123".split()  # noqa: SIM905 - a list of words
)

LONGEST_SHORT_DIGITS: Final = 6

_HOME_CODES: Final = frozenset(
    phonenumbers.country_code_for_region(region) for region in (HOME_REGION, *OVERSEAS)
)

_NOBODYS: Final = frozenset(
    {
        PhoneNumberType.PREMIUM_RATE,
        PhoneNumberType.SHARED_COST,
        PhoneNumberType.TOLL_FREE,
        PhoneNumberType.UAN,
        PhoneNumberType.PAGER,
        PhoneNumberType.VOICEMAIL,
    }
)
"""Services, not people: to call them may cost."""

_WORDS: Final[dict[Refusal, str]] = {
    "not_a_number": "expected a telephone number such as 0199000001 or +33199000001",
    "emergency": "emergency numbers are not called back",
    "short": "short numbers are not called back",
    "premium": "service and premium numbers are not called back",
    "own_line": "this is a number of our own",
    "international": "numbers abroad are not called back",
}


class NumberRefused(DecrocheError):  # noqa: N818 - it is an answer, as a refused event is
    """A number that is not called back. Its words never show it."""

    def __init__(self, reason: Refusal) -> None:
        super().__init__(_WORDS[reason])
        self.reason: Refusal = reason


class CallBackNumbers:
    """Judges numbers. `own` are those of our own lines, however written."""

    def __init__(self, own: Iterable[str], *, international: bool) -> None:
        self._own = frozenset(normal_form(number) for number in own)
        self._international = international

    def check(self, text: str) -> str:
        """Give the E.164 form of a number that may be called back.

        Raises
        ------
        NumberRefused
            if it may not, with the reason in a word.

        """
        number = parse(text)
        if number is None:
            raise NumberRefused("not_a_number")
        reason = _refusal(number) or self._refusal_here(number)
        if reason is not None:
            raise NumberRefused(reason)
        return e164(number)

    def _refusal_here(self, number: PhoneNumber) -> Refusal | None:
        if e164(number) in self._own:
            return "own_line"
        if number.country_code not in _HOME_CODES and not self._international:
            return "international"
        return "premium" if _is_a_service(number) else None


def _refusal(number: PhoneNumber) -> Refusal | None:
    digits = str(number.national_number)
    if digits in EMERGENCY:
        return "emergency"
    if phonenumbers.is_possible_number(number):
        return None
    return "short" if len(digits) <= LONGEST_SHORT_DIGITS else "not_a_number"


def _is_a_service(number: PhoneNumber) -> bool:
    """Say whether nobody in particular is behind a number.

    A number that the library does not know is tried: its knowledge of new ranges lags behind. The
    08 of France are services, all of them; numbers of no country are satellites and services.
    """
    in_france = number.country_code == phonenumbers.country_code_for_region(HOME_REGION)
    if in_france and str(number.national_number).startswith("8"):
        return True
    if phonenumbers.region_code_for_country_code(number.country_code or 0) == "001":
        return True
    return phonenumbers.number_type(number) in _NOBODYS
