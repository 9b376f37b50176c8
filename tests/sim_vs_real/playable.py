"""Whether the farm's phones can do all that a scenario's people do."""

from __future__ import annotations

from router.errors import ConfigError
from router.schedule import ALWAYS
from simulations.scenario import Scenario
from simulations.scenario.faults import Faults

MOST_CALLS = 100
"""Each caller has a number of their own, which ends in two digits."""


def check_playable(scenario: Scenario, calls: int) -> None:
    """Refuse what cannot be played.

    Raises
    ------
    ConfigError
        with each key that asks for what the farm cannot do, one a line.

    """
    groups = scenario.listeners.items()
    asks = {
        "faults": scenario.faults != Faults(),
        "callers.retry": scenario.callers.retry > 0.0,
        "fallback.people": scenario.fallback.people > 1,
        "days": calls > MOST_CALLS,
        **{f"listeners.{name}.wrap_up": group.wrap_up is not None for name, group in groups},
        **{f"listeners.{name}.pauses": group.pauses is not None for name, group in groups},
        **{f"listeners.{name}.shifts": group.shifts != ALWAYS for name, group in groups},
    }
    if found := [
        f"{key}: this cannot be played on the testbed" for key, asked in asks.items() if asked
    ]:
        raise ConfigError("\n".join(found))
