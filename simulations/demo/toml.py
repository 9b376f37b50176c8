"""Writes a config: tables of plain values."""

from __future__ import annotations

import json
from collections.abc import Mapping

Tables = Mapping[str, Mapping[str, object]]
"""By their names, with a dot before a name within another's."""


def toml(tables: Tables) -> str:
    """Give it as TOML."""
    parts = []
    for name, table in tables.items():
        lines = [f"{key} = {_value(value)}" for key, value in table.items()]
        parts.append("\n".join([f"[{name}]", *lines]) + "\n")
    return "\n".join(parts)


def _value(value: object) -> str:
    if isinstance(value, Mapping):
        return f"{{ {', '.join(f'{key} = {_value(one)}' for key, one in value.items())} }}"
    if isinstance(value, list):
        return f"[{', '.join(map(_value, value))}]"
    return json.dumps(value, ensure_ascii=False)
