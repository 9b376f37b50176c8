from __future__ import annotations

from statistics import fmean

import pytest
from msgspec.structs import replace

from router.core.events import ListenerLegEnded, ListenerPickedUp, OfferAccepted, OfferDeclined
from simulations.replay.past import Act, Past, PastRing
from simulations.replay.patience import MEAN_SECONDS_IF_UNKNOWN, Patience
from simulations.replay.scripts import Script, Scripts
from simulations.world.streams import stream

ANNE, BRUNO = "anne", "bruno"


def ring(listener: str, at: float, *acts: Act, released: float | None = None) -> PastRing:
    return PastRing("dcr-1", listener, "1.1", at, acts=list(acts), released=released)


def accepted(listener: str, at: float, after: float) -> PastRing:
    picked_up = at + after, ListenerPickedUp("dcr-1")
    return ring(listener, at, picked_up, (at + after + 4.0, OfferAccepted("dcr-1")))


def rung_out(listener: str, at: float) -> PastRing:
    return replace(ring(listener, at, released=at + 20.0), rang_out=True)


def scripts(*rings: PastRing) -> Scripts:
    past = Past(
        source="",
        began=0.0,
        ended=10_000.0,
        calls={},
        already_there=0,
        rings=list(rings),
        rounds=[],
        duties=[],
        daemon=[],
    )
    return Scripts(past, seed=1)


def told(script: Script) -> list[tuple[float, str]]:
    return [(at, type(act).__name__) for at, act in script.acts]


def test_a_ring_is_answered_as_the_nearest_one_of_the_same_listener() -> None:
    book = scripts(accepted(ANNE, 100.0, 6.0), accepted(BRUNO, 190.0, 1.0), accepted(ANNE, 300, 9))
    assert told(book.script(ANNE, 190.0)) == [(196.0, "ListenerPickedUp"), (200.0, "OfferAccepted")]
    assert told(book.script(ANNE, 300.0))[0] == (309.0, "ListenerPickedUp")


def test_a_ring_that_was_ended_by_somebody_else_goes_on_as_one_that_lasted_longer() -> None:
    book = scripts(
        ring(ANNE, 100.0, released=108.0), accepted(ANNE, 120.0, 7.0), accepted(ANNE, 500.0, 9.0)
    )
    assert told(book.script(ANNE, 100.0))[0] == (109.0, "ListenerPickedUp")


def test_who_had_picked_up_when_somebody_else_was_first_presses_a_key_as_another_time() -> None:
    cut = ring(ANNE, 100.0, (105.0, ListenerPickedUp("dcr-1")), released=107.0)
    book = scripts(cut, accepted(ANNE, 200.0, 9.0))
    assert told(book.script(ANNE, 100.0)) == [
        (105.0, "ListenerPickedUp"),
        (109.0, "OfferAccepted"),
    ]


def test_a_phone_that_rang_out_is_not_answered_by_ringing_longer() -> None:
    book = scripts(rung_out(ANNE, 100.0), accepted(ANNE, 5000.0, 26.0))
    assert told(book.script(ANNE, 130.0)) == []


def test_a_ring_that_was_ended_by_somebody_else_may_go_on_unheard() -> None:
    cut = ring(ANNE, 100.0, released=108.0)
    book = scripts(cut, rung_out(ANNE, 200.0), accepted(ANNE, 500.0, 9.0))
    assert told(book.script(ANNE, 100.0)) == []
    book = scripts(cut, accepted(ANNE, 150.0, 9.0), rung_out(ANNE, 200.0))
    assert told(book.script(ANNE, 100.0))[0] == (109.0, "ListenerPickedUp")


def test_who_was_never_rung_answers_as_somebody_did_at_that_hour_of_the_day() -> None:
    declined = ring(
        BRUNO, 7200.0, (7203.0, OfferDeclined("dcr-1")), (7205.0, ListenerLegEnded("dcr-1", "busy"))
    )
    book = scripts(accepted(ANNE, 100.0, 6.0), declined)
    at_two = book.script("cleo", 86_400.0 + 2 * 3600.0)
    assert told(at_two)[0] == (86_400.0 + 7203.0, "OfferDeclined")
    assert told(book.script("cleo", 50.0))[0] == (56.0, "ListenerPickedUp")
    assert told(scripts().script("cleo", 50.0)) == []


def test_patience_is_kaplan_and_meiers() -> None:
    """Of four, one gave up at 10 s and one at 30 s; two were answered, at 20 s and at 40 s."""
    patience = Patience([(10.0, True), (20.0, False), (30.0, True), (40.0, False)])
    chance = stream(1, "patience")
    drawn = [patience.draw(chance) for _ in range(20_000)]
    assert drawn.count(10.0) / len(drawn) == pytest.approx(0.25, abs=0.01)
    assert drawn.count(30.0) / len(drawn) == pytest.approx(0.75 * 0.5, abs=0.01)
    beyond = [one for one in drawn if one > 30.0]
    assert fmean(beyond) == pytest.approx(30.0 + 100.0 / 2, rel=0.05)


def test_who_was_answered_had_more_patience_than_that() -> None:
    patience = Patience([(10.0, True), (20.0, False), (30.0, True), (40.0, False)])
    chance = stream(1, "patience")
    drawn = [patience.draw(chance, outlasted_seconds=20.0) for _ in range(10_000)]
    assert drawn.count(30.0) / len(drawn) == pytest.approx(0.5, abs=0.02)
    assert min(drawn) > 20.0
    assert min(patience.draw(chance, 40.0) for _ in range(1000)) > 40.0


def test_where_nobody_ever_gave_up_a_stated_mean_is_taken() -> None:
    chance = stream(1, "patience")
    patience = Patience([(5.0, False)])
    drawn = [patience.draw(chance, 5.0) for _ in range(20_000)]
    assert fmean(drawn) == pytest.approx(5.0 + MEAN_SECONDS_IF_UNKNOWN, rel=0.05)
