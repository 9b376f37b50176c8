"""That the dialplan signs with another secret is found before a caller is not heard."""

from __future__ import annotations

import pytest

from router.ami.contract import Seal
from router.ami.message import Message
from router.observe.metrics import Metrics
from router.runtime.dialplan_secret import DialplanSecret
from tests.ami.words import response
from tests.runtime.dialplan_look import NOBODY, events_of, looked
from tests.runtime.intake_desk import Desk, link_with, play

OURS = "what the dialplan and the daemon share"
ANOTHER = "what the dialplan and the daemon shared before"


class Look:
    """Looks at an Asterisk whose dialplan has a secret of a test's."""

    def __init__(self) -> None:
        self._metrics = Metrics()
        self._secret = DialplanSecret(self._metrics, Seal(OURS.encode()))

    def at(self, said: str | Message | None) -> list[str]:
        """Look once; give what was logged."""
        logs = looked(self._secret.look, said)
        assert ANOTHER not in str(logs)
        return events_of(logs)

    @property
    def fits(self) -> float | None:
        return self._metrics.registry.get_sample_value("decroche_dialplan_secret_fits")


def test_nothing_is_said_of_our_own() -> None:
    look = Look()
    assert (look.at(OURS), look.fits) == ([], 1)


@pytest.mark.parametrize("said", [ANOTHER, "", "accentué"])
def test_another_is_told_once_until_it_is_mended(said: str) -> None:
    look = Look()
    assert (look.at(said), look.fits) == (["dialplan_secret_differs"], 0)
    assert (look.at(said), look.fits) == ([], 0)
    assert (look.at(OURS), look.fits) == (["dialplan_secret_fits"], 1)


@pytest.mark.parametrize("said", [NOBODY, response("Error", Message="no")])
def test_an_asterisk_that_does_not_say_changes_nothing(said: Message | None) -> None:
    look = Look()
    assert (look.at(said), look.fits) == ([], 1)
    look.at(ANOTHER)
    assert (look.at(said), look.fits) == ([], 0)


def test_it_is_compared_at_each_link_and_at_each_check() -> None:
    async def scene(desk: Desk) -> None:
        def fits() -> float | None:
            return desk.metrics.registry.get_sample_value("decroche_dialplan_secret_fits")

        link = link_with()
        link.answer_to = lambda _: response("Success", Value=ANOTHER)
        await desk.up(link)
        assert fits() == 0
        link.answer_to = lambda _: response("Success", Value=OURS)
        await desk.check()
        assert fits() == 1

    play(scene)
