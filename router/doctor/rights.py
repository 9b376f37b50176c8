"""What the manager account may do: enough for the daemon, and not much more."""

from __future__ import annotations

import re
from collections.abc import Iterator

from router.config import Settings
from router.doctor.finding import Verdict, fail, fine, warn
from router.doctor.link import Link

RIGHTS = frozenset({"call", "originate", "reporting"})
NEEDED = (
    "Bridge",
    "CoreSettings",
    "CoreShowChannels",
    "Getvar",
    "Hangup",
    "Originate",
    "Redirect",
    "Setvar",
    "ShowDialPlan",
    "Status",
)
_SHOWN = 5
_PRIVILEGES = re.compile(r"\(Priv: ([^()]*)\)\s*\Z")
_MEND = "in manager.conf give the account: write = call,originate,reporting"


def check_rights(_settings: Settings, link: Link) -> Verdict:
    """Compare what Asterisk lists for this account with what the daemon needs."""
    allowed = link.ask("ListCommands")
    missing = [action for action in NEEDED if action not in allowed]
    if missing:
        return fail(f"the account may not: {', '.join(missing)}", _MEND)
    excess = sorted(_excess(allowed))
    if excess:
        more = f" and {len(excess) - _SHOWN} more" if len(excess) > _SHOWN else ""
        return warn(f"the account may also: {', '.join(excess[:_SHOWN])}{more}", _MEND)
    return fine("what is needed and no more")


def _excess(allowed: dict[str, str]) -> Iterator[str]:
    """Name the actions that none of the needed rights would open."""
    for action, words in allowed.items():
        match = _PRIVILEGES.search(words)
        opens = set(match[1].split(",")) if match else {"<none>"}
        if not opens & (RIGHTS | {"<none>"}):
            yield action
