"""The same plain queue in Ciw, a simulator by others: https://ciw.readthedocs.io."""

from __future__ import annotations

import ciw

from simulations.oracle.trace import Fates, Load


def ciw_fates(load: Load, calls: int, seed: int) -> Fates:
    """Let Ciw draw and serve so many callers; give their fates in the order of arrival."""
    records = sorted(run_ciw(load, calls, seed), key=lambda record: record.arrival_date)
    return Fates(
        answered=[record.record_type == "service" for record in records],
        waited_seconds=[record.waiting_time for record in records],
    )


def run_ciw(load: Load, calls: int, seed: int) -> list[ciw.data_record.DataRecord]:
    """Run until so many callers are through."""
    ciw.seed(seed)
    reneging = (
        {"reneging_time_distributions": [ciw.dists.Exponential(1.0 / load.patience_seconds)]}
        if load.patience_seconds is not None
        else {}
    )
    network = ciw.create_network(
        arrival_distributions=[ciw.dists.Exponential(load.calls_a_second)],
        service_distributions=[ciw.dists.Exponential(1.0 / load.talk_seconds)],
        number_of_servers=[load.listeners],
        **reneging,
    )
    simulation = ciw.Simulation(network)
    simulation.simulate_until_max_customers(calls, method="Finish")
    records: list[ciw.data_record.DataRecord] = simulation.get_all_records()
    return records
