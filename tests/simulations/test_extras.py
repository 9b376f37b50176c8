from __future__ import annotations

import importlib
import subprocess
import sys

import pytest

from router.errors import DecrocheError
from simulations.extras import needed

WITHOUT = """
import runpy, sys
sys.modules[{package!r}] = None
sys.argv = [{module!r}]
runpy.run_module({module!r}, run_name="__main__")
"""


@pytest.mark.parametrize(("package", "module"), [("scipy", "simulations.oracle")])
def test_a_command_whose_extra_is_not_installed_says_which_one_to_install(
    package: str, module: str
) -> None:
    script = WITHOUT.format(package=package, module=module)
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=False, timeout=120
    )
    assert done.returncode == 1
    assert package in done.stderr
    assert "pip install 'decroche[sim]'" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_part_of_decroche_that_is_missing_is_no_matter_of_extras() -> None:
    with pytest.raises(ModuleNotFoundError, match="nobody"), needed("the page needs it", "sim"):
        importlib.import_module("simulations.nobody_has_this")


def test_what_needs_it_and_the_extra_that_brings_it_are_said() -> None:
    words = r"^the page needs it .*nobody_has_this.*: pip install 'decroche\[sim\]'$"
    with pytest.raises(DecrocheError, match=words), needed("the page needs it", "sim"):
        importlib.import_module("nobody_has_this")
