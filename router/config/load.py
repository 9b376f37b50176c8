"""From the config files to `Settings`, or to every problem in them."""

from __future__ import annotations

from pathlib import Path

import msgspec

from router.config.check import check_listeners, check_main, check_pools, check_rotas
from router.config.cover import check_cover
from router.config.known import Known
from router.config.mqtt import check_mqtt
from router.config.partners import check_partners, with_places
from router.config.reader import Reader
from router.config.settings import Settings
from router.config.shape import ListenersFile, MainFile
from router.errors import ConfigError


def load(path: Path) -> Settings:
    """Read the main file and the listeners' file that it names.

    Paths in the main file are relative to its folder.

    Raises
    ------
    ConfigError
        with every problem found, one a line: file, key, what was expected.

    """
    problems: list[str] = []
    reader = Reader(path, problems)
    main = reader.read(MainFile)
    if main is not None:
        if not main.lines and not problems:
            reader.complain("lines", "expected at least one line")
        check_main(main, reader)
        people = _load_listeners(path.parent, main, reader, problems)
        if not problems:
            return _settings(path, main, people)
    raise ConfigError("\n".join(problems))


def _load_listeners(
    folder: Path, main: MainFile, reader: Reader, problems: list[str]
) -> ListenersFile:
    before = len(problems)
    listeners_reader = Reader(folder / main.listeners_file, problems)
    people = listeners_reader.read(ListenersFile) or ListenersFile(listeners={})
    check_listeners(people.listeners, listeners_reader)
    check_rotas(people, listeners_reader)
    check_partners(people, Known("pool", main.pools, reader), listeners_reader)
    if main.mqtt is not None:
        check_mqtt(main.mqtt, people.listeners, reader)
    people = with_places(people)
    if len(problems) == before:
        check_pools(main, people.listeners, reader, listeners_reader)
        check_cover(main, people.listeners, reader, people.rotas.values())
    return people


def _settings(path: Path, main: MainFile, people: ListenersFile) -> Settings:
    tables = msgspec.structs.asdict(main)
    del tables["listeners_file"]
    return Settings(path=path.absolute(), listeners=people.listeners, rotas=people.rotas, **tables)
