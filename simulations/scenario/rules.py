"""The rules under test, made by the very code that makes the daemon's."""

from __future__ import annotations

from pathlib import Path
from zoneinfo import ZoneInfo

from router.config.fields import PinHash
from router.config.settings import Settings
from router.config.shape import Asterisk, Listener, Log, Secrets, Store, Web
from router.core.policy import Policy
from simulations.scenario.shape import Group, Scenario


def policy_of(scenario: Scenario) -> Policy:
    """Give what the engine is to work by."""
    return Settings(
        path=Path(),
        time_zone=ZoneInfo("UTC"),
        known_caller_days=scenario.known_caller_days,
        asterisk=Asterisk(),
        store=Store(),
        secrets=Secrets(),
        web=Web(),
        log=Log(),
        care=scenario.care,
        lines=scenario.lines,
        pools={},
        listeners={
            name: one_listener_of(group_name, group)
            for group_name, group in scenario.listeners.items()
            for name in names_of(group_name, group)
        },
    ).policy()


def names_of(group_name: str, group: Group) -> list[str]:
    """Name the listeners of a group."""
    return [f"{group_name}-{number}" for number in range(1, group.count + 1)]


def one_listener_of(name: str, group: Group) -> Listener:
    """Give one of a group as the config would have them, with no phone and no PIN."""
    return Listener(
        name="",
        endpoint="",
        login="",
        pin_hash=PinHash(""),
        skills=group.skills,
        pool=group.pool or name,
        shifts=group.shifts,
    )
