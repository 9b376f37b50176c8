"""Values of a config, as they would be written there."""

from __future__ import annotations

import json
from pathlib import Path
from zoneinfo import ZoneInfo

from router.schedule import AT_ALL_HOURS, PublicHolidays


def toml(value: object) -> str:
    """Write a default in TOML.

    Raises
    ------
    TypeError
        if it is of a kind that no default is of so far.

    """
    match value:
        case bool():
            return "true" if value else "false"
        case int() | float():
            return f"{value:.15g}"
        case str() | Path() | ZoneInfo():
            return json.dumps(str(value), ensure_ascii=False)
        case PublicHolidays():
            return json.dumps(value.place)
        case tuple():
            return f"[{', '.join(map(toml, value))}]"
        case _ if value == AT_ALL_HOURS:
            return '"always"'
        case _:
            raise TypeError(f"expected a default that TOML can tell, got {value!r}")
