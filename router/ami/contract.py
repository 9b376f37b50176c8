"""The names that the dialplan and the daemon share; `dialplans/README.md` tells their story."""

from __future__ import annotations

import hashlib
import hmac

BEAT = "DECROCHE_BEAT"
ACK = "DECROCHE_ACK"
TALK = "DECROCHE_TALK"
PASS = "DECROCHE_PASS"  # noqa: S105 - a pass to be shown, not a password
LINE = "DECROCHE_LINE"
KNOWN = "DECROCHE_KNOWN"
HELP = "DECROCHE_HELP"
WHISPER_TO = "DECROCHE_TO"

HOLD_CONTEXT = "decroche-hold"
OFFER_CONTEXT = "decroche-offer"
FALLBACK_CONTEXT = "decroche-fallback"
MENU_CONTEXT = "decroche-menu"
WAKE_CONTEXT = "decroche-wake"
SENIOR_CONTEXT = "decroche-senior"
WHISPER_CONTEXT = "decroche-whisper"
OUR_CONTEXTS = "decroche-"

JOIN_BRIDGE = "decroche-join"
ACCEPTED_BRIDGE = "decroche-accepted"
ROOM_BRIDGES = "decroche-room-"
ROOM_APPLICATION = "ConfBridge"
HOLDING_TECHNOLOGY = "holding_bridge"


def room_of(call: str) -> str:
    """Give the name of the conference in which this call's listeners meet."""
    return ROOM_BRIDGES + call


class Seal:
    """Tells the dialplan's own words for a call or an offer from anybody else's."""

    def __init__(self, secret: bytes) -> None:
        self._secret = secret

    def token(self, name: str) -> str:
        """Give the token that the dialplan makes for this id."""
        return hashlib.sha1(self._secret + b":" + name.encode(), usedforsecurity=False).hexdigest()

    def fits(self, name: str, token: str) -> bool:
        """Say whether this token is this id's, in the same time whatever differs."""
        return hmac.compare_digest(self.token(name).encode(), token.encode())
