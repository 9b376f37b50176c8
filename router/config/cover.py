"""Whether somebody can answer: the skills asked for, and the hours at which somebody has them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from msgspec import Struct
from msgspec.structs import replace

from router.config.ladder import chosen_rungs, rungs_named
from router.config.reader import Reader
from router.config.shape import Line, Listener, MainFile, Rota
from router.core import policy
from router.schedule import AT_ALL_HOURS, NEVER, Hours, Week


class Cover(Struct, frozen=True):
    """Listeners who can answer a line's calls, while the rung is there that asks for them."""

    able: frozenset[str]
    hours: Hours = AT_ALL_HOURS
    key: str = ""
    """Of a rung that is there only in those hours."""


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
    rotas = tuple(rotas)
    for name, line in main.lines.items():
        if reader.refused(f"lines.{name}"):
            continue
        unknown = list(_unknown_skills(name, line, listeners.values()))
        for key, words in unknown:
            reader.complain(key, words)
        if not unknown:
            _check_week(name, line, listeners, rotas, reader)


def covers(name: str, line: Line, listeners: Mapping[str, Listener]) -> Iterator[Cover]:
    """Give whom the last rung would ask that is always there, and whom each one that is not."""
    always = tuple(rung for rung in line.ladder if rung.hours == AT_ALL_HOURS)
    yield Cover(_asked(chosen_rungs(replace(line, ladder=always))[-1], listeners))
    named = rungs_named(name, replace(line, shock_ladder=(), senior_ladder=()))
    for count, (key, rung) in enumerate(named, 1):
        if rung.hours != AT_ALL_HOURS:
            last = chosen_rungs(replace(line, ladder=line.ladder[:count]))[-1]
            yield Cover(_asked(last, listeners), rung.hours, key)


def _asked(rung: policy.Rung, listeners: Mapping[str, Listener]) -> frozenset[str]:
    return frozenset(name for name, one in listeners.items() if _is_asked(one, rung))


def _is_asked(listener: Listener, rung: policy.Rung) -> bool:
    return (not rung.pools or listener.pool in rung.pools) and all(
        listener.skills.get(skill, 0) >= level for skill, level in rung.skills.items()
    )


def _check_week(
    name: str,
    line: Line,
    listeners: Mapping[str, Listener],
    rotas: tuple[Rota, ...],
    reader: Reader,
) -> None:
    duties = [
        (duty, cover.hours)
        for cover in covers(name, line, listeners)
        for duty in _duties(cover.able, listeners, rotas)
    ]
    ordinary = _uncovered(line, duties, of_holidays=False)
    if ordinary != NEVER:
        reader.complain(f"lines.{name}", f"nobody can answer on {ordinary}")
    besides = _uncovered(line, duties, of_holidays=True) - ordinary
    if besides != NEVER:
        reader.complain(f"lines.{name}", f"nobody can answer on a public holiday, {besides}")


def _uncovered(line: Line, duties: Iterable[tuple[Hours, Hours]], *, of_holidays: bool) -> Week:
    uncovered = line.hours.week(of_holidays=of_holidays)
    for duty, asked in duties:
        uncovered -= duty.week(of_holidays=of_holidays) & asked.week(of_holidays=of_holidays)
    return uncovered


def _duties(
    able: frozenset[str], listeners: Mapping[str, Listener], rotas: Iterable[Rota]
) -> Iterator[Hours]:
    """Give the hours at which one of these is on duty."""
    yield from (listeners[name].shifts for name in able)
    yield from (rota.hours for rota in rotas if able.issuperset(rota.listeners))


def _unknown_skills(
    name: str, line: Line, listeners: Iterable[Listener]
) -> Iterator[tuple[str, str]]:
    at = f"lines.{name}"
    asked = {f"{at}.skills": line.skills}
    asked |= {f"{key}.skills": rung.skills or {} for key, rung in rungs_named(name, line)}
    asked |= {f"{at}.keys.{key}.skills": one.skills for key, one in (line.keys or {}).items()}
    for key, skills in asked.items():
        for skill, level in skills.items():
            best = max((listener.skills.get(skill, 0) for listener in listeners), default=0)
            if best < level:
                words = f"expected a level that a listener has (at most {best}), got {level}"
                yield f"{key}.{skill}", words
