"""A long, dense run of the chaos from one seed: what hypothesis draws is thin in calls."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any, get_args

from router.core import events
from router.core.entry import Entry
from router.core.events import FailureReason, LegEnd
from router.core.presence_events import ListenerHeard, ListenerUnheard
from router.core.promise_events import CallBackEnd
from tests.core.chaos import KEYS, Chaos
from tests.core.world import PEOPLE, POLICIES

Choose = Callable[[random.Random], dict[str, Any]]


def _some(chance: random.Random) -> dict[str, Any]:
    return {"which": chance.randrange(100)}


def _nothing(_: random.Random) -> dict[str, Any]:
    return {}


def _call(chance: random.Random) -> dict[str, Any]:
    on = chance.choice(["general", "general", "police", "night", "nowhere"])
    return {"on": on, "who": chance.randrange(12)}


def _key(chance: random.Random) -> dict[str, Any]:
    keys = ["pick_up"] * 6 + ["press_accept"] * 6 + ["ring", "press_other", "press_nothing"]
    return {**_some(chance), "does": chance.choice(keys)}


def _say(chance: random.Random) -> dict[str, Any]:
    says = [events.ListenerCameOn] * 5 + [
        events.ListenerPaused,
        events.ListenerWentOff,
        events.TalkMarkedHard,
        ListenerUnheard,
        ListenerHeard,
    ]
    return {"who": chance.choice(list(PEOPLE)), "says": chance.choice(says)}


def _time(chance: random.Random) -> dict[str, Any]:
    seconds = chance.choice([0.1, 0.2, 0.5, 1.0] * 5 + [5.0, 5.0, 21.0, 95.0])
    return {"seconds": seconds, "heard": chance.random() < 0.8}


MOST_CALLERS = 9
"""Some more than there are listeners: with a crowd, nearly every call ends in the fallback."""

WEIGHTED: dict[str, tuple[float, Choose]] = {
    "somebody_calls": (6.0, _call),
    "caller_hangs_up": (1.5, _some),
    "caller_presses": (
        3.0,
        lambda it: {**_some(it), "what": it.choice(KEYS), "who": it.choice(list(PEOPLE))},
    ),
    "caller_types_a_number": (1.5, lambda it: {**_some(it), "who": it.randrange(12)}),
    "store_answers": (6.0, lambda it: {"durable": it.random() < 0.8}),
    "call_back_is_answered": (
        4.0,
        lambda it: {
            **_some(it),
            "how": it.choice(["taken", "taken", "taken", *get_args(CallBackEnd)]),
        },
    ),
    "senior_sees_to_a_promise": (0.4, lambda it: {**_some(it), "given": it.random() < 0.7}),
    "number_is_lost": (0.1, _some),
    "hold_turns": (6.0, _some),
    "dialplan_takes_over": (1.0, lambda it: {**_some(it), "answered": it.random() < 0.5}),
    "caller_is_put_through": (
        1.0,
        lambda it: {
            **_some(it),
            "listener_first": it.random() < 0.5,
            "answered": it.random() < 0.5,
        },
    ),
    "listener_does": (60.0, _key),
    "listener_asks_for_help": (
        4.0,
        lambda it: {**_some(it), "kind": it.choice(get_args(events.Help))},
    ),
    "help_comes": (
        20.0,
        lambda it: {**_some(it), "kind": it.choice(get_args(events.Help))},
    ),
    "listener_says_what_came_of_it": (
        1.5,
        lambda it: {
            "who": it.choice(list(PEOPLE)),
            "what": it.choice(get_args(events.Disposition)),
        },
    ),
    "caller_is_forgotten": (0.5, lambda it: {"who": it.randrange(12)}),
    "leg_ends": (6.0, lambda it: {**_some(it), "how": it.choice(get_args(LegEnd))}),
    "leg_fails": (3.0, lambda it: {**_some(it), "why": it.choice(get_args(FailureReason))}),
    "next_bridge_fails": (1.0, _nothing),
    "listener_says": (6.0, _say),
    "rules_change": (0.5, lambda it: {"which": it.choice(list(POLICIES))}),
    "wire_is_heard": (25.0, _nothing),
    "one_event_is_lost": (0.5, _nothing),
    "one_event_comes_twice": (2.0, _nothing),
    "time_passes": (10.0, _time),
    "clock_goes_back": (0.2, lambda it: {"seconds": it.choice([0.5, 30.0, 3600.0])}),
    "link_is_lost": (0.4, _nothing),
    "link_is_back": (3.0, _nothing),
    "daemon_restarts": (0.2, lambda it: {"forgotten": it.random() < 0.3}),
    "twin_is_made_anew": (1.0, _nothing),
    "decisions_are_watched": (2.0, _some),
}


def storm(seed: int, happenings: int) -> list[Entry]:
    """Let so many things happen, then calm return; give all that the engine was told."""
    chance = random.Random(seed)  # noqa: S311 - the same storm each time is what is wanted
    chaos = Chaos()
    chaos.start()
    names = list(WEIGHTED)
    weights = [weight for weight, _ in WEIGHTED.values()]
    for name in chance.choices(names, weights, k=happenings):
        if _possible(chaos, name):
            getattr(chaos, name)(**WEIGHTED[name][1](chance))
    chaos.teardown()
    return chaos.ledger.journal


def _possible(chaos: Chaos, name: str) -> bool:
    needed = {
        "somebody_calls": len(chaos.pbx.callers) < MOST_CALLERS,
        "caller_hangs_up": chaos.pbx.callers,
        "caller_presses": chaos.pbx.callers,
        "caller_types_a_number": chaos.pbx.callers,
        "hold_turns": chaos.pbx.callers,
        "dialplan_takes_over": chaos.pbx.callers,
        "caller_is_put_through": chaos.pbx.callers,
        "decisions_are_watched": chaos.pbx.callers,
        "listener_does": chaos.pbx.legs,
        "listener_asks_for_help": chaos.pbx.legs,
        "store_answers": chaos.pbx.store.to_note,
        "call_back_is_answered": chaos.pbx.dialled,
        "senior_sees_to_a_promise": chaos.ledger.engine.state.promises,
        "number_is_lost": chaos.ledger.engine.state.promises,
        "help_comes": chaos.pbx.legs,
        "leg_ends": chaos.pbx.legs,
        "leg_fails": chaos.pbx.legs,
        "one_event_is_lost": chaos.pbx.wire,
        "one_event_comes_twice": chaos.pbx.wire,
        "link_is_lost": chaos.pbx.linked,
        "link_is_back": not chaos.pbx.linked,
    }
    return bool(needed.get(name, True))
