"""A daemon dies as two legs are joined, and a whole talk passes before there is another."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import msgspec
import pytest
import structlog
from redis import Redis

from router.store.embedded import EmbeddedStore
from router.store.kept_numbers import CLOSED
from simulations.pbx import people
from simulations.pbx.people import Ring
from tests.crash import world
from tests.crash.life import Death
from tests.crash.people import Person, Plan, PlannedCall, PlannedLife
from tests.crash.run import Outcome, run

TALK_SECONDS = 5.0
DOWN_SECONDS = 20.0
TAKES = Ring(picks_up_after_seconds=1.0, key="1", key_after_seconds=0.5, talk_seconds=TALK_SECONDS)
CALLER = Person(
    national="0639980001",
    calls=(PlannedCall(at_seconds=10.0, patience_seconds=60.0, talk_seconds=TALK_SECONDS),),
    rings=(TAKES,),
)
ASKS = replace(
    CALLER, calls=(replace(CALLER.calls[0], patience_seconds=9.0, key_after_seconds=(2.0,)),)
)
"""Wants to be called back, and hangs up before the listener has come to the phone."""
ASKS_AND_WAITS = replace(CALLER, calls=(replace(CALLER.calls[0], key_after_seconds=(2.0, 5.0)),))
"""Stays on the line, by a key, once it is noted."""
ENDS_WHILE_THEY_WAIT = PlannedLife(Death("never", 1), lives_seconds=22.0, down_seconds=90.0)
PLAN = Plan(
    persons=(CALLER,),
    listeners=("anne",),
    lives=(PlannedLife(Death("after bridge", 1), lives_seconds=200.0, down_seconds=DOWN_SECONDS),),
    rules={"again_seconds": [10.0], "on_hang_up": True, "hours": "00:00-23:59"},
)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[str]:
    store = EmbeddedStore(tmp_path)
    try:
        yield asyncio.run(store.start())
    finally:
        asyncio.run(store.stop())


@pytest.fixture
def quiet() -> Iterator[None]:
    logging.disable(logging.CRITICAL)
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    yield
    structlog.reset_defaults()
    logging.disable(logging.NOTSET)


def played(plan: Plan, url: str, folder: Path, *rings: Ring) -> Outcome:
    """Play a plan; its listener treats these rings so, and all those after them as the last."""

    def manner(_chance: object) -> people.Manner:
        left = iter(rings[:-1])
        return lambda: next(left, rings[-1])

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(world, "manner_of_listener", manner)
        return run(1, url, folder, plan)


def folder_in(path: Path) -> Path:
    folder = path / "world"
    folder.mkdir()
    return folder


@pytest.mark.usefixtures("quiet")
def test_a_caller_who_has_talked_while_no_daemon_was_there_is_not_called(
    store: str, tmp_path: Path
) -> None:
    outcome = played(PLAN, store, folder_in(tmp_path), people.answers(1.0))
    assert ended_in_the_talk(outcome)
    assert outcome.faults == []
    assert (outcome.dials, outcome.talks) == (0, 1)


@pytest.mark.usefixtures("quiet")
def test_a_call_back_whose_talk_nobody_saw_is_kept_and_its_listener_has_kept_it(
    store: str, tmp_path: Path
) -> None:
    plan = replace(PLAN, persons=(ASKS,))
    outcome = played(plan, store, folder_in(tmp_path), people.NEVER, people.answers(1.0))
    assert ended_in_the_talk(outcome)
    assert outcome.faults == []
    assert (outcome.noted, outcome.dials, outcome.talks) == (1, 1, 1)
    assert ends_of_promises(store) == [("talked", "anne"), ("talk_over", "")]


@pytest.mark.usefixtures("quiet")
@pytest.mark.parametrize(("person", "noted"), [(CALLER, 0), (ASKS_AND_WAITS, 1)])
def test_nor_is_one_whom_the_fallback_has_helped_while_there_was_none(
    store: str, tmp_path: Path, person: Person, noted: int
) -> None:
    plan = replace(PLAN, persons=(person,), lives=(ENDS_WHILE_THEY_WAIT,))
    outcome = played(plan, store, folder_in(tmp_path), people.NEVER)
    talks = [line for line in outcome.story if " talks with " in line]
    assert ["the fallback" in line for line in talks] == [True]
    assert outcome.faults == []
    assert (outcome.noted, outcome.dials, outcome.talks) == (noted, 0, 1)


def ended_in_the_talk(outcome: Outcome) -> bool:
    """Say whether the daemon died as it was to, and the talk was over before there was another."""
    died_at = float(outcome.deaths[0].partition(":")[0])
    begun, over, *_ = (
        float(line.split()[0])
        for line in outcome.story
        if "talks with a listener" in line or "talk over" in line
    )
    is_as_planned = outcome.deaths[0].endswith("after bridge 1")
    return is_as_planned and died_at <= begun < over < died_at + DOWN_SECONDS


def ends_of_promises(url: str) -> list[tuple[str, str]]:
    """Give the last two steps of the one promise that was closed, as the book has them."""
    with Redis.from_url(url) as client:
        (closed,) = client.hvals(CLOSED)
    return [(what, detail) for _, what, detail in msgspec.json.decode(closed)["history"][-2:]]
