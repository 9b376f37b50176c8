"""What no single key can show: whether the lines, the ladders and the listeners fit together."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from router.config.ladder import chosen_rungs
from router.config.reader import Reader
from router.config.shape import Care, Line, Listener, ListenersFile, MainFile, Rota, Rung
from router.core import policy
from router.schedule import NEVER, NO_HOURS, Hours, Week


def check_main(main: MainFile, reader: Reader) -> None:
    """Put on the list what is wrong within the main file."""
    numbers = {name: line.number for name, line in main.lines.items()}
    _refuse_twins("lines", "number", numbers, reader)
    _check_care(main.care, reader)
    for name, line in main.lines.items():
        if line.hours == NO_HOURS:
            reader.complain(f"lines.{name}.hours", "expected some hours, got 'none'")
        if line.when_closed is not None and line.when_closed not in main.lines:
            known = ", ".join(main.lines)
            reader.complain(
                f"lines.{name}.when_closed", f"unknown line {line.when_closed!r}; known are {known}"
            )
        _check_ladder(name, line, reader)
        _check_keys(name, line, reader)


def _check_care(care: Care, reader: Reader) -> None:
    for at, kind in enumerate(care.bends):
        if kind in care.bends[:at]:
            reader.complain(f"care.bends[{at}]", f"{kind!r} is named twice")


def _check_ladder(name: str, line: Line, reader: Reader) -> None:
    for ladder, rungs in _ladders(line):
        before = -1.0
        for index, rung in enumerate(rungs):
            if rung.after_seconds <= before:
                reader.complain(
                    f"lines.{name}.{ladder}[{index}].after_seconds",
                    f"expected more than the {before:g} of the rung before,"
                    f" got {rung.after_seconds:g}",
                )
            before = rung.after_seconds


def _ladders(line: Line) -> tuple[tuple[str, tuple[Rung, ...]], ...]:
    return ("ladder", line.ladder), ("shock_ladder", line.shock_ladder)


def _check_keys(name: str, line: Line, reader: Reader) -> None:
    asked = dict.fromkeys(skill for rung in chosen_rungs(line) for skill in rung.skills)
    for key, change in (line.keys or {}).items():
        if key == line.shock_key:
            reader.complain(f"lines.{name}.keys.{key}", "this is the line's shock_key")
        for skill in change.instead_of:
            if skill not in asked:
                reader.complain(
                    f"lines.{name}.keys.{key}.instead_of",
                    f"expected skills that the line asks for ({', '.join(asked)}), got {skill!r}",
                )


def check_listeners(listeners: Mapping[str, Listener], reader: Reader) -> None:
    """Put on the list what is wrong within the listeners' file."""
    logins = {name: listener.login for name, listener in listeners.items()}
    endpoints = {name: listener.endpoint for name, listener in listeners.items()}
    _refuse_twins("listeners", "login", logins, reader)
    _refuse_twins("listeners", "endpoint", endpoints, reader)
    codes = {name: listener.code for name, listener in listeners.items() if listener.code}
    _refuse_twins("listeners", "code", codes, reader)


def check_rotas(people: ListenersFile, reader: Reader) -> None:
    """Put on the list what is wrong with the rotas."""
    for name, rota in people.rotas.items():
        at = f"rotas.{name}"
        if not rota.listeners:
            reader.complain(f"{at}.listeners", "expected at least one listener")
        if rota.hours == NO_HOURS:
            reader.complain(f"{at}.hours", "expected some hours, got 'none'")
        named = [(f"{at}.listeners[{place}]", one) for place, one in enumerate(rota.listeners)]
        for place, swap in enumerate(rota.swaps):
            named.append((f"{at}.swaps[{place}].listener", swap.listener))
            if swap.last is not None and swap.last < swap.first:
                words = f"expected {swap.first} or a later day, got {swap.last}"
                reader.complain(f"{at}.swaps[{place}].last", words)
        for key, listener in named:
            if listener not in people.listeners:
                reader.complain(key, f"no listener is named {listener!r}")


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
        for ladder, rungs in _ladders(line):
            for index, rung in enumerate(rungs):
                key = f"lines.{name}.{ladder}[{index}].pools"
                yield from ((key, pool) for pool in rung.pools or ())


def check_cover(
    main: MainFile,
    listeners: Mapping[str, Listener],
    reader: Reader,
    rotas: Iterable[Rota] = (),
) -> None:
    """Put on the list the skills that nobody has, and the hours at which nobody can answer.

    The hours are those of any week, without a public holiday or full of them: what is refused
    once is always refused. What single dates bring is told of the coming week.
    """
    for name, line in main.lines.items():
        unknown = list(_unknown_skills(line, listeners.values()))
        for key, words in unknown:
            reader.complain(f"lines.{name}.{key}", words)
        if not unknown:
            _check_week(name, line, list(_duties(line, listeners, rotas)), reader)


def _check_week(name: str, line: Line, duties: list[Hours], reader: Reader) -> None:
    ordinary = _uncovered(line, duties, of_holidays=False)
    if ordinary != NEVER:
        reader.complain(f"lines.{name}", f"nobody can answer on {ordinary}")
    besides = _uncovered(line, duties, of_holidays=True) - ordinary
    if besides != NEVER:
        reader.complain(f"lines.{name}", f"nobody can answer on a public holiday, {besides}")


def _uncovered(line: Line, duties: Iterable[Hours], *, of_holidays: bool) -> Week:
    uncovered = line.hours.week(of_holidays=of_holidays)
    for hours in duties:
        uncovered -= hours.week(of_holidays=of_holidays)
    return uncovered


def _duties(
    line: Line, listeners: Mapping[str, Listener], rotas: Iterable[Rota]
) -> Iterator[Hours]:
    """Give the hours at which somebody is on duty whom the line's ladder names."""
    able = able_to_answer(line, listeners)
    yield from (listeners[name].shifts for name in able)
    yield from (rota.hours for rota in rotas if able.issuperset(rota.listeners))


def able_to_answer(line: Line, listeners: Mapping[str, Listener]) -> frozenset[str]:
    """Name the listeners whom the last rung that the config names would ask."""
    last = chosen_rungs(line)[-1]
    return frozenset(name for name, one in listeners.items() if _is_asked(one, last))


def _is_asked(listener: Listener, rung: policy.Rung) -> bool:
    return (not rung.pools or listener.pool in rung.pools) and all(
        listener.skills.get(skill, 0) >= level for skill, level in rung.skills.items()
    )


def _unknown_skills(line: Line, listeners: Iterable[Listener]) -> Iterator[tuple[str, str]]:
    asked = {"skills": line.skills}
    asked |= {
        f"{ladder}[{index}].skills": rung.skills or {}
        for ladder, rungs in _ladders(line)
        for index, rung in enumerate(rungs)
    }
    asked |= {f"keys.{key}.skills": change.skills for key, change in (line.keys or {}).items()}
    for key, skills in asked.items():
        for skill, level in skills.items():
            best = max((listener.skills.get(skill, 0) for listener in listeners), default=0)
            if best < level:
                words = f"expected a level that a listener has (at most {best}), got {level}"
                yield f"{key}.{skill}", words
