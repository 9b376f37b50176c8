"""Writes the dashboards into a folder: `python -m router.observe.dashboards FOLDER`."""

from __future__ import annotations

import sys
from pathlib import Path

from router.observe.dashboards.written import written


def main() -> None:
    """Write them where the command line says."""
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in written().items():
        (folder / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
