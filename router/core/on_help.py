"""What follows when a listener asks for help in a talk."""

from __future__ import annotations

from router.core.call import Call, HelpWanted
from router.core.climbing import keep_searching
from router.core.commands import ReportHelp, TellListener
from router.core.consult import bring_in, join_helper
from router.core.events import ConsultStarted, Help, HelpAsked
from router.core.floor import Floor
from router.core.help_search import name_of_search, search_for_help
from router.core.machine import IllegalTransition
from router.core.offer import Offer
from router.core.policy import Line, Rung


def help_asked(floor: Floor, event: HelpAsked, now: float) -> None:
    """A listener asks for help; or, once the two have spoken, for the caller to join them."""
    offer = floor.offer(event.offer)
    call = floor.call(offer.call)
    if call.state == "consulting" and offer.state == "talking":
        bring_in(floor, call, now)
    elif call.state == "talking" and call.partner == offer.name and call.helper is None:
        call.in_shock = call.in_shock or event.kind == "shock"
        if search_for_help(floor, call) is None:
            _search(floor, call, offer, event.kind, now)
        else:
            floor.order(TellListener(offer.name, "sought"))
    else:
        raise IllegalTransition(f"nobody can be asked for in a call that is {call.state}")


def consult_started(floor: Floor, event: ConsultStarted, now: float) -> None:
    """Listener and helper speak with each other."""
    helper = floor.offer(event.helper)
    call = floor.call(helper.call)
    if call.state != "consulting" or (call.partner, call.helper) != (event.offer, event.helper):
        raise IllegalTransition("these two were not to be put together")
    join_helper(floor, helper, now)
    floor.due_call(call, now + call.line.consult_seconds)
    floor.touch_call(call)


def _search(floor: Floor, call: Call, offer: Offer, kind: Help, now: float) -> None:
    ladder = _ladder(call.line, kind)
    if not ladder:
        floor.order(TellListener(offer.name, "nobody"))
        floor.order(ReportHelp(call.name, call.line.name, offer.listener, kind, "nobody", 0.0))
        return
    search = Call(
        name=name_of_search(call),
        line=call.line,
        caller=None,
        arrived=now,
        entered=call.entered,
        stands_since=now - call.line.head_start_seconds,
        searching_since=now,
        fallback_at=now + call.line.help_seconds,
        ladder=ladder,
        help_wanted=HelpWanted(kind, call.name, offer.name, offer.listener),
        has_leg=False,
    )
    floor.hold_call(search)
    floor.order(TellListener(offer.name, "sought"))
    keep_searching(floor, search, now)


def _ladder(line: Line, kind: Help) -> tuple[Rung, ...]:
    """Give whom to ask: for a caller in shock those who are there for it, else the seniors."""
    return (kind == "shock" and line.shock_ladder) or line.senior_ladder
