"""That Asterisk's half is of another version is said, and calls are routed all the same."""

from __future__ import annotations

import pytest

from router.ami.form import OURS
from router.ami.message import Message
from router.observe.metrics import Metrics
from router.runtime.dialplan_form import WARNING, DialplanForm
from tests.ami.words import CALL, response
from tests.runtime.dialplan_look import NOBODY, events_of, looked
from tests.runtime.intake_desk import Desk, link_with, play


class Look:
    """Looks at an Asterisk that calls its dialplans as a test says."""

    def __init__(self) -> None:
        self.metrics = Metrics()
        self.form = DialplanForm(self.metrics)

    def at(self, said: str | Message | None) -> list[str]:
        """Look once; give what was logged."""
        return events_of(looked(self.form.look, said))

    def found(self) -> tuple[tuple[str, ...], float | None]:
        fits = self.metrics.registry.get_sample_value("decroche_dialplan_fits")
        return self.form.warnings, fits


WELL = ((), 1.0)
WRONG = ((WARNING,), 0.0)


def test_nothing_is_said_of_dialplans_of_our_version() -> None:
    look = Look()
    assert look.found() == WELL
    assert look.at(OURS) == []
    assert look.found() == WELL


@pytest.mark.parametrize("said", ["", "aaaabbbb"])
def test_others_are_told_once_until_they_are_mended(said: str) -> None:
    look = Look()
    assert look.at(said) == ["dialplan_differs"]
    assert look.found() == WRONG
    assert look.at(said) == []
    assert look.at("ccccdddd") == ["dialplan_differs"]
    assert look.at(OURS) == ["dialplan_fits"]
    assert look.found() == WELL


@pytest.mark.parametrize("said", [NOBODY, response("Error", Message="no")])
def test_an_asterisk_that_does_not_say_changes_nothing(said: Message | None) -> None:
    look = Look()
    look.at(said)
    assert look.found() == WELL
    look.at("aaaabbbb")
    look.at(said)
    assert look.found() == WRONG


def test_a_link_that_comes_up_and_each_check_look_and_calls_are_routed() -> None:
    async def scene(desk: Desk) -> None:
        link = link_with(CALL)
        await desk.up(link)
        assert list(desk.intake.form.warnings) == [WARNING]
        link.answer_to = lambda _: response("Success", Value=OURS)
        await desk.check()
        assert not desk.intake.form.warnings

    play(scene)
