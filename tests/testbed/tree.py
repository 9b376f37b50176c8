"""The Asterisk that the tests run: a Debian tree in the cache folder, run without a chroot.

Its own dynamic loader finds its libraries inside the tree, so neither root nor a container is
needed to run it, only to install it.
"""

from __future__ import annotations

import os
from pathlib import Path


class BrokenTestbedError(Exception):
    """The testbed cannot do what was asked; the message says why."""


def cache_folder() -> Path:
    """Give the project's folder in the user's cache."""
    base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(base) / "decroche"


def tree_folder() -> Path:
    """Give the folder of the Debian tree; whether it exists is `tests.testbed.need`'s matter."""
    return cache_folder() / "asterisk"


def asterisk_command(tree: Path) -> list[str]:
    """Give the words that run the tree's Asterisk; arguments are to follow.

    Raises
    ------
    BrokenTestbedError
        if the tree is not there or not whole.

    """
    return [
        str(_only(tree, "lib*/ld-linux*.so.*")),
        "--library-path",
        str(modules_folder(tree).parent.parent),
        str(tree / "usr/sbin/asterisk"),
    ]


def modules_folder(tree: Path) -> Path:
    """Give the folder of Asterisk's modules.

    Raises
    ------
    BrokenTestbedError
        if the tree is not there or not whole.

    """
    return _only(tree, "usr/lib/*/asterisk/modules")


def french_sounds(tree: Path) -> Path:
    """Give the folder of Asterisk's own French sounds.

    Raises
    ------
    BrokenTestbedError
        if the tree is not there or not whole.

    """
    return _only(tree, "usr/share/asterisk/sounds/fr_*_*")


def _only(tree: Path, pattern: str) -> Path:
    found = sorted(tree.glob(pattern))
    if not found:
        raise BrokenTestbedError(f"{tree}: no {pattern}; run: python -m tests.testbed install")
    return found[0]
