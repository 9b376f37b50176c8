"""What a process is made of: two with the same build get the same result from the same job."""

from __future__ import annotations

import sys
from functools import cache
from hashlib import blake2b
from importlib.metadata import version
from pathlib import Path

from router.version import VERSION

PACKAGES = ("router", "simulations")


@cache
def build() -> dict[str, str]:
    """Give the versions that count, and a digest of all our code."""
    return {
        "decroche": VERSION,
        "its code": _digest(Path(__file__).parents[2]),
        "python": f"{sys.version_info.major}.{sys.version_info.minor}",
        "msgspec": version("msgspec"),
        "distributed": version("distributed"),
    }


def _digest(root: Path) -> str:
    digest = blake2b(digest_size=6)
    for package in PACKAGES:
        for path in sorted((root / package).rglob("*.py")):
            digest.update(path.relative_to(root).as_posix().encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()
