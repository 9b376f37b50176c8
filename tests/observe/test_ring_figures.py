"""How many phones ring for a call, and whether callers get the listener whom they know."""

from __future__ import annotations

import pytest

from router.core.commands import ReportAnswer, ReportOffer, ReportOutcome, RingListener
from router.observe.metrics import Metrics
from router.runtime.ring_figures import RingFigures

CALL = "1700000000.1"


class Rings:
    """The figures of one call's rings."""

    def __init__(self) -> None:
        self.metrics = Metrics()
        self.figures = RingFigures(self.metrics)

    def ring(self, offer: str, listener: str, *, known: bool = False) -> None:
        self.figures.rung(RingListener(offer, CALL, listener, "health", known, 20.0, 0.0))

    def over(self, offer: str) -> None:
        self.figures.offer_over(ReportOffer(offer, CALL, "anne", "health", "no_answer"))

    def answer(self, listener: str | None) -> None:
        self.figures.answered(ReportAnswer(CALL, "health", listener, 5.0))

    def figure(self, name: str, **labels: str) -> float | None:
        labels = {"line": "health", **labels}
        return self.metrics.registry.get_sample_value(f"decroche_{name}", labels)


def test_the_width_of_a_ring_counts_the_phones_that_ring_at_once() -> None:
    rings = Rings()
    rings.ring("dcr-1", "anne")
    rings.ring("dcr-2", "bruno")
    rings.over("dcr-1")
    rings.ring("dcr-3", "chloe")
    assert rings.figure("ring_width_bucket", le="1.0") == 1.0
    assert rings.figure("ring_width_sum") == 1 + 2 + 2
    for offer in ("dcr-2", "dcr-3"):
        rings.over(offer)
    rings.ring("dcr-4", "anne")
    assert rings.figure("ring_width_bucket", le="1.0") == 2.0


@pytest.mark.parametrize(("who", "result"), [("anne", "usual"), ("bruno", "another")])
def test_who_knows_a_listener_is_counted_by_whether_that_one_took_the_call(
    who: str, result: str
) -> None:
    rings = Rings()
    rings.ring("dcr-1", "anne", known=True)
    rings.ring("dcr-2", "bruno")
    rings.answer(who)
    rings.answer(who)
    assert rings.figure("same_listener_total", result=result) == 1.0


def test_who_knows_nobody_or_left_before_is_not_counted_there() -> None:
    rings = Rings()
    rings.ring("dcr-1", "bruno")
    rings.answer("bruno")
    rings.ring("dcr-2", "anne", known=True)
    rings.figures.ended(ReportOutcome(CALL, "health", "lost", 9.0, 0.0, 1))
    rings.answer("anne")
    for result in ("usual", "another"):
        assert rings.figure("same_listener_total", result=result) is None
