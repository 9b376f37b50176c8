"""A listener and a helper speak with each other; then the caller is with both, or with one."""

from __future__ import annotations

from router.core.call import CALL_TABLE, Call
from router.core.commands import BringCallerIn, StartConsult
from router.core.floor import Floor
from router.core.help_search import end_search
from router.core.listener import ACTIVITY_TABLE
from router.core.listeners import give_call
from router.core.machine import follow
from router.core.offer import OFFER_TABLE, Offer
from router.core.offers import withdraw


def begin_consult(floor: Floor, search: Call, now: float) -> None:
    """Put listener and helper together, now that one is found; the caller waits meanwhile."""
    wanted, name = search.help_wanted, search.partner
    assert wanted is not None, "it is a search for help"
    assert name is not None, "somebody has taken it"
    call, helper = floor.call(wanted.call), floor.offer(name)
    end_search(floor, search, "found", now)
    helper.call = call.name
    call.helper = helper.name
    call.state = follow(CALL_TABLE, call.state, "put_aside")
    call.pause_talk(now)
    order_consult(floor, call, now)


def order_consult(floor: Floor, call: Call, now: float) -> None:
    """Have listener and helper put together, for the first time or because that may be lost."""
    assert call.partner is not None, "there is a listener"
    assert call.helper is not None, "there is a helper"
    floor.order(StartConsult(call.name, call.partner, call.helper))
    floor.due_call(call, now + call.line.connect_seconds)
    floor.touch_call(call)


def join_helper(floor: Floor, helper: Offer, now: float) -> None:
    """Note that whoever came to help is there."""
    listener = floor.listener(helper.listener)
    offer_state = follow(OFFER_TABLE, helper.state, "connected")
    activity = follow(ACTIVITY_TABLE, listener.activity, "connected")
    helper.state, listener.activity = offer_state, activity
    give_call(floor, listener, helper, now)


def rejoin(floor: Floor, call: Call, now: float) -> None:
    """Note that the caller is with those who spoke with each other.

    That a helper is there may not have been heard before.
    """
    call.state = follow(CALL_TABLE, call.state, "connected")
    call.resume_talk(now)
    helper = floor.state.offers.get(call.helper or "")
    if helper is not None and helper.state == "accepted":
        join_helper(floor, helper, now)
    floor.touch_call(call)


def bring_in(floor: Floor, call: Call, now: float) -> None:
    """Have the caller join those who speak with each other, or the one who is left of them."""
    assert call.partner is not None, "there is somebody to join"
    call.state = follow(CALL_TABLE, call.state, "brought_in")
    floor.order(BringCallerIn(call.name, call.partner))
    floor.due_call(call, now + call.line.connect_seconds)
    floor.touch_call(call)


def consult_over(floor: Floor, call: Call, now: float) -> None:
    """End a consult that has lasted long enough, or has not come about in time."""
    helper = floor.offer(call.helper or "")
    if helper.state == "accepted":
        call.helper = None
        withdraw(floor, helper, "not_connected", "taken", now)
    bring_in(floor, call, now)


def go_on_without(floor: Floor, call: Call, gone: Offer, now: float) -> None:
    """Have the caller stay with the other one when the listener or the helper has left."""
    if call.partner == gone.name:
        call.partner = call.helper
    call.helper = None
    if call.state == "consulting":
        bring_in(floor, call, now)
    floor.touch_call(call)
