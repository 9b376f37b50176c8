"""Which numbers are called back, and why others are not."""

from __future__ import annotations

import phonenumbers
import pytest
from hypothesis import given
from hypothesis import strategies as st
from phonenumbers import PhoneNumberFormat, PhoneNumberType

from router.numbers.call_back import CallBackNumbers, NumberRefused
from router.numbers.read import OVERSEAS, normal_form

OWN = ["0805232336", "+33199000003"]
home = CallBackNumbers(OWN, international=False)
abroad = CallBackNumbers(OWN, international=True)

MOBILE = PhoneNumberType.MOBILE
SERVICES = [
    PhoneNumberType.PREMIUM_RATE,
    PhoneNumberType.SHARED_COST,
    PhoneNumberType.TOLL_FREE,
]


def reason(number: str, numbers: CallBackNumbers = home) -> str:
    with pytest.raises(NumberRefused) as refused:
        numbers.check(number)
    assert len(number) < 4 or number not in str(refused.value)
    return refused.value.reason


def example(region: str, kind: int) -> tuple[str, str]:
    """Give the library's own example of a number: as it is written at home, and as E.164."""
    number = phonenumbers.example_number_for_type(region, kind)
    assert number is not None
    return (
        phonenumbers.format_number(number, PhoneNumberFormat.NATIONAL),
        phonenumbers.format_number(number, PhoneNumberFormat.E164),
    )


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("0199000001", "+33199000001"),
        ("01 99 00 00 01", "+33199000001"),
        ("+33 (0)1 99 00 00 01", "+33199000001"),
        ("0033199000001", "+33199000001"),
        ("33199000001", "+33199000001"),
        ("06 39 98 00 01", "+33639980001"),
        example("FR", PhoneNumberType.VOIP),
    ],
)
def test_a_persons_number_is_called_back_in_its_one_form(written: str, number: str) -> None:
    assert home.check(written) == number == normal_form(written)


@pytest.mark.parametrize("region", OVERSEAS)
def test_overseas_is_home(region: str) -> None:
    _, number = example(region, MOBILE)
    assert home.check(number) == number
    assert home.check(f"00{number[1:]}") == number


@pytest.mark.parametrize("region", ["GP", "RE", "GF", "MQ"])
def test_an_overseas_number_without_its_country_code_is_the_same_person(region: str) -> None:
    written, number = example(region, MOBILE)
    assert written.startswith("06")
    assert home.check(written) == normal_form(written) == number


@pytest.mark.parametrize(
    "number", ["15", "17", "18", "112", "114", "115", "119", "196", "116000", "+33112", "116 117"]
)
def test_emergency_numbers_are_never_called_back(number: str) -> None:
    assert reason(number) == reason(number, abroad) == "emergency"


@pytest.mark.parametrize("number", ["3919", "3114", "3631", "118218", "99"])
def test_short_numbers_are_not_called_back(number: str) -> None:
    assert reason(number) == "short"


@pytest.mark.parametrize("kind", SERVICES)
def test_premium_and_service_numbers_are_not_called_back(kind: int) -> None:
    for number in example("FR", kind):
        assert number.replace(" ", "").lstrip("+3").startswith(("08", "8"))
        assert reason(number) == reason(number, abroad) == "premium"


def test_no_08_of_france_is_called_back_even_one_that_nobody_has_yet() -> None:
    assert {reason(f"08{digits:02}" + "000000") for digits in range(100)} == {"premium"}


@pytest.mark.parametrize("number", ["0805232336", "+33 805 23 23 36", "0199000003", "33199000003"])
def test_our_own_lines_are_not_called_back_however_they_are_written(number: str) -> None:
    assert reason(number) == "own_line"


@pytest.mark.parametrize("region", ["US", "BE", "GB", "DZ"])
def test_numbers_abroad_are_called_back_only_where_that_is_allowed(region: str) -> None:
    _, number = example(region, MOBILE)
    assert reason(number) == "international"
    assert abroad.check(number) == number


def test_satellites_and_foreign_services_stay_refused_where_abroad_is_allowed() -> None:
    for code in (881, 882, 979):
        number = phonenumbers.example_number_for_non_geo_entity(code)
        assert number is not None
        written = phonenumbers.format_number(number, PhoneNumberFormat.E164)
        assert reason(written, abroad) == "premium"
    assert reason(example("GB", PhoneNumberType.PREMIUM_RATE)[1], abroad) == "premium"


@pytest.mark.parametrize(
    "number",
    [
        "",
        " ",
        "+",
        "00",
        "anonymous",
        "266696687",
        "1" * 40,
        "0199000001" * 4,
        "019900001",
        "063998001",
        "\u0660\u0661\u0669\u0669\u0660\u0660\u0660\u0660\u0660\u0661",
        "\uff10\uff11\uff19\uff19\uff10\uff10\uff10\uff10\uff10\uff11",
        "0199000001\x00",
        "0199000001,,15",
        "0199000001&PJSIP/15",
        "0199000001@elsewhere",
        "\ud800",
    ],
)
def test_what_is_no_number_is_refused(number: str) -> None:
    assert reason(number) == "not_a_number"


@given(st.text())
def test_whatever_comes_there_is_a_number_to_dial_or_a_reason(text: str) -> None:
    try:
        number = abroad.check(text)
    except NumberRefused:
        return
    assert number.startswith("+")
    assert number[1:].isascii()
    assert number[1:].isdecimal()
    assert 8 <= len(number) <= 16
