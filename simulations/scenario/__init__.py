"""A scenario: one TOML file that says who calls, who listens and what goes wrong."""

from simulations.scenario.load import load, shipped
from simulations.scenario.shape import Scenario

__all__ = ["Scenario", "load", "shipped"]
