"""The names that the dialplan and the daemon share; `dialplans/README.md` tells their story."""

from __future__ import annotations

import hashlib
import hmac

BEAT = "DECROCHE_BEAT"
ECHO = "DECROCHE_ECHO"
"""A global that means nothing: that it has been set is to come back as an event."""
SECRET = "DECROCHE_SECRET"  # noqa: S105 - a name
"""A global: what the dialplan signs with."""
ACK = "DECROCHE_ACK"
TALK = "DECROCHE_TALK"
TALKED = "DECROCHE_TALKED"
"""A global: the calls of talks that no daemon has seen, each after an `&`."""
PASS = "DECROCHE_PASS"  # noqa: S105 - a pass to be shown, not a password
LINE = "DECROCHE_LINE"
KNOWN = "DECROCHE_KNOWN"
HELP = "DECROCHE_HELP"
CALL_BACK = "DECROCHE_CALL_BACK"
DUE = "DECROCHE_DUE"
AT = "DECROCHE_AT"
"""Where the caller is to be called: `0`, the number that the call shows; `1` to `3`, the one typed
at that try; nothing, where the call has given none."""
WHISPER_TO = "DECROCHE_TO"
EPOCH = "DECROCHE_EPOCH"
"""A global: the epoch of the newest daemon."""
LIFE = "DECROCHE_LIFE"
"""A global: the word by which this life of Asterisk's is known; it goes as Asterisk dies."""
FORM = "DECROCHE_FORM"
"""A global: which dialplans these are."""
DIAL_EPOCH = "DECROCHE_DIAL_EPOCH"
DIAL = "DECROCHE_DIAL"
OWED = "DECROCHE_OWED"
AGREED = "DECROCHE_AGREED"

HOLD_CONTEXT = "decroche-hold"
OFFER_CONTEXT = "decroche-offer"
CALLING = "calling"
"""The extension of a listener who has taken a call-back and waits for its caller."""
FALLBACK_CONTEXT = "decroche-fallback"
PUT_THROUGH_CONTEXT = "decroche-put-through"
OTHERS_RUNG_CONTEXTS = (FALLBACK_CONTEXT, PUT_THROUGH_CONTEXT, "decroche-emergency")
"""How those begin in which the dialplan itself rings somebody for a caller."""
MENU_CONTEXT = "decroche-menu"
WAKE_CONTEXT = "decroche-wake"
SENIOR_CONTEXT = "decroche-senior"
WHISPER_CONTEXT = "decroche-whisper"
CALL_BACK_CONTEXT = "decroche-call-back"
FENCE = "Local/s@decroche-fence/n"
"""What is rung in the place of a caller's phone, and rings it: unless a newer daemon is there."""
WRAP_UP_CONTEXT = "decroche-wrapup"
PROMISE_CONTEXT = "decroche-promise"
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

    def is_of(self, secret: bytes) -> bool:
        """Say whether this is what we sign with, in the same time whatever differs."""
        return hmac.compare_digest(self._secret, secret)

    def fits(self, name: str, token: str) -> bool:
        """Say whether this token is this id's, in the same time whatever differs."""
        return hmac.compare_digest(self.token(name).encode(), token.encode())
