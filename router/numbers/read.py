"""A telephone number in its one form, however it was written."""

from __future__ import annotations

import re
from typing import Final

import phonenumbers
from phonenumbers import PhoneNumber

HOME_REGION: Final = "FR"
"""Where a number without a country code belongs."""

OVERSEAS: Final = ("GP", "RE", "GF", "MQ", "YT", "PM", "WF", "PF", "NC")
"""The rest of home: whose numbers are written in France without a country code too, some of them
(0692 ...), and have one of their own."""

WRITTEN: Final = re.compile(r"\+?[0-9 ().\-/\u00a0\u202f]{1,40}")
"""What may be a number at all. The words that stand for one (`anonymous`, `unknown`) are not."""

ANONYMOUS_ON_KEYS: Final = "266696687"
"""What some networks send in place of a number: the word, keyed on a telephone."""

MADE_UP: Final = "63998"
"""How the mobile numbers begin, in France, that no phone will ever have: films use them, and
tests. To the library they are none."""


def parse(text: str) -> PhoneNumber | None:
    """Read what may be a number, a short one too; None where it is none."""
    written = text.strip()
    if not WRITTEN.fullmatch(written) or written.lstrip("+") == ANONYMOUS_ON_KEYS:
        return None
    if not set(written) & set("123456789"):
        return None
    try:
        number = _at_home(written, phonenumbers.parse(written, HOME_REGION))
    except phonenumbers.NumberParseException:
        return None
    return None if _lacks_a_digit(number) else number


def e164(number: PhoneNumber) -> str:
    """Give a number's international form, such as +33199000001."""
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def normal_form(text: str) -> str | None:
    """Give the one form of all the ways to write a number; None where it is none, or short."""
    number = parse(text)
    if number is None or not phonenumbers.is_possible_number(number):
        return None
    return e164(number)


def _lacks_a_digit(number: PhoneNumber) -> bool:
    """Say whether this is a French number of nine digits, its 0 among them."""
    in_france = number.country_code == phonenumbers.country_code_for_region(HOME_REGION)
    return in_france and bool(number.italian_leading_zero)


def _at_home(written: str, number: PhoneNumber) -> PhoneNumber:
    """Give the number of an overseas part of home where France itself has none such."""
    national = str(number.national_number)
    in_france = number.country_code == phonenumbers.country_code_for_region(HOME_REGION)
    if not in_france or national.startswith(MADE_UP) or phonenumbers.is_valid_number(number):
        return number
    if written.startswith(("+", "00")):
        return number
    for region in OVERSEAS:
        there = phonenumbers.parse(f"0{national}", region)
        if phonenumbers.is_valid_number_for_region(there, region):
            return there
    return number
