"""Whether Asterisk's events still reach us: what we set there comes back as one of them.

Its answers say nothing of that. They go another way, and go on while the events are stuck in
Asterisk, or once an edited manager.conf holds them back.
"""

from __future__ import annotations

from contextlib import suppress
from typing import Final

import structlog

from router.ami import contract
from router.ami.errors import LinkDown
from router.ami.link import AmiLink
from router.ami.message import Message
from router.errors import AmiError
from router.observe.metrics import Metrics

EVERY_BEATS: Final = 5
"""Each 10 s."""

MISSED_UNTIL_DEAF: Final = 3
"""After 30 s or more. Events so late are of no use: a caller is waited for 5 s. It is our own looks
that are counted, so that a machine which stood still itself doubts nobody for it."""

WITHHELD: Final = (
    "give the account in manager.conf the `read` line and the eventfilter for VarSet that "
    "config/manager.conf has, then: asterisk -rx 'manager reload'"
)
DEAF: Final = (
    "look whether manager.conf has been changed, then run asterisk -rx 'manager reload'; if the "
    "events do not come then, restart Asterisk"
)

NOBODY: Final = {
    "Channel": contract.FENCE,
    "Application": "Hangup",
    "Variable": ["CDR_PROP(disable)=1"],
}
"""A leg that the fence refuses, as it bears no epoch: it is gone at once, and in no record."""

_SAME_WAY: Final = frozenset(
    {"BridgeEnter", "BridgeLeave", "Hangup", "Newchannel", "Newstate", "UserEvent"}
)
"""Events that Asterisk queues up with our echo. Others overtake it."""

log = structlog.get_logger(__name__)


class Echo:
    """Gives a link up over which nothing can be heard.

    An account with an older manager.conf lets no echo through, and is served as ever. It hears the
    end of each leg: so where no echo comes a leg is rung that reaches nobody.
    """

    def __init__(self, metrics: Metrics) -> None:
        self._metrics = metrics
        self._metrics.ami_echo_returns.set(1)
        self.is_expected = False
        """Whether one has come, and none has been found to be held back since."""
        self.is_deaf = False
        """Whether nothing has been heard since a link was given up for hearing nothing."""
        self._is_awaited = False
        self._beats = 0
        self._missed = 0
        self._others_came = False
        self._is_told = False

    def begin(self, link: AmiLink) -> None:
        """Ask for the first echo over a new link."""
        self._forget()
        self._ask(link)

    def look(self, link: AmiLink) -> None:
        """See, now and then of these looks, whether the last echo has come, and ask for another."""
        self._beats += 1
        if self._beats < EVERY_BEATS:
            return
        self._beats = 0
        if self._is_awaited:
            self._miss(link)
        self._ask(link)

    def hear(self, message: Message) -> None:
        """Take note of a message: it may be the echo, or what should have come after it."""
        if message.name == "VarSet":
            if message.get("Variable") == contract.ECHO:
                self._take_echo()
        elif message.name in _SAME_WAY and message.get("Uniqueid"):
            self.is_deaf = False
            self._others_came = self._missed > 0

    def _take_echo(self) -> None:
        if self._is_told or self.is_deaf:
            log.info("ami_echo_returns")
        self._forget()
        self._is_told = self.is_deaf = False
        self.is_expected = True
        self._metrics.ami_echo_returns.set(1)

    def _miss(self, link: AmiLink) -> None:
        self._missed += 1
        if self._missed >= MISSED_UNTIL_DEAF:
            self._judge(link)
        elif not self._others_came:
            _ring_nobody(link)

    def _judge(self, link: AmiLink) -> None:
        self._metrics.ami_echo_returns.set(0)
        if self._others_came:
            self._do_without()
        else:
            self._fall_deaf(link)

    def _fall_deaf(self, link: AmiLink) -> None:
        if not self.is_deaf:
            log.error("ami_deaf", how_to_mend=DEAF)
        self.is_deaf = True
        link.give_up(LinkDown("Asterisk answers, and its events do not come"))

    def _do_without(self) -> None:
        """Go by the channels' lists alone: it is the echo that is held back, not the events."""
        self.is_expected = False
        if not self._is_told:
            log.warning("ami_echo_withheld", how_to_mend=WITHHELD)
        self._is_told = True

    def _forget(self) -> None:
        self._is_awaited = self._others_came = False
        self._beats = self._missed = 0

    def _ask(self, link: AmiLink) -> None:
        # A link that is just going down tells that by itself.
        with suppress(AmiError):
            link.send("Setvar", {"Variable": contract.ECHO, "Value": "1"})
            self._is_awaited = True


def _ring_nobody(link: AmiLink) -> None:
    with suppress(AmiError):
        link.send("Originate", NOBODY)
