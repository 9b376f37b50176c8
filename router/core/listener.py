"""A listener: on duty or not, and busy with what."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final, Literal

from router.core.events import Disposition
from router.core.habit import Habit
from router.core.policy import Skills
from router.core.shift import Shift

Duty = Literal[
    "off",
    "paused",
    "on",
]
"""What the listener wants."""


DutyInput = Literal[
    "came_on",
    "paused",
    "went_off",
]
"""What a listener, or the shift, can say."""


DUTY_TABLE: Final[dict[Duty, dict[DutyInput, Duty]]] = {
    "off": {"came_on": "on", "went_off": "off"},
    "paused": {
        "came_on": "on",
        "paused": "paused",
        "went_off": "off",
    },
    "on": {
        "came_on": "on",
        "paused": "paused",
        "went_off": "off",
    },
}


Activity = Literal[
    "free",
    "offered",
    "talking",
    "wrap_up",
    "resting",
]
"""What the engine has the listener doing: our own reservation, whatever the phone says."""


ActivityInput = Literal[
    "offered",
    "connected",
    "released",
    "missed",
    # The phone was silenced for another reason than its listener's.
    "silenced",
    "talk_over",
    "rested",
]
"""What can happen to a listener's activity."""


ACTIVITY_TABLE: Final[dict[Activity, dict[ActivityInput, Activity]]] = {
    "free": {"offered": "offered"},
    "offered": {
        "connected": "talking",
        "released": "free",
        "missed": "resting",
        "silenced": "resting",
    },
    "talking": {"talk_over": "wrap_up"},
    "wrap_up": {"rested": "free"},
    "resting": {"rested": "free"},
}


UNHEARD_TRUST: Final = 0.5
"""Where an app has fallen silent, its phone may be out of reach with it, or ring as ever."""


@dataclass(slots=True)
class ListenerState:
    """One listener as the engine sees them. Times are epoch seconds."""

    name: str
    skills: Skills
    pool: str = ""
    duty: Duty = "off"
    activity: Activity = "free"
    offer: str | None = None
    """The one offer, ringing or talking, that holds this listener."""
    free_since: float = 0.0
    idle_order: int = 0
    """Rises each time somebody becomes free: the smallest has been idle the longest."""
    misses: int = 0
    """Missed rings in a row; back to 0 with an accepted call or by the listener's own word."""
    deadline: float | None = None
    habit: Habit = field(default_factory=Habit)
    shift: Shift = field(default_factory=Shift)
    rung_in_vain: list[float] = field(default_factory=list)
    """When others took what this phone rang for: as many of the last as the budget allows."""
    reluctance: int = 0
    """A bit for each preference that has to bend for asking them, the dearest the highest: the
    smallest is asked first."""
    last_talk: tuple[str, str] | None = None
    """Call and line of the talk they are in, or of the last one."""
    last_caller: str | None = None
    """With whom; a keyed hash."""
    noting: list[str] = field(default_factory=list)
    """The promises that they keyed after it, until it is known whether these are noted."""
    led_to: list[Disposition] = field(default_factory=list)
    """What they have said of it, each once."""
    duty_said_at: float | None = None
    """When they, or the shift, last said what they want; None: it is not known."""
    unheard: bool = False
    """Their app was there, and has fallen silent since they last came on: a hint, no more."""
    retired: bool = False
    """No longer in the config; forgotten as soon as the call in progress is over."""

    @property
    def trust(self) -> float:
        """Give by how much their habit is still to be counted on, while their phone rings.

        The risk of the next call leaves it out: an app that dozes at night is no reason to wake
        those on call.
        """
        return UNHEARD_TRUST if self.unheard else 1.0

    @property
    def available(self) -> bool:
        """Say whether a call may be offered now."""
        return self.activity == "free" and self.duty == "on"
