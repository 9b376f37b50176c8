from __future__ import annotations

import pytest

from router.web.api.clients import Client
from router.web.api.ids import Ids, Slip
from router.web.api.limits import Limits

SITE = Client("site", "", 6)
APP = Client("app", "", 6)
SLIP = Slip(
    "p-0123456789abcdef01234567",
    joined=False,
    line="carers",
    begins=1_800_000_000,
    due=1_800_003_600,
)


class Hands:
    """A clock that is set by hand."""

    seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


def test_a_minutes_requests_may_come_at_once_and_then_as_many_a_minute() -> None:
    clock = Hands()
    limits = Limits([SITE], 1_000, clock)
    assert [limits.let_in(SITE) for _ in range(6)] == [0.0] * 6
    assert limits.let_in(SITE) == pytest.approx(10.0)
    clock.seconds = 9.9
    assert limits.let_in(SITE) == pytest.approx(0.1)
    clock.seconds = 10.0
    assert limits.let_in(SITE) == 0.0
    clock.seconds = 10_000.0
    assert [limits.let_in(SITE) for _ in range(7)].count(0.0) == 6


def test_what_is_refused_for_all_costs_its_client_nothing() -> None:
    clock = Hands()
    limits = Limits([SITE, APP], 6, clock)
    assert [limits.let_in(APP) for _ in range(6)] == [0.0] * 6
    assert limits.let_in(SITE) > 0.0
    clock.seconds = 60.0
    assert [limits.let_in(SITE) for _ in range(6)] == [0.0] * 6


def test_an_id_opens_for_its_client_alone_and_with_this_sites_secret() -> None:
    ids = Ids(b"a secret of this test")
    written = ids.make("site", SLIP)
    assert ids.read("site", written) == SLIP
    assert ids.make("site", SLIP) == written
    assert ids.make("site", SLIP._replace(joined=True)) != written
    assert ids.read("app", written) is None
    assert Ids(b"another secret").read("site", written) is None


def test_the_length_of_an_id_does_not_tell_what_it_stands_for() -> None:
    ids = Ids(b"a secret of this test")
    for other in (SLIP._replace(promise="p-1-1"), SLIP._replace(joined=True)):
        assert len(ids.make("site", other)) == len(ids.make("site", SLIP))


def test_an_id_that_was_changed_in_any_place_opens_nothing() -> None:
    ids = Ids(b"a secret of this test")
    written = ids.make("site", SLIP)
    for place in range(len(written) - 1):
        other = "A" if written[place] != "A" else "B"
        assert ids.read("site", written[:place] + other + written[place + 1 :]) is None
    assert ids.read("site", written[:-4]) is None
    assert ids.read("site", "é" * 40) is None
