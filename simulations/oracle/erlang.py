"""What theory says of a plain queue with exponential arrivals, talks and patience."""

from __future__ import annotations

from math import exp, log

from msgspec import Struct
from scipy.special import gammainc, gammaln
from scipy.stats import poisson

from simulations.oracle.trace import Load


class Figures(Struct, frozen=True):
    """What a queue does to its callers in the long run."""

    waits: float
    """Share of the callers who do not get a listener at once."""
    abandons: float
    """Share of the callers who give up."""
    wait_seconds: float
    """Mean over all callers, whether they were answered or gave up."""


def theory(load: Load) -> Figures:
    """Give what Erlang-A says of a load, or Erlang-C where nobody gives up."""
    if load.patience_seconds is None:
        return erlang_c(load.listeners, load.erlangs, load.talk_seconds)
    return erlang_a(load.listeners, load.erlangs, load.talk_seconds, load.patience_seconds)


def erlang_b(listeners: int, erlangs: float) -> float:
    """Give the share of callers who find everybody busy where nobody waits (Erlang, 1917)."""
    return float(poisson.pmf(listeners, erlangs) / poisson.cdf(listeners, erlangs))


def erlang_c(listeners: int, erlangs: float, talk_seconds: float) -> Figures:
    """Give the figures of a queue without impatience.

    Source: Erlang, 1917, "Solution of some problems in the theory of probabilities of significance
    in automatic telephone exchanges"; as in Cooper, "Introduction to queueing theory", 1981.

    Raises
    ------
    ValueError
        if the listeners cannot keep up: the line would grow for ever.

    """
    spare = listeners - erlangs
    if spare <= 0.0:
        raise ValueError(f"{listeners} listeners for {erlangs} Erlang: expected more than the load")
    blocked = erlang_b(listeners, erlangs)
    waits = listeners * blocked / (spare + erlangs * blocked)
    return Figures(waits=waits, abandons=0.0, wait_seconds=waits * talk_seconds / spare)


def erlang_a(
    listeners: int, erlangs: float, talk_seconds: float, patience_seconds: float
) -> Figures:
    """Give the figures of a queue whose callers give up after an exponential patience.

    Source: Palm's model as in Mandelbaum and Zeltyn, 2007, "Service engineering in action: the
    Palm/Erlang-A queue, with applications to call centers", whose A(x, y) is `_palm` here.
    """
    per_listener = erlangs / listeners
    palm = _palm(
        listeners * patience_seconds / talk_seconds, erlangs * patience_seconds / talk_seconds
    )
    blocked = erlang_b(listeners, erlangs)
    waits = palm * blocked / (1.0 + (palm - 1.0) * blocked)
    abandons = waits * (1.0 / (per_listener * palm) + 1.0 - 1.0 / per_listener)
    return Figures(waits=waits, abandons=abandons, wait_seconds=abandons * patience_seconds)


def _palm(x: float, y: float) -> float:
    """Give x e^y y^-x times the lower incomplete gamma function of x and y, without overflow."""
    return exp(log(float(gammainc(x, y))) + float(gammaln(x + 1.0)) + y - x * log(y))
