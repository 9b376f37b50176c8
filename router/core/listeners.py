"""What the engine does with a listener: reserve, give a call, free, rest."""

from __future__ import annotations

from math import inf

from router.core.call import Call
from router.core.commands import OfferResult, ReportBending
from router.core.fair_share import guild_of, join, leave, regroup, settle_share, share_call
from router.core.floor import Floor
from router.core.listener import (
    ACTIVITY_TABLE,
    DUTY_TABLE,
    ActivityInput,
    DutyInput,
    ListenerState,
)
from router.core.machine import follow
from router.core.matching import fits
from router.core.offer import MISSES, REFUSALS, SILENCED, Offer
from router.core.policy import Rung
from router.core.shift import LONGEST_SHIFT_SECONDS


def reserve(floor: Floor, listener: ListenerState, offer: str) -> None:
    """Hold a listener for one offer."""
    listener.activity = follow(ACTIVITY_TABLE, listener.activity, "offered")
    listener.offer = offer
    listener.deadline = None
    floor.touch_listener(listener)


def give_call(floor: Floor, listener: ListenerState, offer: Offer, now: float) -> None:
    """Count a talk that begins, and report each preference that has bent for it."""
    if listener.reluctance:
        for kind in floor.sparing.bent(listener.reluctance):
            floor.order(ReportBending(offer.call, offer.line, listener.name, kind))
    listener.last_talk = (offer.call, offer.line)
    listener.last_caller = _who_is(floor, floor.state.calls[offer.call])
    if listener.led_to:
        listener.led_to, listener.noting = [], []
    shift, sparing = listener.shift, floor.sparing
    if now - shift.began_at > LONGEST_SHIFT_SECONDS:
        _begin_shift(floor, listener, now)
    share_call(floor.state.guilds, shift)
    by_night = sparing.is_night(now)
    shift.talk_begins(now, by_night=by_night, break_seconds=sparing.break_seconds)


def _who_is(floor: Floor, call: Call) -> str | None:
    """Give the caller by the number shown, or by the one typed to be called back at."""
    if call.caller is not None or call.promise is None:
        return call.caller
    promise = floor.state.promises.get(call.promise)
    return promise.caller if promise is not None else None


def release(floor: Floor, listener: ListenerState, result: OfferResult, now: float) -> None:
    """Let a listener go from an offer that has ended: to wrap-up, to a rest, or free at once."""
    care = floor.state.policy.care
    listener.offer = None
    if result == "talked":
        _step(listener, "talk_over")
        listener.shift.talk_ends(now, floor.sparing.hard_rest_seconds)
        if care.wrap_up_seconds > 0.0:
            floor.due_listener(listener, now + care.wrap_up_seconds)
        else:
            _step(listener, "rested")
            seat_anew(floor, listener, now)
    elif result in MISSES or result in REFUSALS:
        _step(listener, "missed")
        floor.due_listener(listener, now + _rest_seconds(floor, listener, result))
    elif result in SILENCED and care.between_rings_seconds > 0.0:
        _step(listener, "silenced")
        floor.due_listener(listener, now + care.between_rings_seconds)
    else:
        _step(listener, "released")
        seat_anew(floor, listener, now)
    floor.touch_listener(listener)
    forget_if_retired(floor, listener)


def rest_over(floor: Floor, listener: ListenerState, at: float) -> None:
    """End a wrap-up or a rest; `at` is when it was over, which may be a little before now."""
    _step(listener, "rested")
    seat_anew(floor, listener, at)
    floor.touch_listener(listener)


def end_rests(floor: Floor, rung: Rung, now: float) -> None:
    """Let nobody rest from a missed ring whose phone is to ring with everybody's."""
    silent_until = now + floor.state.policy.care.between_rings_seconds
    for listener in floor.state.listeners.values():
        rests = listener.activity == "resting" and (listener.deadline or 0.0) > silent_until
        if rests and listener.duty == "on" and fits(listener, rung):
            rest_over(floor, listener, now)


def seat_anew(floor: Floor, listener: ListenerState, at: float) -> None:
    """Give a listener who becomes free the last place among the idle."""
    floor.state.idle_orders += 1
    listener.idle_order = floor.state.idle_orders
    listener.free_since = at
    _weigh(floor, listener, at)


def look_anew(floor: Floor, listener: ListenerState, at: float) -> None:
    """Weigh again what speaks against asking a free listener: some of it passes with time."""
    before = listener.reluctance
    _weigh(floor, listener, at)
    if listener.reluctance != before:
        floor.state.idle_orders += 1
        listener.idle_order = floor.state.idle_orders
        floor.touch_listener(listener)


def change_duty(floor: Floor, listener: ListenerState, what: DutyInput, now: float) -> None:
    """Have a listener come on, pause or go off; coming on from off begins a shift."""
    before, listener.duty = listener.duty, follow(DUTY_TABLE, listener.duty, what)
    listener.duty_said_at = now
    if before == listener.duty:
        return
    if before == "off":
        _begin_shift(floor, listener, now)
    if listener.duty == "on":
        join(floor.state.guilds, listener.shift)
    elif before == "on":
        leave(floor.state.guilds, listener.shift)


def take_new_rules(floor: Floor, now: float) -> None:
    """Weigh everybody by rules that have just been read, before the indexes are made anew."""
    floor.take_rules()
    everybody = floor.state.listeners.values()
    for listener in everybody:
        if listener.duty != "on":
            listener.shift.guild = guild_of(listener.skills)
    regroup(
        floor.state.guilds,
        [(one.shift, guild_of(one.skills)) for one in everybody if one.duty == "on"],
    )
    for listener in everybody:
        _weigh(floor, listener, now)


def forget_if_retired(floor: Floor, listener: ListenerState) -> None:
    """Drop a listener whom the config no longer names, unless a call is in progress."""
    if listener.retired and listener.offer is None:
        listener.deadline = None
        del floor.state.listeners[listener.name]


def rang_in_vain(floor: Floor, listener: ListenerState, now: float) -> None:
    """Note that somebody else took what this listener's phone rang for."""
    budget = floor.state.policy.care.rings_in_vain_an_hour
    listener.rung_in_vain.append(now)
    del listener.rung_in_vain[:-budget]


def _weigh(floor: Floor, listener: ListenerState, at: float) -> None:
    guild = floor.state.guilds.get(listener.shift.guild)
    listener.reluctance = floor.sparing.reluctance(listener, guild, at)
    if listener.activity == "free":
        listener.deadline = None
        if listener.reluctance:
            eases_at = floor.sparing.eases_at(listener, at)
            if eases_at < inf:
                floor.due_listener(listener, eases_at)


def _begin_shift(floor: Floor, listener: ListenerState, now: float) -> None:
    guild = floor.state.guilds.get(listener.shift.guild)
    if guild is not None:
        settle_share(guild, listener.shift)
    listener.shift.begin(now)


def _step(listener: ListenerState, what: ActivityInput) -> None:
    listener.activity = follow(ACTIVITY_TABLE, listener.activity, what)


def _rest_seconds(floor: Floor, listener: ListenerState, result: OfferResult) -> float:
    rests = floor.state.policy.care.missed_rest_seconds
    if result in REFUSALS:
        return rests[0]
    listener.misses += 1
    return rests[min(listener.misses, len(rests)) - 1]
