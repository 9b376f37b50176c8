"""Whether this Asterisk lets an account that may originate run programs (CVE-2024-42365)."""

from __future__ import annotations

import re

from router.config import Settings
from router.doctor.finding import Verdict, fail, fine, warn
from router.doctor.link import Link

_FIXED = {18: (18, 24, 2), 20: (20, 9, 2), 21: (21, 4, 2)}
_FIXED_CERTIFIED = {18: (18, 9, 11), 20: (20, 7, 2)}
_FIRST_BORN_FIXED = 22
_CERTIFIED = re.compile(r"(?:certified[/-])?(\d{1,3})\.(\d{1,3})-cert(\d{1,3})")
_RELEASE = re.compile(r"(\d{1,3})\.(\d{1,3})\.(\d{1,3})")


def check_version(_settings: Settings, link: Link) -> Verdict:
    """Refuse the versions that are open."""
    version = link.ask("CoreSettings").get("AsteriskVersion", "")
    return judge_version(version)


def judge_version(version: str) -> Verdict:
    """Judge by what Asterisk says of itself, such as `22.10.1~dfsg+~cs6.15`."""
    certified = _CERTIFIED.match(version)
    match = certified or _RELEASE.match(version)
    if match is None:
        return warn(
            f"cannot tell from {version[:40]!r} whether CVE-2024-42365 is fixed",
            "run a release of Asterisk: 22 or later",
        )
    numbers = tuple(int(part) for part in match.groups())
    branch = numbers[0]
    first_fixed = (_FIXED_CERTIFIED if certified else _FIXED).get(branch, (_FIRST_BORN_FIXED,))
    if numbers >= first_fixed:
        return fine(f"Asterisk {match.group()}")
    return fail(
        f"Asterisk {match.group()} is open to CVE-2024-42365",
        "upgrade to Asterisk 22 (or 18.24.2, 20.9.2, 21.4.2, 18.9-cert11, 20.7-cert2 and later)",
    )
