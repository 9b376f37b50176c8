"""From which value on a panel changes its colour, and what those colours mean."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from grafana_foundation_sdk.builders import dashboard as build
from grafana_foundation_sdk.models.dashboard import Threshold, ThresholdsMode

WELL: Final = "green"
WATCH: Final = "orange"
ACT: Final = "red"
PLAIN: Final = "blue"
"""Neither good nor bad: how much there is of something."""
ASIDE: Final = "#8e8e8e"
"""There, and of no concern now."""


@dataclass(frozen=True)
class Limits:
    """The colour of the smallest values, and those from further values on."""

    lowest: str
    further: tuple[tuple[float, str], ...] = ()

    def build(self) -> build.ThresholdsConfig:
        """Give them in Grafana's terms."""
        steps = [Threshold(value=None, color=self.lowest)]
        steps += [Threshold(value=value, color=colour) for value, colour in self.further]
        return build.ThresholdsConfig().mode(ThresholdsMode.ABSOLUTE).steps(steps)


def bad_from(watch: float, act: float | None = None) -> Limits:
    """Give the limits of what is to be small: from where to watch it, and from where to act."""
    further = ((watch, WATCH),) if act is None else ((watch, WATCH), (act, ACT))
    return Limits(WELL, further)


def never(act: float = 1) -> Limits:
    """Give the limits of what is not to happen at all."""
    return Limits(WELL, ((act, ACT),))


def good_from(watch: float, well: float) -> Limits:
    """Give the limits of what is to be large: too little, little, enough."""
    return Limits(ACT, ((watch, WATCH), (well, WELL)))


YES_OR_NO: Final = Limits(ACT, ((1, WELL),))
"""Of what is 1 while all is well."""

NO_LIMIT: Final = Limits(PLAIN)
"""Of an amount that is neither too small nor too large."""
