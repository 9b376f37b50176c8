"""A listener: on duty or not, and busy with what."""

from __future__ import annotations

from enum import StrEnum

from msgspec import Struct

from router.core.policy import Skills


class Duty(StrEnum):
    """What the listener wants."""

    OFF = "off"
    PAUSED = "paused"
    ON = "on"


class DutyInput(StrEnum):
    """What a listener, or the shift, can say."""

    CAME_ON = "came_on"
    PAUSED = "paused"
    WENT_OFF = "went_off"


DUTY_TABLE: dict[Duty, dict[DutyInput, Duty]] = {
    Duty.OFF: {DutyInput.CAME_ON: Duty.ON, DutyInput.WENT_OFF: Duty.OFF},
    Duty.PAUSED: {
        DutyInput.CAME_ON: Duty.ON,
        DutyInput.PAUSED: Duty.PAUSED,
        DutyInput.WENT_OFF: Duty.OFF,
    },
    Duty.ON: {
        DutyInput.CAME_ON: Duty.ON,
        DutyInput.PAUSED: Duty.PAUSED,
        DutyInput.WENT_OFF: Duty.OFF,
    },
}


class Activity(StrEnum):
    """What the engine has the listener doing: our own reservation, whatever the phone says."""

    FREE = "free"
    OFFERED = "offered"
    TALKING = "talking"
    WRAP_UP = "wrap_up"
    RESTING = "resting"


class ActivityInput(StrEnum):
    """What can happen to a listener's activity."""

    OFFERED = "offered"
    CONNECTED = "connected"
    RELEASED = "released"
    MISSED = "missed"
    TALK_OVER = "talk_over"
    RESTED = "rested"


ACTIVITY_TABLE: dict[Activity, dict[ActivityInput, Activity]] = {
    Activity.FREE: {ActivityInput.OFFERED: Activity.OFFERED},
    Activity.OFFERED: {
        ActivityInput.CONNECTED: Activity.TALKING,
        ActivityInput.RELEASED: Activity.FREE,
        ActivityInput.MISSED: Activity.RESTING,
    },
    Activity.TALKING: {ActivityInput.TALK_OVER: Activity.WRAP_UP},
    Activity.WRAP_UP: {ActivityInput.RESTED: Activity.FREE},
    Activity.RESTING: {ActivityInput.RESTED: Activity.FREE},
}


# Asked many times in each step: an enum's members are slow to look up.
_ON, _FREE = Duty.ON, Activity.FREE


class ListenerState(Struct):
    """One listener as the engine sees them. Times are epoch seconds."""

    name: str
    skills: Skills
    duty: Duty = Duty.OFF
    activity: Activity = Activity.FREE
    offer: str | None = None
    """The one offer, ringing or talking, that holds this listener."""
    free_since: float = 0.0
    idle_order: int = 0
    """Rises each time somebody becomes free: the smallest has been idle the longest."""
    misses: int = 0
    """Missed rings in a row; back to 0 with an accepted call or by the listener's own word."""
    deadline: float | None = None
    retired: bool = False
    """No longer in the config; forgotten as soon as the call in progress is over."""

    @property
    def available(self) -> bool:
        """Say whether a call may be offered now."""
        return self.activity is _FREE and self.duty is _ON
