"""Whether Asterisk's events come: the daemon lives by them, and looks in the same way."""

from __future__ import annotations

from router.ami import contract
from router.config import Settings
from router.doctor.finding import Verdict, fine, warn
from router.doctor.link import Link


def check_echo(_settings: Settings, link: Link) -> Verdict:
    """Set what nobody reads, and wait for the event of it."""
    if link.echoes(contract.ECHO):
        return fine("what is set comes back as an event")
    return warn(
        "what is set does not come back as an event: should Asterisk's events stop, the daemon "
        "would not see it",
        "in manager.conf give the account read = system,call,user,dialplan,reporting and the "
        "eventfilter for VarSet of config/manager.conf; run asterisk -rx 'manager reload'; if "
        "that does not help, restart Asterisk",
    )
