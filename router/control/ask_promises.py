"""The commands `decroche promises add | list | show | retry | give | cancel`."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo

import msgspec
from cyclopts import Parameter
from rich.console import Console

from router.config import Settings, load
from router.config.places import DEFAULT_CONFIG
from router.control.client import ask
from router.control.number import ask_number
from router.control.promise_words import story, summary, table
from router.errors import ControlError
from router.web.counter import Asked, Standing

Config = Annotated[Path, Parameter(name=["--config", "-c"], help="The main config file.")]
Id = Annotated[
    str, Parameter(help="The promise's id, as `decroche promises list` and the log show it.")
]
Json = Annotated[bool, Parameter(name="--json", negative="", help="Print it as JSON.")]


def add(
    *,
    line: Annotated[str, Parameter(help="The line that shall call back.")],
    listener: Annotated[
        str | None, Parameter(help="The code of the listener who shall, if that can be.")
    ] = None,
    begins: Annotated[
        str | None, Parameter(name="--from", help="Not before, such as 2026-11-17T09:00.")
    ] = None,
    ends: Annotated[
        str | None, Parameter(name="--until", help="By when, such as 2026-11-17T12:00.")
    ] = None,
    senior: Annotated[bool, Parameter(negative="", help="A senior shall call back.")] = False,
    config: Config = DEFAULT_CONFIG,
) -> None:
    """Promise somebody a call-back; it is printed once it is on durable storage.

    The number is asked for, or read from the standard input. Times without an offset are the
    site's own. Somebody who is owed a call already gets no second one: the one that stands is
    printed.
    """
    settings = load(config)
    zone = settings.time_zone
    asked = Asked(
        number="",
        line=line,
        origin="ops",
        listener=listener,
        begins=_epoch_second("--from", begins, zone),
        ends=_epoch_second("--until", ends, zone),
        by_senior=senior,
    )
    whole = msgspec.structs.replace(asked, number=ask_number())
    answer = ask(settings.store.state_dir, "promises-add", msgspec.json.encode(whole))
    _print(summary(_standing(answer), zone))


def list_all(*, as_json: Json = False, config: Config = DEFAULT_CONFIG) -> None:
    """List the promises that are open: first those that a senior has to see to, then as due."""
    settings = load(config)
    answer = ask(settings.store.state_dir, "promises-list", b"")
    if as_json:
        _print_json(answer)
        return
    now = datetime.now(settings.time_zone)
    Console().print(table(msgspec.json.decode(answer, type=list[Standing]), now))


def show(promise: Id, *, as_json: Json = False, config: Config = DEFAULT_CONFIG) -> None:
    """Tell the history of a promise that is open, or was closed lately."""
    settings = load(config)
    answer = _ask_about(promise, "show", settings)
    if as_json:
        _print_json(answer)
    else:
        _print(story(_standing(answer), settings.time_zone))


def retry(promise: Id, *, config: Config = DEFAULT_CONFIG) -> None:
    """Have a promise that waits for its next attempt, or its window, tried now."""
    _do_with(promise, "retry", config)


def give(promise: Id, *, config: Config = DEFAULT_CONFIG) -> None:
    """Have a promise tried anew, now, whose attempts are used up and that is with the seniors."""
    _do_with(promise, "give", config)


def cancel(promise: Id, *, config: Config = DEFAULT_CONFIG) -> None:
    """Close a promise: nobody is called back, and the number is erased."""
    _do_with(promise, "cancel", config)


def _do_with(promise: str, what: str, config: Path) -> None:
    settings = load(config)
    answer = _ask_about(promise, what, settings)
    _print(summary(_standing(answer), settings.time_zone))


def _ask_about(promise: str, what: str, settings: Settings) -> bytes:
    return ask(settings.store.state_dir, f"promises-{what}", promise.encode())


def _standing(answer: bytes) -> Standing:
    return msgspec.json.decode(answer, type=Standing)


def _epoch_second(option: str, written: str | None, zone: ZoneInfo) -> float | None:
    if written is None:
        return None
    try:
        at = datetime.fromisoformat(written)
    except ValueError:
        raise ControlError(f"{option}: expected a local time such as 2026-11-17T09:00") from None
    return (at if at.tzinfo is not None else at.replace(tzinfo=zone)).timestamp()


def _print(text: str) -> None:
    Console(soft_wrap=True).print(text, markup=False, highlight=False)


def _print_json(answer: bytes) -> None:
    _print(msgspec.json.format(answer).decode())
