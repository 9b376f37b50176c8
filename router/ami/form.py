"""Whether Asterisk runs the dialplans that we were made with: the two halves change together."""

from __future__ import annotations

import re
from typing import Final

OURS: Final = "dedkdmgi"
"""What the dialplans of this version call themselves; `make dialplan-form` writes it."""

MEND: Final = (
    "have both halves of one version: copy its dialplans, but for lines.conf, over those that "
    "extensions.conf includes, run asterisk -rx 'dialplan reload', and start the daemon of that "
    "version (docs/install.md, A newer version)"
)

_FORM: Final = re.compile("[a-p]{8}")


def other_form(told: str) -> str | None:
    """Say how what Asterisk calls its dialplans differs from ours; None: not at all."""
    if told == OURS:
        return None
    there = f"of the form {told}" if _FORM.fullmatch(told) else "that tell no form"
    return f"Asterisk runs dialplans {there} (DECROCHE_FORM in decroche.conf); expected {OURS}"
