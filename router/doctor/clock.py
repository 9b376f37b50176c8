"""Whether Asterisk's clock and ours agree: the dialplan judges our heartbeat by its own."""

from __future__ import annotations

from router.config import Settings
from router.doctor.finding import Verdict, fail, fine, warn
from router.doctor.link import Link, measure_clock

FAIL_SECONDS = 3.0
"""Half of the six seconds after which the dialplan takes the daemon for dead."""

WARN_SECONDS = 1.0
_MEND = "run chrony or systemd-timesyncd on both machines"


def check_clock(_settings: Settings, link: Link) -> Verdict:
    """Compare the two clocks."""
    theirs, ours = measure_clock(link)
    return judge_clock(theirs - ours)


def judge_clock(ahead_seconds: float) -> Verdict:
    """Judge by how far Asterisk's clock is ahead of ours."""
    off = abs(ahead_seconds)
    side = "ahead of" if ahead_seconds > 0 else "behind"
    detail = f"Asterisk's clock is {off:.3f} s {side} ours"
    if off > FAIL_SECONDS:
        return fail(detail, _MEND)
    if off > WARN_SECONDS:
        return warn(detail, _MEND)
    return fine(detail)
