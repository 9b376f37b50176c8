"""Every caller's exact fate in a first-come line, for any arrivals, talks and patience.

The recursion of Kiefer and Wolfowitz (1955, "On the theory of queues with many servers") follows
when each listener is next free; Baccelli, Boyer and Hebuterne (1984, "Single-server queues with
impatient customers") let a caller who would have waited too long leave without a listener.

Ties are decided, not avoided. At one instant, talks end first, then callers give up, then callers
arrive, in the order of the trace. So whoever is reached at the very end of their patience is
answered. And no time is ever a difference: the same sums are made here and by the engine.
"""

from __future__ import annotations

from heapq import heapreplace

from simulations.oracle.trace import Fates, Trace


def exact(trace: Trace, listeners: int) -> Fates:
    """Give the fate of each caller of a line that so many listeners serve."""
    fates = Fates(answered=[], waited_seconds=[])
    free_at = [0.0] * listeners
    for arrived, talk, patience in zip(trace.arrived, trace.talks, trace.patience, strict=True):
        begins, gives_up = max(arrived, free_at[0]), arrived + patience
        answered = begins <= gives_up
        if answered:
            heapreplace(free_at, begins + talk)
        fates.answered.append(answered)
        fates.waited_seconds.append((begins if answered else gives_up) - arrived)
    return fates
