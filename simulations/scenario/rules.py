"""The rules under test, made by the very code that makes the daemon's."""

from __future__ import annotations

from collections.abc import Container
from pathlib import Path
from zoneinfo import ZoneInfo

from msgspec.structs import replace

from router.config.call_back_tables import CallBacks
from router.config.fields import PinHash
from router.config.settings import Settings
from router.config.shape import Asterisk, Listener, Log, Secrets, Store, Web
from router.core.policy import EVERYBODY, Policy, Rung
from router.schedule import weekly
from simulations.scenario.shape import Group, Rules, Scenario


def policy_of(scenario: Scenario, opened: Container[str] | None = None) -> Policy:
    """Give what the engine is to work by.

    Parameters
    ----------
    scenario
        whose rules they are.
    opened
        the lines that are open and the rungs that are there, as `Settings.openings` names them;
        None: all of them.

    """
    return _under_rules(scenario.rules, settings_of(scenario).policy(opened))


def settings_of(scenario: Scenario) -> Settings:
    """Give the config that a daemon with these lines and listeners would have, on UTC."""
    return Settings(
        path=Path(),
        time_zone=ZoneInfo("UTC"),
        known_caller_days=scenario.known_caller_days,
        calls_per_number=scenario.calls_per_number,
        asterisk=Asterisk(),
        store=Store(),
        secrets=Secrets(),
        web=Web(),
        log=Log(),
        care=scenario.care,
        call_back=CallBacks(),
        lines=scenario.lines,
        pools={},
        listeners={
            name: one_listener_of(group_name, group)
            for group_name, group in scenario.listeners.items()
            for name in names_of(group_name, group)
        },
    )


def _under_rules(rules: Rules, policy: Policy) -> Policy:
    lines = {
        name: replace(
            line,
            ladder=_ladder_under(rules, line.ladder),
            call_back=line.call_back if rules.call_backs else None,
        )
        for name, line in policy.lines.items()
    }
    return replace(policy, lines=lines)


def _ladder_under(rules: Rules, ladder: tuple[Rung, ...]) -> tuple[Rung, ...]:
    """Take the last rung away, or let every rung ring everybody, where a scenario says so."""
    kept = ladder if rules.last_rung else ladder[:-1]
    if rules.ring_all:
        return tuple(replace(rung, ring_at_once=EVERYBODY) for rung in kept)
    return kept


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
        shifts=weekly(group.shifts),
    )
