from __future__ import annotations

import pytest

from router.errors import ConfigError
from simulations.scenario import load
from tests.sim_vs_real.__main__ import SCENARIO
from tests.sim_vs_real.playable import check_playable


def test_the_scenario_that_is_played_can_be() -> None:
    check_playable(load(str(SCENARIO)), calls=40)


@pytest.mark.parametrize(
    ("change", "key"),
    [
        ("callers.retry=0.5", "callers.retry"),
        ("fallback.people=2", "fallback.people"),
        ("faults.doubled_events=0.1", "faults"),
        ("listeners.steady.wrap_up={mean_seconds=3}", "listeners.steady.wrap_up"),
        ("listeners.deaf.shifts=['mon-fri 08:00-20:00']", "listeners.deaf.shifts"),
    ],
)
def test_what_the_phones_of_the_farm_cannot_do_is_refused_by_its_key(change: str, key: str) -> None:
    with pytest.raises(ConfigError, match=f"^{key}: "):
        check_playable(load(str(SCENARIO), [change]), calls=40)
