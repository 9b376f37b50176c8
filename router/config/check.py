"""What no single key can show: whether the lines, the ladders and the listeners fit together."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from router.config.api import check_api
from router.config.call_back import check_call_back
from router.config.known import Known
from router.config.ladder import chosen_rungs, ladders_named, rungs_named
from router.config.reader import Reader
from router.config.shape import Care, Line, Listener, ListenersFile, MainFile, Store
from router.schedule import AT_ALL_HOURS, NO_HOURS


def check_main(main: MainFile, reader: Reader) -> None:
    """Put on the list what is wrong within the main file."""
    numbers = {name: line.number for name, line in main.lines.items()}
    _refuse_twins("lines", "number", numbers, reader)
    _check_care(main.care, reader)
    _check_store(main.store, reader)
    lines = Known("line", main.lines, reader)
    for name, line in main.lines.items():
        if line.hours == NO_HOURS:
            reader.complain(f"lines.{name}.hours", "expected some hours, got 'none'")
        if line.when_closed is not None:
            lines.check(f"lines.{name}.when_closed", line.when_closed, reader)
        _check_ladders(name, line, reader)
        _check_keys(name, line, reader)
        check_call_back(name, line, reader)
    if main.api is not None:
        check_api(main.api, main, reader)
    endpoint = "asterisk.callers_endpoint"
    if main.asterisk.callers_endpoint is None and not reader.refused(endpoint):
        for name, line in main.lines.items():
            if line.call_back is not None:
                at = f"lines.{name}.call_back"
                reader.complain(at, f"expected {endpoint}, by which callers are rung")


def _check_care(care: Care, reader: Reader) -> None:
    for at, kind in enumerate(care.bends):
        if kind in care.bends[:at]:
            reader.complain(f"care.bends[{at}]", f"{kind!r} is named twice")


def _check_store(store: Store, reader: Reader) -> None:
    is_embedded = store.redis_url is None and not reader.refused("store.redis_url")
    if store.replicas_acknowledge and is_embedded:
        words = "expected a redis_url beside it: the embedded store has no replicas"
        reader.complain("store.replicas_acknowledge", words)


def _check_ladders(name: str, line: Line, reader: Reader) -> None:
    if any(reader.refused(f"lines.{name}.{ladder}") for ladder in ladders_named(line)):
        return
    for ladder, rungs in ladders_named(line).items():
        before = -1.0
        for index, rung in enumerate(rungs):
            if rung.after_seconds <= before:
                reader.complain(
                    f"lines.{name}.{ladder}[{index}].after_seconds",
                    f"expected more than the {before:g} of the rung before,"
                    f" got {rung.after_seconds:g}",
                )
            before = rung.after_seconds
    for key, rung in rungs_named(name, line):
        if rung.hours == NO_HOURS:
            reader.complain(f"{key}.hours", "expected some hours, got 'none'")
    _check_seniors(name, line, reader)


def _check_seniors(name: str, line: Line, reader: Reader) -> None:
    """Have a ladder of seniors begin with who is one, and say nothing of callers who wait."""
    for first in line.senior_ladder[:1]:
        at = f"lines.{name}.senior_ladder[0]"
        if first.after_seconds > 0:
            reader.complain(f"{at}.after_seconds", f"expected 0, got {first.after_seconds:g}")
        if first.skills is None:
            reader.complain(f"{at}.skills", "missing: what makes a listener a senior")
        if first.hours not in (AT_ALL_HOURS, NO_HOURS):
            reader.complain(f"{at}.hours", "expected 'always' for the first rung of seniors")
    for index, rung in enumerate(line.senior_ladder):
        for key, value in (("words", rung.words), ("behind", rung.behind)):
            if value is not None:
                at = f"lines.{name}.senior_ladder[{index}].{key}"
                reader.complain(at, "nobody waits on a ladder of seniors: leave it out")


def _check_keys(name: str, line: Line, reader: Reader) -> None:
    if reader.refused(f"lines.{name}.skills") or reader.refused(f"lines.{name}.ladder"):
        return
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
        if not rota.listeners and not reader.refused(f"{at}.listeners"):
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
            if listener not in people.listeners and not reader.refused(f"listeners.{listener}"):
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
    pools = Known("pool", main.pools, main_reader)
    for name, listener in listeners.items():
        pools.check(f"listeners.{name}.pool", listener.pool, listeners_reader)
    for key, pool in pools_asked(main.lines):
        pools.check(key, pool, main_reader)
    inhabited = {listener.pool for listener in listeners.values()}
    for pool in main.pools:
        if pool not in inhabited:
            main_reader.complain(f"pools.{pool}", "no listener is in this pool")


def pools_asked(lines: Mapping[str, Line]) -> Iterator[tuple[str, str]]:
    """Give each pool that a line or a rung names, with its key."""
    for name, line in lines.items():
        yield from ((f"lines.{name}.pools", pool) for pool in line.pools)
        for key, rung in rungs_named(name, line):
            yield from ((f"{key}.pools", pool) for pool in rung.pools or ())
