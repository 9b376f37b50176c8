from __future__ import annotations

from router.config.restart import WANT_A_RESTART, waiting_for_a_restart
from router.config.shape import MainFile
from router.reference.keys import Key, tables
from tests.config.trees import Tree


def test_what_wants_a_restart_are_keys_that_there_are() -> None:
    top = {key.name for key in tables(MainFile)[0].keys}
    paths = {place.path for table in tables(MainFile) for place in table.places}
    for key in WANT_A_RESTART:
        table, _, name = key.rpartition(".")
        keys = {one.name for one in _table(table)} if table else top | paths
        assert name in keys, key


def test_a_running_daemon_names_what_it_leaves_as_it_was(tree: Tree) -> None:
    before = tree.load()
    tree.spoil(
        'time_zone = "Europe/Paris"',
        'time_zone = "Europe/Berlin"\nasterisk.port = 5039\nweb.port = 8079\nlog.level = "debug"',
    )
    assert waiting_for_a_restart(before, before) == []
    assert waiting_for_a_restart(before, tree.load()) == ["asterisk.port", "web", "log"]


def _table(path: str) -> list[Key]:
    return [
        key
        for table in tables(MainFile)
        if any(one.path == path for one in table.places)
        for key in table.keys
    ]
