"""The ceiling: Erlang-A in a bare loop over a heap, which knows of nothing else."""

from __future__ import annotations

from collections import deque
from heapq import heappop, heappush

from simulations.oracle.trace import Trace

TALK_ENDS, GIVES_UP = 0, 1


def run_bare(trace: Trace, listeners: int) -> None:
    """Serve every caller of a trace."""
    free = listeners
    line: deque[int] = deque()
    waiting: set[int] = set()
    to_come: list[tuple[float, int, int]] = []
    for caller, arrived in enumerate(trace.arrived):
        while to_come and to_come[0][0] <= arrived:
            free += _next(trace, to_come, line, waiting)
        if free:
            free -= 1
            heappush(to_come, (arrived + trace.talks[caller], TALK_ENDS, caller))
        else:
            line.append(caller)
            waiting.add(caller)
            heappush(to_come, (arrived + trace.patience[caller], GIVES_UP, caller))
    while to_come:
        free += _next(trace, to_come, line, waiting)


def _next(
    trace: Trace, to_come: list[tuple[float, int, int]], line: deque[int], waiting: set[int]
) -> int:
    """Let the next thing happen; give how many listeners it leaves free."""
    now, what, caller = heappop(to_come)
    if what == GIVES_UP:
        waiting.discard(caller)
        return 0
    while line:
        first = line.popleft()
        if first in waiting:
            waiting.remove(first)
            heappush(to_come, (now + trace.talks[first], TALK_ENDS, first))
            return 0
    return 1
