"""Config files for an installation under test."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any


@dataclass
class Person:
    """A listener of the testbed: the farm's phone of the same name, and what they can do."""

    skills: dict[str, int] = field(default_factory=lambda: {"health": 2, "fr": 1})
    shifts: str = "always"
    code: str = ""
    pool: str = "team"
    wakes: bool = True
    by: str = "trunk"
    """The PBX's endpoint for their phone: the trunk, or `desk`."""


def write_main(
    path: Path, tables: Mapping[str, Mapping[str, Any]], pools: Iterable[str] = ("team",)
) -> None:
    """Write the main file; the listeners' file beside it is `listeners.toml`."""
    named = {pool: f"Test {pool}" for pool in pools}
    parts = ['listeners_file = "listeners.toml"', f"[pools]\n{_toml(named)}"]
    parts += [f"[{name}]\n{_toml(table)}" for name, table in tables.items()]
    path.write_text("\n\n".join(parts) + "\n")


def write_listeners(
    path: Path,
    people: Mapping[str, Person],
    pin_hash: str,
    partners: Mapping[str, Mapping[str, Any]],
) -> None:
    """Write the listeners' file: logins are 2000, 2001, ... in order, and all have one PIN."""
    parts = []
    for number, (name, person) in enumerate(people.items()):
        table = {
            "name": f"Listener {name}",
            "endpoint": f"PJSIP/{name}@{person.by}",
            "login": str(2000 + number),
            "pin_hash": pin_hash,
            "skills": person.skills,
            "pool": person.pool,
            "shifts": person.shifts,
            "wakes": person.wakes,
        }
        if person.code:
            table["code"] = person.code
        parts.append(f"[listeners.{name}]\n{_toml(table)}")
    parts += [f"[partners.{name}]\n{_toml(table)}" for name, table in partners.items()]
    path.write_text("\n\n".join(parts) + "\n")


def _toml(table: Mapping[str, Any]) -> str:
    return "\n".join(f"{key} = {_value(value)}" for key, value in table.items())


def _value(value: object) -> str:
    if isinstance(value, Mapping):
        inner = ", ".join(f"{key} = {_value(one)}" for key, one in value.items())
        return f"{{ {inner} }}"
    if isinstance(value, list):
        return f"[{', '.join(map(_value, value))}]"
    return json.dumps(value)
