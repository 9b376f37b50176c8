"""The search for somebody whom a listener asks for: a call of its own beside the caller's.

So it waits, climbs its ladder and rings phones like any other; only whom it is for, and how it
ends, is different.
"""

from __future__ import annotations

from typing import Final

from router.core.call import Call
from router.core.commands import HelpResult, ReportHelp
from router.core.floor import Floor
from router.core.offers import withdraw

_SUFFIX: Final = "/help"
"""No caller's call can be called so: no unique id of Asterisk's has a slash."""


def name_of_search(call: Call) -> str:
    """Give the name of the search for help in this call's talk."""
    return call.name + _SUFFIX


def search_for_help(floor: Floor, call: Call) -> Call | None:
    """Give the search that the listener of this call's talk has asked for, if one runs."""
    return floor.state.calls.get(name_of_search(call))


def end_search(floor: Floor, search: Call, result: HelpResult, now: float) -> None:
    """End a search for help: whose phone still rings is let go."""
    wanted = search.help_wanted
    assert wanted is not None, "it is a search for help"
    search.state = "ended"
    search.deadline = None
    for name in list(search.offers):
        withdraw(floor, floor.state.offers[name], "withdrawn", "taken", now)
    floor.touch_call(search)
    floor.drop_call(search)
    waited_seconds = now - search.arrived
    floor.order(
        ReportHelp(
            wanted.call, search.line.name, wanted.listener, wanted.kind, result, waited_seconds
        )
    )
