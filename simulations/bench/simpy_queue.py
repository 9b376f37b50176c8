"""Erlang-A in SimPy, a process for each call: https://simpy.readthedocs.io, "bank renege"."""

from __future__ import annotations

from collections.abc import Generator

import simpy

from simulations.oracle.trace import Trace


def run_simpy(trace: Trace, listeners: int) -> None:
    """Serve every caller of a trace."""
    environment = simpy.Environment()
    crew = simpy.Resource(environment, listeners)
    environment.process(_arrivals(environment, crew, trace))
    environment.run()


def _arrivals(
    environment: simpy.Environment, crew: simpy.Resource, trace: Trace
) -> Generator[simpy.Event, object, None]:
    for arrived, talk, patience in zip(trace.arrived, trace.talks, trace.patience, strict=True):
        yield environment.timeout(arrived - environment.now)
        environment.process(_call(environment, crew, talk, patience))


def _call(
    environment: simpy.Environment, crew: simpy.Resource, talk: float, patience: float
) -> Generator[simpy.Event, object, None]:
    with crew.request() as listener:
        yield listener | environment.timeout(patience)
        if listener.triggered:
            yield environment.timeout(talk)
