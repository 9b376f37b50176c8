"""What the dialplans call themselves: a digest of all that they say, but for what is a site's own.

`make dialplan-form` writes it into both halves.
"""

from __future__ import annotations

import hashlib
import re
from pathlib import Path
from typing import Final

from tests.testbed.pbx import DIALPLANS, PROJECT

WRITTEN: Final = {
    DIALPLANS / "decroche.conf": re.compile(r"(?m)^DECROCHE_FORM = (.*)$"),
    PROJECT / "router/ami/form.py": re.compile(r'(?m)^OURS: Final = "(.*)"$'),
}
"""Where it stands."""

SITES_OWN: Final = {"lines.conf", "site.conf"}


def form_of(folder: Path) -> str:
    """Give the form of the dialplans in a folder.

    Comments and empty lines are no part of it. It is of letters, as a log might take digits for a
    telephone number.
    """
    digest = hashlib.sha256()
    for path in sorted(folder.glob("*.conf")):
        if path.name not in SITES_OWN:
            digest.update(f"{path.name}\n{_said(path.read_text(encoding='utf-8'))}".encode())
    return "".join(chr(ord("a") + int(digit, 16)) for digit in digest.hexdigest()[:8])


def forms_written() -> dict[str, str]:
    """Give what stands in each of the two places, by file."""
    return {
        path.name: found[1]
        for path, line in WRITTEN.items()
        if (found := line.search(path.read_text(encoding="utf-8")))
    }


def write() -> None:
    """Put the form where it belongs."""
    form = form_of(DIALPLANS)
    for path, line in WRITTEN.items():
        text = path.read_text(encoding="utf-8")
        found = line.search(text)
        assert found is not None, path
        path.write_text(text[: found.start(1)] + form + text[found.end(1) :], encoding="utf-8")


def _said(text: str) -> str:
    lines = (line.rstrip() for line in text.splitlines())
    return "\n".join(line for line in lines if line and not line.startswith((";", "DECROCHE_FORM")))


if __name__ == "__main__":
    write()
