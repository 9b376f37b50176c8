"""The kinds of value that only a scenario holds, each with what is expected, in words."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta

from simulations.seed import MOST


def _number(expected: str, *, at_most: float) -> Meta:
    return Meta(ge=0, le=at_most, extra={"expected": expected})


def _whole(low: int, high: int) -> Meta:
    return Meta(ge=low, le=high, extra={"expected": f"a whole number from {low} to {high}"})


_YEAR_SECONDS = 366 * 86_400.0

RunDays = Annotated[float, Meta(gt=0, le=36_500, extra={"expected": "days, more than 0"})]
Count = Annotated[int, _whole(0, 1_000_000)]
Several = Annotated[int, _whole(1, 1_000_000)]
Seed = Annotated[int, _whole(0, MOST)]
Share = Annotated[float, _number("a share from 0 to 1", at_most=1)]
Rate = Annotated[float, _number("calls an hour, from 0 on", at_most=10_000_000)]
Factor = Annotated[float, _number("a factor from 0 to 1000", at_most=1_000)]
Hour = Annotated[float, _number("hours from the start, from 0 on", at_most=1_000_000)]
Hours = Annotated[float, _number("hours, from 0 on", at_most=100_000)]
Every = Annotated[float, Meta(gt=0, le=100_000, extra={"expected": "hours, more than 0"})]
Lasting = Annotated[float, Meta(gt=0, le=_YEAR_SECONDS, extra={"expected": "seconds, more than 0"})]
Span = Annotated[float, _number("seconds, from 0 on", at_most=_YEAR_SECONDS)]
Spread = Annotated[float, _number("a spread from 0 to 10", at_most=10)]
Kind = Annotated[
    Literal["fixed", "exponential", "lognormal", "empirical"],
    Meta(extra={"expected": "'fixed', 'exponential', 'lognormal' or 'empirical'"}),
]
