from __future__ import annotations

import subprocess
import sys

import pytest

from router.cli import app

NAMES = [name for name in app if not name.startswith("-")]


@pytest.mark.parametrize("name", NAMES)
def test_each_command_that_is_named_is_there(name: str) -> None:
    own = app[name].default_command
    assert own is not None or len([one for one in app[name] if not one.startswith("-")]) > 1


@pytest.mark.parametrize("name", NAMES)
def test_the_daemons_commands_are_told_of_in_their_own_words(name: str) -> None:
    own = app[name].default_command
    if own is not None and own.__module__.startswith("router."):
        assert (own.__doc__ or "").startswith(app[name].help)


def test_a_command_loads_what_it_needs_alone() -> None:
    look = (
        "import sys, router.cli; assert router.cli.app['report'].default_command;"
        " print(*sorted({'router.doctor', 'router.report', 'router.runtime'} & {*sys.modules}))"
    )
    done = subprocess.run([sys.executable, "-c", look], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "router.report"
