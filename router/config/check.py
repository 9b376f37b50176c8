"""What no single key can show: whether the lines, the ladders and the listeners fit together."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from router.config.reader import Reader
from router.config.settings import chosen_rungs
from router.config.shape import Line, Listener, MainFile, Skills
from router.schedule import NEVER, Week


def check_main(main: MainFile, reader: Reader) -> None:
    """Put on the list what is wrong within the main file."""
    numbers = {name: line.number for name, line in main.lines.items()}
    _refuse_twins("lines", "number", numbers, reader)
    for name, line in main.lines.items():
        if line.hours == NEVER:
            reader.complain(f"lines.{name}.hours", "expected some hours, got 'none'")
        _check_ladder(name, line, reader)


def _check_ladder(name: str, line: Line, reader: Reader) -> None:
    before = -1.0
    for index, rung in enumerate(line.ladder):
        if rung.after_seconds <= before:
            reader.complain(
                f"lines.{name}.ladder[{index}].after_seconds",
                f"expected more than the {before:g} of the rung before, got {rung.after_seconds:g}",
            )
        before = rung.after_seconds


def check_listeners(listeners: Mapping[str, Listener], reader: Reader) -> None:
    """Put on the list what is wrong within the listeners' file."""
    logins = {name: listener.login for name, listener in listeners.items()}
    endpoints = {name: listener.endpoint for name, listener in listeners.items()}
    _refuse_twins("listeners", "login", logins, reader)
    _refuse_twins("listeners", "endpoint", endpoints, reader)


def _refuse_twins(table: str, key: str, values: Mapping[str, str], reader: Reader) -> None:
    first: dict[str, str] = {}
    for name, value in values.items():
        if value in first:
            reader.complain(f"{table}.{name}.{key}", f"{table}.{first[value]} has the same")
        first.setdefault(value, name)


def check_pools(
    main: MainFile,
    listeners: Mapping[str, Listener],
    main_reader: Reader,
    listeners_reader: Reader,
) -> None:
    """Put on the list the pools that nobody belongs to, and those that are not there."""
    for name, listener in listeners.items():
        if listener.pool not in main.pools:
            known = ", ".join(main.pools) or "none"
            listeners_reader.complain(
                f"listeners.{name}.pool", f"unknown pool {listener.pool!r}; known are {known}"
            )
    for key, pool in _pools_asked(main):
        if pool not in main.pools:
            known = ", ".join(main.pools) or "none"
            main_reader.complain(key, f"unknown pool {pool!r}; known are {known}")
    inhabited = {listener.pool for listener in listeners.values()}
    for pool in main.pools:
        if pool not in inhabited:
            main_reader.complain(f"pools.{pool}", "no listener is in this pool")


def _pools_asked(main: MainFile) -> Iterator[tuple[str, str]]:
    for name, line in main.lines.items():
        yield from ((f"lines.{name}.pools", pool) for pool in line.pools)
        for index, rung in enumerate(line.ladder):
            yield from ((f"lines.{name}.ladder[{index}].pools", pool) for pool in rung.pools or ())


def check_cover(main: MainFile, listeners: Mapping[str, Listener], reader: Reader) -> None:
    """Put on the list the skills that nobody has, and the hours at which nobody can answer."""
    for name, line in main.lines.items():
        unknown = list(_unknown_skills(line, listeners.values()))
        for key, words in unknown:
            reader.complain(f"lines.{name}.{key}", words)
        uncovered = line.hours - _covered(chosen_rungs(line)[-1].skills, listeners.values())
        if uncovered != NEVER and not unknown:
            reader.complain(f"lines.{name}", f"nobody can answer on {uncovered}")


def _unknown_skills(line: Line, listeners: Iterable[Listener]) -> Iterator[tuple[str, str]]:
    asked = {"skills": line.skills}
    asked |= {
        f"ladder[{index}].skills": rung.skills or {} for index, rung in enumerate(line.ladder)
    }
    for key, skills in asked.items():
        for skill, level in skills.items():
            best = max((listener.skills.get(skill, 0) for listener in listeners), default=0)
            if best < level:
                words = f"expected a level that a listener has (at most {best}), got {level}"
                yield f"{key}.{skill}", words


def _covered(skills: Skills, listeners: Iterable[Listener]) -> Week:
    able = (
        listener.shifts
        for listener in listeners
        if all(listener.skills.get(skill, 0) >= level for skill, level in skills.items())
    )
    covered = NEVER
    for shifts in able:
        covered |= shifts
    return covered
