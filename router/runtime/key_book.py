"""What callers may key, as the configuration says."""

from __future__ import annotations

from router.ami.keypad import KeyBook, Meaning, SkillChange
from router.config import Settings
from router.config.shape import Line


def key_book(settings: Settings) -> KeyBook:
    """Give each listener's code, and what each line's keys mean."""
    return KeyBook(
        codes={one.code: name for name, one in settings.listeners.items() if one.code},
        lines={name: _keys_of(line) for name, line in settings.lines.items()},
    )


def _keys_of(line: Line) -> dict[str, Meaning]:
    own: dict[str, Meaning] = {
        key: SkillChange(one.skills, one.instead_of) for key, one in (line.keys or {}).items()
    }
    if line.call_back_key is not None:
        own[line.call_back_key] = "call_back"
    return {**own, line.shock_key: "shock"}
