"""Writes docs/metrics.md: each metric with its type, its labels and its meaning, from the code.

`python -m router.observe.page > docs/metrics.md`, or `make metrics-page`.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator

from msgspec import Struct
from prometheus_client.metrics import MetricWrapperBase

from router.observe.metrics import Metrics

HEAD = """\
# Metrics

What `/metrics` on the `[web]` port tells Prometheus. Every name begins with `decroche_`; those of
the process itself (`process_cpu_seconds_total`, `process_resident_memory_bytes` and the like) come
besides. Names end in their unit, counters in `_total`; a histogram has `_bucket`, `_sum` and
`_count`.

No label grows with the callers or the listeners: `line` and `pool` are those of the configuration,
`client` those of its `[api]`, and every other label has a closed set of values. Counters of a line
are 0 before the first, so that the first is an increase.

`make metrics-page` writes this page from the code, and a test holds the two together. What is made
of the figures is in `config/prometheus/rules`, what to do when an alert comes in
[runbook.md](runbook.md).

| metric | type | labels | meaning |
|---|---|---|---|
"""

ENDINGS = {"counter": "_total", "info": "_info"}
LABELS = {"decroche_build_info": ("version",)}
"""Of what is no label to the library."""


class Told(Struct, frozen=True):
    """One metric, as the code tells of it."""

    name: str
    kind: str
    labels: tuple[str, ...]
    meaning: str


def told(metrics: Metrics) -> Iterator[Told]:
    """Tell of each metric of ours, in the code's order."""
    for metric in vars(metrics).values():
        if isinstance(metric, MetricWrapperBase):
            (family,) = metric.describe()
            name = family.name + ENDINGS.get(family.type, "")
            labels = tuple(metric._labelnames)  # noqa: SLF001 - said nowhere else
            yield Told(name, family.type, labels or LABELS.get(name, ()), family.documentation)


def page(metrics: Metrics) -> str:
    """Give the whole page."""
    rows = (
        f"| `{one.name}` | {one.kind} | {', '.join(f'`{name}`' for name in one.labels)} "
        f"| {one.meaning} |\n"
        for one in told(metrics)
    )
    return HEAD + "".join(rows)


if __name__ == "__main__":
    sys.stdout.write(page(Metrics()))
