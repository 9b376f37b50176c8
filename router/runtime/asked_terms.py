"""What becomes of a call-back that is asked for without a call: refused, or when and by whom."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final, Literal

from msgspec import Struct

from router.ami.translate import CallerHasher
from router.config import Settings
from router.config.call_back import call_back_of
from router.core.hours import DAY_SECONDS, after_allowed, next_allowed
from router.core.policy import CallBack
from router.numbers.call_back import CallBackNumbers, NumberRefused
from router.store.kept_numbers import OwedNumber
from router.store.number_vault import SealedNumber
from router.web.counter import Asked, PromiseRefused

SLACK_SECONDS: Final = 300.0
"""A beginning so long ago is now: somebody's clock is slow, or they took their time to send it."""


class Terms(Struct, frozen=True):
    """A call-back that is to be had. Epoch seconds."""

    number: str
    """In its E.164 form."""
    caller: str
    """A keyed hash."""
    line: str
    origin: Literal["site", "ops"]
    place_at: float
    not_before: float
    due_by: float
    usual: str | None
    by_senior: bool

    def record(self, number: SealedNumber) -> OwedNumber:
        """Give what is stored of it."""
        return OwedNumber(
            line=self.line,
            caller=self.caller,
            origin=self.origin,
            place_at=self.place_at,
            not_before=self.not_before,
            due_by=self.due_by,
            number=number,
            usual=self.usual,
            by_senior=self.by_senior,
        )


class Judge:
    """Says what is to be had, by the settings and of the numbers that it is given."""

    def __init__(
        self, settings: Settings, numbers: CallBackNumbers, hash_caller: CallerHasher
    ) -> None:
        self._settings = settings
        self._numbers = numbers
        self._hash_caller = hash_caller
        self._listeners = {
            one.code: name for name, one in settings.listeners.items() if one.code is not None
        }

    def terms(self, asked: Asked, now: float) -> Terms:
        """Give on what terms somebody is called back who asks for it now.

        Raises
        ------
        PromiseRefused
            if they are not.

        """
        number, caller = self._number(asked.number)
        rules = self._rules(asked.line, by_senior=asked.by_senior)
        begins = now if asked.begins is None else max(now, asked.begins)
        self._check_window(asked, now)
        not_before = next_allowed(begins, rules, self._utc_offset)
        if asked.ends is not None and asked.ends <= not_before:
            raise PromiseRefused("outside_hours", "this line calls nobody back at these hours")
        return Terms(
            number=number,
            caller=caller,
            line=asked.line,
            origin=asked.origin,
            place_at=begins,
            not_before=not_before,
            due_by=asked.ends if asked.ends is not None else self._due_by(not_before, rules),
            usual=self._listener(asked.listener),
            by_senior=asked.by_senior,
        )

    def _number(self, text: str) -> tuple[str, str]:
        try:
            number = self._numbers.check(text)
        except NumberRefused as refused:
            raise PromiseRefused(refused.reason, str(refused)) from None
        caller = self._hash_caller(number)
        assert caller is not None, "a number that may be called back has a hash"
        return number, caller

    def _rules(self, line: str, *, by_senior: bool) -> CallBack:
        known = self._settings.lines.get(line)
        if known is None:
            raise PromiseRefused("unknown_line", "there is no line of this name")
        if known.call_back is None:
            raise PromiseRefused("not_offered", "this line calls nobody back")
        if by_senior and not known.senior_ladder:
            raise PromiseRefused(
                "not_offered", "this line has no seniors: expected a senior_ladder"
            )
        return call_back_of(known.call_back)

    def _listener(self, code: str | None) -> str | None:
        if code is None:
            return None
        if code not in self._listeners:
            raise PromiseRefused("unknown_listener", "no listener has this code")
        return self._listeners[code]

    def _check_window(self, asked: Asked, now: float) -> None:
        begins = now if asked.begins is None else asked.begins
        ends = begins if asked.ends is None else asked.ends
        if asked.ends is not None and asked.begins is not None and ends <= begins:
            raise PromiseRefused("window_backwards", "expected an end that is after the beginning")
        if ends <= now - (SLACK_SECONDS if asked.ends is None else 0.0):
            raise PromiseRefused("window_past", "this time is over")
        days = self._settings.call_back.horizon_days
        if max(begins, ends) > now + days * DAY_SECONDS:
            raise PromiseRefused("window_too_far", f"expected a time within {days} days")

    def _due_by(self, not_before: float, rules: CallBack) -> float:
        return after_allowed(not_before, rules.within_seconds, rules, self._utc_offset)

    def _utc_offset(self, at: float) -> float:
        calendar = self._settings.calendar()
        return calendar.utc_offset_seconds(datetime.fromtimestamp(at, UTC))
