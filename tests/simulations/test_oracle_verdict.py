"""What `make oracle` tells its caller."""

from __future__ import annotations

import pytest

from simulations.oracle import check as oracle
from simulations.oracle.batches import Interval
from simulations.oracle.compare import CallByCall, Row
from simulations.oracle.trace import Load

RIGHT, WRONG = Interval(0.5, 0.01), Interval(0.6, 0.01)


@pytest.mark.parametrize(
    ("measured", "different_fates", "code"), [(RIGHT, 0, 0), (WRONG, 0, 1), (RIGHT, 1, 1)]
)
def test_the_exit_code_says_whether_everything_agrees(
    monkeypatch: pytest.MonkeyPatch, measured: Interval, different_fates: int, code: int
) -> None:
    row = Row(Load(1, 0.5, 1200.0, None), "decroche", "waits", 0.5, measured)
    monkeypatch.setattr(oracle, "rows", lambda *_: [row])
    monkeypatch.setattr(oracle, "call_by_call", lambda *_: CallByCall(9, different_fates, 0.0))
    monkeypatch.setattr(oracle, "CALLS_COMPARED_EACH", 9)
    monkeypatch.setattr(oracle, "TIED_CALLS", 9)
    assert oracle.check() == code
