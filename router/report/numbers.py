"""Numbers as people read them, in English and in French, each with its unit."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass

NOTHING = "\N{EN DASH}"
"""Stands where a figure has no value: no call, so no share and no wait."""

_THIN = "\N{NARROW NO-BREAK SPACE}"
_FIXED = "\N{NO-BREAK SPACE}"
_MINUTE_SECONDS, _HOUR_SECONDS, _DAY_SECONDS = 60, 3600, 86_400
_MANY_DAYS_SECONDS = 2 * _DAY_SECONDS
"""From here on hours and minutes no longer help."""

_SHARE_STEPS = 10_000
"""A share is shown in hundredths of a percent."""

_UNSHOWABLE = re.compile(
    "[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]"
)
"""What steers a terminal or turns the text around, or cannot be written down at all."""


@dataclass(frozen=True)
class Language:
    """How one language writes numbers."""

    code: str
    point: str
    thousands: str
    days: str

    def count(self, number: float) -> str:
        """Write a whole number: 4,000."""
        return f"{round(number):,}".replace(",", self.thousands)

    def share(self, share: float | None) -> str:
        """Write a share from 0 to 1 in percent.

        It is never rounded up, so that 100 % means every single one, and never down to nothing.
        """
        if share is None:
            return NOTHING
        steps = math.floor(round(share * _SHARE_STEPS, 6))
        if steps == 0 and share > 0:
            return f"<{_FIXED}0{self.point}01{_FIXED}%"
        text = f"{steps / 100:.2f}".rstrip("0").rstrip(".")
        return f"{text.replace('.', self.point)}{_FIXED}%"

    def seconds(self, seconds: float | None) -> str:
        """Write a length of time, given in seconds."""
        if seconds is None:
            return NOTHING
        if round(seconds, 1) < _MINUTE_SECONDS:
            text = f"{seconds:.1f}".removesuffix(".0").replace(".", self.point)
            return f"{text}{_FIXED}s"
        whole = round(seconds)
        if whole < _HOUR_SECONDS:
            return f"{whole // 60}{_FIXED}min{_FIXED}{whole % 60:02}{_FIXED}s"
        if whole < _MANY_DAYS_SECONDS:
            minutes = round(seconds / 60)
            return f"{minutes // 60}{_FIXED}h{_FIXED}{minutes % 60:02}{_FIXED}min"
        text = f"{seconds / _DAY_SECONDS:,.1f}".removesuffix(".0").replace(",", self.thousands)
        return f"{text.replace('.', self.point)}{_FIXED}{self.days}"


ENGLISH = Language("en", ".", ",", "days")
FRENCH = Language("fr", ",", _THIN, "jours")


def plain(text: str) -> str:
    """Give a name as it may be shown anywhere: what is not print becomes a replacement mark."""
    return _UNSHOWABLE.sub("\ufffd", text)
