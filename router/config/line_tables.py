"""What the config file says of the lines, as plain data."""

from __future__ import annotations

from router.config.call_back_tables import CallBack
from router.config.fields import (
    AfterTalk,
    CallerId,
    Callers,
    Digits,
    EverybodyAfter,
    Key,
    Name,
    Phones,
    Prompt,
    Risk,
    RungAfter,
    Seconds,
    Share,
    Shortage,
    ShortCall,
    Timeout,
    YesOrNo,
)
from router.config.table import Skills, Table
from router.schedule import AT_ALL_HOURS, Hours


class Rung(Table, frozen=True):
    """A step of a line's ladder. One with nobody on duty for it is passed at once."""

    after_seconds: RungAfter
    """When a call comes here; the rung before holds until then."""
    skills: Skills | None = None
    """What is asked of a listener from here on; None: those of the rung before."""
    ring_at_once: Phones | None = None
    """So many phones, and no more; None: as few as reach the line's target."""
    pools: tuple[Name, ...] | None = None
    """Whose listeners may be asked from here on besides; None: no further ones."""
    when: tuple[Shortage, ...] = ()
    """What takes a call here before its time: nobody who may be asked is free, or all of them,
    rung at once, would not reach the line's target."""
    behind: Callers | None = None
    """So does standing behind so many other callers."""
    words: Prompt | None = None
    """The prompt that a caller hears from here on while waiting, instead of the general
    reassurance; None: as before."""
    hours: Hours = AT_ALL_HOURS
    """Outside of them it is as if this rung were not there."""


class LineKey(Table, frozen=True):
    """What changes when a caller presses this key, under the welcome or later."""

    skills: Skills
    """Asked of a listener besides, on every rung."""
    instead_of: tuple[Name, ...] = ()
    """Skills of the line that are asked for no longer."""


class Line(Table, frozen=True):
    """A dialled number and its rules."""

    number: Digits
    """As it is dialled."""
    skills: Skills
    """What is asked of a listener, each skill with its least level."""
    hours: Hours = AT_ALL_HOURS
    """When the line goes by its own rules."""
    when_closed: Name | None = None
    """The line whose rules its callers are served by outside of its hours; None: its own. They keep
    their line's welcome, and are counted with it."""
    caller_id: CallerId | None = None
    """What listeners see; None: the line's number."""
    ladder: tuple[Rung, ...] = ()
    """Who is asked as a call waits, rung after rung."""
    shock_ladder: tuple[Rung, ...] = ()
    """For callers in emotional shock; None: the line's."""
    senior_ladder: tuple[Rung, ...] = ()
    """Whom a listener gets who asks for a senior, and nobody besides; None: nobody."""
    help_seconds: Timeout = 60.0
    """How long somebody is sought for a listener who asks for help."""
    consult_seconds: Timeout = 180.0
    """How long a caller waits while listener and helper speak with each other."""
    ring_seconds: Timeout = 20.0
    """How long one listener's phone rings before the next is asked."""
    accept_seconds: Timeout = 15.0
    """From a listener picking up to the accept key; a voicemail never presses it."""
    connect_seconds: Timeout = 10.0
    """From the accept key to both legs in one bridge."""
    after_talk_seconds: AfterTalk = 6.0
    """From a listener hanging up to a search for somebody else, if the caller is still there."""
    short_call_seconds: ShortCall = 5.0
    """Whoever hangs up sooner has left early, and is not counted as lost."""
    fallback_after_seconds: Timeout = 90.0
    """With no phone ringing for the call by then, the fallback group is asked; after twice as long
    it is asked though phones ring."""
    nobody_on_duty_seconds: Timeout = 5.0
    """Where nobody is on duty whom the ladder names, it is asked this long after the arrival."""
    pools: tuple[Name, ...] = ()
    """Whose listeners may be asked from the start; none named: everybody's."""
    target_share: Share = 0.99
    """So many of the callers are to be answered within `target_seconds`."""
    target_seconds: Timeout = 20.0
    """From a caller's arrival to the talk."""
    same_listener_seconds: Seconds = 5.0
    """How long the phone of the listener whom the caller knows rings alone."""
    wait_for_usual_seconds: Timeout = 600.0
    """How long a caller who chose so is kept for a listener who is busy."""
    says_wait: YesOrNo = False
    """Whoever has waited for 20 s is told how long it may yet take, where that is known."""
    head_start_seconds: Seconds = 0.0
    """By which this line's calls stand in the queue as if they had come earlier."""
    risk_wakes_above: Risk | None = None
    """At a higher risk that the next call misses its target, those on call are to be woken; None:
    nobody is."""
    shock_key: Key = "0"
    """Pressed by a caller in emotional shock: first in line from then on."""
    call_back: CallBack | None = None
    """None: nobody is called back."""
    call_back_key: Key | None = None
    """Pressed by a waiting caller who wants to be called back; None: there is no such key."""
    keys: dict[Key, LineKey] | None = None
    """What else callers may press here, such as another language; None: nothing. The words of the
    prompt `keys-<line>` must say the same."""
    everybody_after_seconds: EverybodyAfter = 45.0
    """When every phone rings whose listener could say a word: it can be set sooner or later, but
    not taken away."""
    everybody_words: Prompt | None = None
    """What a caller hears from then on; None: as before."""
