"""A caller's call: its states, and what is known of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final, Literal

from router.core.commands import Outcome
from router.core.events import CallerChoseSkills, Help
from router.core.policy import EVERYBODY, Line, Rung

Place = tuple[bool, bool, bool, float, int]

CallState = Literal[
    "searching",
    "connecting",
    "talking",
    # The listener speaks with somebody who came to help; the caller waits meanwhile.
    "consulting",
    # The listener has left and the caller is still there: a few seconds' grace to hang up.
    "after_talk",
    "fallback",
    "fallback_talking",
    # The caller has left, and is to be called back as soon as that is noted.
    "noting",
    "ended",
]
"""Where a call stands."""


CallInput = Literal[
    "announced",
    "accepted",
    "connected",
    "not_connected",
    "put_aside",
    "brought_in",
    "listener_left",
    "listener_dropped",
    "grace_over",
    "fallback_began",
    "fallback_answered",
    # Without having been answered, where the line calls back: it is to be noted first.
    "left_owed",
    "settled",
    "caller_left",
]
"""What can happen to a call."""


CALL_TABLE: Final[dict[CallState, dict[CallInput, CallState]]] = {
    "searching": {
        "announced": "searching",
        "accepted": "connecting",
        "fallback_began": "fallback",
        "fallback_answered": "fallback_talking",
        "left_owed": "noting",
        "caller_left": "ended",
    },
    "connecting": {
        "announced": "connecting",
        "connected": "talking",
        "not_connected": "searching",
        "fallback_began": "fallback",
        "fallback_answered": "fallback_talking",
        "left_owed": "noting",
        "caller_left": "ended",
    },
    "talking": {
        "announced": "after_talk",
        "put_aside": "consulting",
        "listener_left": "after_talk",
        "listener_dropped": "searching",
        "fallback_began": "fallback",
        "fallback_answered": "fallback_talking",
        "caller_left": "ended",
    },
    "consulting": {
        "announced": "consulting",
        "brought_in": "connecting",
        "fallback_began": "fallback",
        "fallback_answered": "fallback_talking",
        "caller_left": "ended",
    },
    "after_talk": {
        "announced": "after_talk",
        "listener_left": "after_talk",
        "listener_dropped": "searching",
        "grace_over": "searching",
        "fallback_began": "fallback",
        "fallback_answered": "fallback_talking",
        "caller_left": "ended",
    },
    "fallback": {
        "announced": "searching",
        "fallback_began": "fallback",
        "fallback_answered": "fallback_talking",
        "left_owed": "noting",
        "caller_left": "ended",
    },
    "fallback_talking": {
        "announced": "searching",
        "fallback_began": "fallback",
        "fallback_answered": "fallback_talking",
        "caller_left": "ended",
    },
    "noting": {
        "announced": "searching",
        "fallback_began": "fallback",
        "fallback_answered": "fallback_talking",
        "settled": "ended",
    },
    "ended": {},
}


@dataclass(slots=True)
class HelpWanted:
    """Who asks for help in a talk, and for whom."""

    kind: Help
    call: str
    offer: str
    listener: str


@dataclass(slots=True)
class Call:
    """One caller on the line. Times are epoch seconds. Names, never links: no cycle to collect."""

    name: str
    line: Line
    caller: str | None
    arrived: float
    entered: int
    """Order of entry, which decides between calls that arrived at the same instant."""
    stands_since: float
    """Whoever does so longest is served first. Epoch seconds, and no wait is told by it."""
    searching_since: float
    """Since when one more phone could have been rung for it."""
    fallback_at: float
    hurried: bool = False
    """Nobody was on duty as it arrived, so that the fallback is to be asked soon."""
    ladder: tuple[Rung, ...] = ()
    """That of the line, or what the keys that the caller pressed have made of it."""
    state: CallState = "searching"
    rung: int = 0
    offers: list[str] = field(default_factory=list)
    """Offers that ring or are being answered now, in the order made."""
    offers_made: int = 0
    usual: str | None = None
    """The listener whom this caller knows or asks for."""
    alone_until: float = 0.0
    """Until then the usual listener's phone may ring alone."""
    is_kept_for_usual: bool = False
    """It does, or the caller has chosen to wait for that listener."""
    fallback_put_off: bool = False
    """The caller has chosen so, and for as long as they wait the fallback is not asked."""
    skills_chosen: list[CallerChoseSkills] = field(default_factory=list)
    """By key, in their order: they hold on any ladder."""
    stands_aside: bool = False
    """Its number has as many calls in line as it may."""
    in_shock: bool = False
    """Served before everybody else."""
    wide_enough: bool = False
    """So many phones ring that the line's target is reached, as far as is known."""
    partner: str | None = None
    """The offer that was accepted, from the accept key to the end of the talk."""
    helper: str | None = None
    """The offer of whoever came to help in the talk."""
    help_wanted: HelpWanted | None = None
    """Set where this is no caller's, but the search for somebody whom a listener asks for."""
    promise: str | None = None
    """The promise that it keeps, or shall keep."""
    has_leg: bool = True
    """A caller is on the line for it; else it is a search alone, or has just been left."""
    called_back: bool = False
    """We have rung the caller, and they have no outcome of their own."""
    head_of_line: bool = False
    """Cut off in mid-talk: served before everybody else of its line."""
    joins_failed: int = 0
    """Since the last talk: a listener had accepted, and the two could not be joined."""
    answered_at: float | None = None
    begin_seen: bool = True
    """False: the first talk was found going on, or over, and had begun then or before."""
    by_fallback: bool = False
    talked_seconds: float = 0.0
    talking_since: float | None = None
    deadline: float | None = None

    def __post_init__(self) -> None:
        """Read snapshots of before there were keys, in which a call had no ladder of its own."""
        self.ladder = self.ladder or self.line.ladder

    @property
    def place(self) -> Place:
        """Give the call's place in line: the smallest is served first.

        Whoever has no phone ringing goes before a second phone for somebody else.
        """
        at_once, aside = self.head_of_line or self.in_shock, self.gives_way
        return (bool(self.offers), aside, not at_once, self.stands_since, self.entered)

    @property
    def gives_way(self) -> bool:
        """Say whether it stands behind everybody else: never where it is to be served at once."""
        return self.stands_aside and not (self.head_of_line or self.in_shock)

    @property
    def wants_ring(self) -> bool:
        """Say whether one more phone may ring for this call."""
        if self.state != "searching" or self.is_kept_for_usual:
            return False
        if self.gives_way:
            return not self.offers
        at_once = self.ladder[self.rung].ring_at_once
        if at_once is None:
            return not self.wide_enough
        return at_once == EVERYBODY or len(self.offers) < at_once

    def resume_talk(self, now: float) -> None:
        """Count the talk that begins, or goes on, now."""
        self.talking_since = now
        self.deadline = None

    def pause_talk(self, now: float) -> None:
        """Add the talk that was going on, if one was, to what was talked."""
        if self.talking_since is not None:
            self.talked_seconds += now - self.talking_since
            self.talking_since = None

    def outcome(self, now: float) -> Outcome:
        """Say how the call ended, if it ends now."""
        if self.answered_at is not None:
            return "fallback_answered" if self.by_fallback else "answered"
        if self.promise is not None:
            return "promised"
        if now - self.arrived < self.line.short_call_seconds:
            return "left_early"
        return "lost"
