from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import AbstractAsyncContextManager

import pytest

from tests.crash.virtual_loop import played
from tests.simulations.pbx_heard import ERRORS, Heard
from tests.simulations.pbx_script import play
from tests.simulations.pbx_stages import FALLBACK_PHONE, Stage, emulated_stage, real_stage
from tests.testbed import Testbed, require_testbed


@pytest.fixture(scope="module")
def bed() -> Iterator[Testbed]:
    """Give a testbed with one phone in its fallback group."""
    require_testbed()
    with Testbed(fallback=[FALLBACK_PHONE]) as bed:
        yield bed


@pytest.fixture(scope="module")
def heard(bed: Testbed) -> tuple[Heard, Heard]:
    """Give what was heard of one script on the real Asterisk, and on the emulated one."""

    async def on(stage: AbstractAsyncContextManager[Stage]) -> Heard:
        async with stage as there:
            return await play(there)

    return asyncio.run(on(real_stage(bed))), played(on(emulated_stage()))


def test_each_leg_tells_the_same_story_on_the_real_and_on_the_emulated_one(
    heard: tuple[Heard, Heard],
) -> None:
    real, emulated = heard
    assert set(emulated.legs) == set(real.legs)
    for leg, story in real.legs.items():
        assert emulated.legs[leg] == story, leg


def test_a_talk_that_no_daemon_has_seen_is_marked_once_on_both(heard: tuple[Heard, Heard]) -> None:
    for one in heard:
        marked = {scene: how for scene, how in one.answers.items() if scene.startswith("marked: ")}
        assert marked == {"marked: caller 0639980014": [(1,)], "marked: dcb-unseen-1": [(1,)]}


def test_each_action_is_answered_alike(heard: tuple[Heard, Heard]) -> None:
    real, emulated = heard
    assert len(real.answers["errors"]) == len(ERRORS)
    assert all(answer[0] == "Error" for answer in real.answers["errors"])
    for scene, answers in real.answers.items():
        assert emulated.answers[scene] == answers, scene
