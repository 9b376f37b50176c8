"""Whether this Asterisk is one of those that are open to CVE-2024-42365."""

from __future__ import annotations

from router.ami.version import MEND, judge
from router.config import Settings
from router.doctor.finding import Verdict, fail, fine, warn
from router.doctor.link import Link


def check_version(_settings: Settings, link: Link) -> Verdict:
    """Refuse the versions that are open."""
    return judge_version(link.ask("CoreSettings").get("AsteriskVersion", ""))


def judge_version(version: str) -> Verdict:
    """Judge by what Asterisk says of itself."""
    judged = judge(version)
    if judged.safety == "unknown":
        return warn(
            f"cannot tell from {version[:40]!r} whether CVE-2024-42365 is fixed",
            "run a release of Asterisk: 22 or later",
        )
    if judged.safety == "open":
        return fail(f"Asterisk {judged.name} is open to CVE-2024-42365", MEND)
    return fine(f"Asterisk {judged.name}")
