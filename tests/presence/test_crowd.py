from __future__ import annotations

from pathlib import Path

import pytest

from tests.presence import crowd
from tests.presence.broker import require_mosquitto

pytestmark = pytest.mark.slow


def test_a_thousand_listeners_are_right_again_after_the_broker_has_died(tmp_path: Path) -> None:
    require_mosquitto()
    # How soon they are is measured by `make bench-presence`.
    measured = crowd.run(tmp_path)
    assert measured.wrong_after == 0
    assert measured.refused == 0
