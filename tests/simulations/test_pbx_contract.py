from __future__ import annotations

import asyncio
from collections.abc import Iterator

import pytest

from tests.simulations.pbx_heard import ERRORS, Heard
from tests.simulations.pbx_script import play
from tests.simulations.pbx_stages import FALLBACK_PHONE, emulated_stage, real_stage
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

    async def both() -> tuple[Heard, Heard]:
        async with real_stage(bed) as real, emulated_stage() as emulated:
            on_real, on_emulated = await asyncio.gather(play(real), play(emulated))
            return on_real, on_emulated

    return asyncio.run(both())


def test_each_leg_tells_the_same_story_on_the_real_and_on_the_emulated_one(
    heard: tuple[Heard, Heard],
) -> None:
    real, emulated = heard
    assert set(emulated.legs) == set(real.legs)
    for leg, story in real.legs.items():
        assert emulated.legs[leg] == story, leg


def test_each_action_is_answered_alike(heard: tuple[Heard, Heard]) -> None:
    real, emulated = heard
    assert len(real.answers["errors"]) == len(ERRORS)
    assert all(answer[0] == "Error" for answer in real.answers["errors"])
    for scene, answers in real.answers.items():
        assert emulated.answers[scene] == answers, scene
