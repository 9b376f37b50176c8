from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import pytest

from router.ami.connect import Connector
from router.ami.mirror import CallerLeg, Mirror
from router.ami.pending import Fields
from router.core.events import AnyEvent, ConnectFailed
from tests.ami.words import ACCEPTED_BRIDGE, CALL, HOLD_BRIDGE, OFFER

OTHER = "dcr-0a1b2c3d-2"
TO_HOLD = (
    "Redirect",
    {"Channel": CALL, "Context": "decroche-hold", "Exten": "join", "Priority": "1"},
)


class Sent(NamedTuple):
    action: str
    fields: Fields
    if_refused: Callable[[], AnyEvent] | None


class Floor:
    """A caller, two listeners who accepted, and what the connector sends."""

    def __init__(self) -> None:
        self.mirror = Mirror()
        self.mirror.add_call(CALL, CallerLeg("health", None, 1700000000.0))
        for offer in (OFFER, OTHER):
            self.mirror.offer(offer)
        self.sent: list[Sent] = []
        self.connector = Connector(self.mirror, self.send)

    def send(
        self, action: str, fields: Fields, if_refused: Callable[[], AnyEvent] | None = None
    ) -> None:
        self.sent.append(Sent(action, fields, if_refused))

    def hold(self, *legs: str) -> None:
        for leg in legs:
            bridge = HOLD_BRIDGE if leg == CALL else ACCEPTED_BRIDGE
            self.mirror.enter_bridge(leg, bridge, holding=True)

    def connect(self, offer: str = OFFER) -> None:
        self.connector.connect(CALL, offer)
        self.connector.join_ready()

    def actions(self) -> list[tuple[str, Fields]]:
        """Give what was sent since it was last asked."""
        self.sent, sent = [], self.sent
        return [(one.action, one.fields) for one in sent]

    def refusals(self) -> list[Callable[[], AnyEvent]]:
        return [one.if_refused for one in self.sent if one.if_refused is not None]


@pytest.fixture
def floor() -> Floor:
    return Floor()


def joined(offer: str = OFFER) -> tuple[str, Fields]:
    return "Bridge", {"Channel1": CALL, "Channel2": offer, "Tone": "no"}


def test_two_who_are_held_are_joined_at_once(floor: Floor) -> None:
    floor.hold(CALL, OFFER)
    floor.connect()
    assert floor.actions() == [joined()]


def test_a_listener_who_is_not_held_yet_is_waited_for(floor: Floor) -> None:
    floor.hold(CALL)
    floor.connect()
    assert floor.actions() == []
    floor.hold(OFFER)
    floor.connector.join_ready()
    assert floor.actions() == [joined()]


def test_a_caller_who_hears_words_is_sent_to_hold_and_joined_there(floor: Floor) -> None:
    floor.hold(OFFER)
    floor.connect()
    assert floor.actions() == [TO_HOLD]
    floor.connector.join_ready()
    assert floor.actions() == []
    floor.hold(CALL)
    floor.connector.join_ready()
    assert floor.actions() == [joined()]


def test_legs_that_talk_already_are_not_joined(floor: Floor) -> None:
    for leg in (CALL, OFFER):
        floor.mirror.enter_bridge(leg, "a talk", holding=False)
    floor.connect()
    assert floor.actions() == [TO_HOLD]


def test_whoever_asks_twice_is_joined_once(floor: Floor) -> None:
    floor.hold(OFFER)
    floor.connect()
    floor.connect()
    floor.hold(CALL)
    floor.connector.join_ready()
    floor.connect()
    floor.connector.join_ready()
    assert floor.actions() == [TO_HOLD, joined()]


def test_after_a_talk_the_same_two_can_be_joined_again(floor: Floor) -> None:
    floor.hold(CALL, OFFER)
    floor.connect()
    floor.connector.joined(CALL)
    floor.connect()
    assert floor.actions() == [joined(), joined()]


def test_the_last_listener_asked_for_is_the_one(floor: Floor) -> None:
    floor.hold(CALL)
    floor.connect()
    floor.connect(OTHER)
    floor.hold(OFFER, OTHER)
    floor.connector.join_ready()
    assert floor.actions() == [joined(OTHER)]


@pytest.mark.parametrize("held", [(CALL,), (CALL, OFFER)])
@pytest.mark.parametrize("gone", [CALL, OFFER])
def test_a_pair_of_whom_one_is_gone_is_given_up(
    floor: Floor, gone: str, held: tuple[str, ...]
) -> None:
    floor.hold(*held)
    floor.connect()
    floor.actions()
    floor.mirror.hang_up(gone)
    floor.connector.join_ready()
    floor.mirror.add_call(CALL, CallerLeg("health", None, 1700000000.0))
    floor.mirror.offer(OFFER)
    floor.hold(CALL, OFFER)
    floor.connector.join_ready()
    assert floor.actions() == []
    floor.connect()
    assert floor.actions() == [joined()]


@pytest.mark.parametrize("held", [(OFFER,), (CALL, OFFER)])
def test_a_refusal_is_told_and_the_pair_can_be_asked_for_again(
    floor: Floor, held: tuple[str, ...]
) -> None:
    floor.hold(*held)
    floor.connect()
    (refusal,) = floor.refusals()
    assert refusal() == ConnectFailed(CALL, OFFER)
    floor.actions()
    floor.hold(CALL, OFFER)
    floor.connector.join_ready()
    assert floor.actions() == []
    floor.connect()
    assert floor.actions() == [joined()]


def test_a_late_refusal_does_not_touch_the_next_listener(floor: Floor) -> None:
    floor.hold(CALL, OFFER)
    floor.connect()
    (late,) = floor.refusals()
    floor.connect(OTHER)
    assert late() == ConnectFailed(CALL, OFFER)
    floor.hold(OTHER)
    floor.connector.join_ready()
    assert floor.actions() == [joined(), joined(OTHER)]


@pytest.mark.parametrize("held", [(CALL,), (CALL, OFFER)])
def test_after_a_lost_link_nothing_is_joined_until_it_is_asked_for_again(
    floor: Floor, held: tuple[str, ...]
) -> None:
    floor.hold(*held)
    floor.connect()
    floor.actions()
    floor.connector.forget_all()
    floor.hold(CALL, OFFER)
    floor.connector.join_ready()
    assert floor.actions() == []
    floor.connect()
    assert floor.actions() == [joined()]
