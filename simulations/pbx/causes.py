"""Why a leg ended, by the numbers of ITU-T Q.850, and how Asterisk says it."""

from __future__ import annotations

UNKNOWN = 0
UNREACHABLE = 1
HUNG_UP = 16
BUSY = 17
NO_ANSWER = 19
REJECTED = 21
NETWORK_FAILED = 38

WORDS: dict[int, str] = {
    UNKNOWN: "Unknown",
    UNREACHABLE: "Unallocated (unassigned) number",
    HUNG_UP: "Normal Clearing",
    BUSY: "User busy",
    NO_ANSWER: "User alerting, no answer",
    REJECTED: "Call Rejected",
    NETWORK_FAILED: "Network out of order",
}
SIP_CODES: dict[int, str] = {
    UNREACHABLE: "404",
    BUSY: "486",
    NO_ANSWER: "480",
    REJECTED: "403",
    NETWORK_FAILED: "500",
}
"""What SIP said, where a failure came by SIP."""
