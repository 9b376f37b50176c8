"""How long something takes, where that is drawn."""

from __future__ import annotations

from router.config.shape import Table
from simulations.scenario.fields import Kind, Span, Spread


class Distribution(Table, frozen=True):
    """How long something takes."""

    kind: Kind = "fixed"
    mean_seconds: Span | None = None
    """For all kinds but `empirical`."""
    deviation_seconds: Span | None = None
    """For `lognormal` only: the standard deviation."""
    median_seconds: Span | None = None
    sigma: Spread | None = None
    """For `lognormal` only, and then in the place of the two before: sigma is of the logarithm."""
    seconds: tuple[Span, ...] = ()
    """For `empirical` only: what was observed; each is as likely as the others."""


NOTHING = Distribution(mean_seconds=0.0)
