from __future__ import annotations

import pytest

from tests.patience import take_time


@pytest.fixture(autouse=True)
def _time_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have no test fail because the machine is busy with others."""
    take_time(monkeypatch)
