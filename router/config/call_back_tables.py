"""What the config file says of calling back, as plain data."""

from __future__ import annotations

from router.config.fields import Attempts, DayWindow, KeptDays, Seconds, Span, Timeout, YesOrNo
from router.config.table import Table
from router.core import policy

_PLAIN = policy.CallBack()


class CallBacks(Table, frozen=True):
    """What holds for the call-backs of every line."""

    international: YesOrNo = False
    """Whether callers from abroad are called back; whoever is from overseas France is not."""
    horizon_days: KeptDays = 30
    """So far ahead a call-back can be asked for."""


class CallBack(Table, frozen=True):
    """How a line calls back."""

    within_seconds: Span = _PLAIN.within_seconds
    """From being asked to being due: what the caller is told."""
    again_seconds: Attempts = _PLAIN.again_seconds
    """After the first, second, ... attempt that reached nobody; then a senior sees to it."""
    busy_again_seconds: Span = _PLAIN.busy_again_seconds
    """Instead, where the caller's phone was busy; then twice that, and twice again. These three
    use up no attempt; who goes on being busy is tried as if they did not answer."""
    ring_seconds: Timeout = _PLAIN.ring_seconds
    """How long the caller's phone rings."""
    answer_seconds: Timeout = _PLAIN.answer_seconds
    """From the caller picking up to the key; 25 at most, and 65 together with `ring_seconds`."""
    yields_seconds: Seconds = _PLAIN.yields_seconds
    """By which a promise stands behind those who are on the line."""
    urgent_seconds: Seconds = _PLAIN.urgent_seconds
    """So long before it is due it no longer does, and everybody is asked, one after the other."""
    appointment_seconds: Span = _PLAIN.appointment_seconds
    """After a time that a listener and a caller have agreed on: later it is late."""
    on_hang_up: YesOrNo = _PLAIN.on_hang_up
    """Whoever leaves the queue without having been helped is called back."""
    hours: DayWindow = "08:00-22:00"
    """When callers may be rung who did not ask for it now."""
