"""Chaos, with all that must hold checked at each step; then calm, and everybody is reached."""

from __future__ import annotations

import pytest
from hypothesis import settings

from tests.core.chaos import Chaos
from tests.core.storm import storm

pytestmark = pytest.mark.slow

TestChaos = Chaos.TestCase
TestChaos.settings = settings(max_examples=100, stateful_step_count=80)


@pytest.mark.parametrize("seed", range(12))
def test_a_storm_is_weathered(seed: int) -> None:
    assert len(storm(seed, 10_000)) > 2_000
