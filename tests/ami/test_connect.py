from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import pytest

from router.ami.connect import Connector
from router.ami.mirror import CallerLeg, Mirror
from router.ami.pending import Fields
from router.core.events import AnyEvent, ConnectFailed
from tests.ami.words import (
    ACCEPTED_BRIDGE,
    CALL,
    HOLD_BRIDGE,
    JOIN_BRIDGE,
    OFFER,
    TALK_BRIDGE,
    put_in,
)

OTHER = "dcr-0a1b2c3d-2"
SENT_TO_JOIN = (
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
        self.know_all()
        self.sent: list[Sent] = []
        self.told: list[AnyEvent] = []
        self.asked: list[tuple[str, str, Callable[[str], None]]] = []
        self.connector = Connector(self.mirror, self.send, self.ask, self.told.append)

    def send(
        self, action: str, fields: Fields, if_refused: Callable[[], AnyEvent] | None = None
    ) -> None:
        self.sent.append(Sent(action, fields, if_refused))

    def ask(self, leg: str, variable: str, hear: Callable[[str], None]) -> None:
        self.asked.append((leg, variable, hear))

    def look(self, exten: str, times: int = 2) -> None:
        """Let beats pass, and whatever is asked for be answered by this."""
        for _ in range(times):
            self.connector.look_again()
        self.asked, asked = [], self.asked
        for leg, variable, hear in asked:
            assert (leg, variable) == (CALL, "EXTEN")
            hear(exten)

    def know_all(self) -> None:
        self.mirror.add_call(CALL, CallerLeg("health", None, 1700000000.0))
        for offer in (OFFER, OTHER):
            self.mirror.offer(offer)

    def enter(self, *legs: str) -> None:
        """Let legs come to where they are joined from."""
        for leg in legs:
            put_in(self.mirror, leg, JOIN_BRIDGE if leg == CALL else ACCEPTED_BRIDGE)
        self.connector.join_ready()

    def connect(self, offer: str = OFFER) -> None:
        self.connector.connect(CALL, offer)
        self.connector.join_ready()

    def actions(self) -> list[tuple[str, Fields]]:
        """Give what was sent since it was last asked."""
        self.sent, sent = [], self.sent
        return [(one.action, one.fields) for one in sent]

    def last_refusal(self) -> AnyEvent:
        """Have the last action refused, and give what is told."""
        refused = self.sent[-1].if_refused
        assert refused is not None
        return refused()


@pytest.fixture
def floor() -> Floor:
    return Floor()


def joined(offer: str = OFFER) -> tuple[str, Fields]:
    return "Bridge", {"Channel1": CALL, "Channel2": offer, "Tone": "no"}


@pytest.mark.parametrize("bridge", [None, HOLD_BRIDGE, JOIN_BRIDGE, TALK_BRIDGE])
def test_wherever_the_caller_is_they_are_sent_to_the_bridge_for_joining_first(
    floor: Floor, bridge: str | None
) -> None:
    floor.enter(OFFER)
    if bridge is not None:
        put_in(floor.mirror, CALL, bridge)
    floor.connect()
    assert floor.actions() == [SENT_TO_JOIN]
    floor.enter(CALL)
    assert floor.actions() == [joined()]


def test_they_are_joined_by_their_channels_names_which_begin_no_other(floor: Floor) -> None:
    floor.mirror.name_channel(CALL, "PJSIP/trunk-00000001")
    floor.mirror.name_channel(OFFER, "Local/s@decroche-fence-00000002;1")
    floor.connect()
    floor.enter(CALL, OFFER)
    _, fields = floor.actions()[-1]
    named = ("PJSIP/trunk-00000001", "Local/s@decroche-fence-00000002;1")
    assert (fields["Channel1"], fields["Channel2"]) == named


@pytest.mark.parametrize("order", [(CALL, OFFER), (OFFER, CALL)])
def test_two_are_joined_as_soon_as_both_are_where_they_can_be(
    floor: Floor, order: tuple[str, str]
) -> None:
    floor.connect()
    assert floor.actions() == [SENT_TO_JOIN]
    floor.enter(order[0])
    assert floor.actions() == []
    floor.enter(order[1])
    assert floor.actions() == [joined()]
    floor.connector.join_ready()
    assert floor.actions() == []


def test_a_caller_whose_word_of_being_in_hold_comes_late_is_not_ready(floor: Floor) -> None:
    floor.enter(OFFER)
    floor.connect()
    put_in(floor.mirror, CALL, HOLD_BRIDGE)
    floor.connector.join_ready()
    assert floor.actions() == [SENT_TO_JOIN]


@pytest.mark.parametrize("bridge", [HOLD_BRIDGE, JOIN_BRIDGE, TALK_BRIDGE])
def test_a_listener_is_joined_from_the_bridge_of_those_who_accepted_alone(
    floor: Floor, bridge: str
) -> None:
    floor.connect()
    put_in(floor.mirror, OFFER, bridge)
    floor.enter(CALL)
    assert floor.actions() == [SENT_TO_JOIN]


def test_a_bridge_of_that_name_that_does_not_hold_is_a_talk(floor: Floor) -> None:
    floor.enter(OFFER)
    floor.connect()
    floor.mirror.enter_bridge(CALL, TALK_BRIDGE, holding=False, name="decroche-join")
    floor.connector.join_ready()
    assert floor.actions() == [SENT_TO_JOIN]


def test_whoever_asks_twice_is_joined_once(floor: Floor) -> None:
    floor.enter(OFFER)
    floor.connect()
    floor.connect()
    floor.enter(CALL)
    floor.connect()
    assert floor.actions() == [SENT_TO_JOIN, joined()]


def test_after_a_talk_the_same_two_can_be_joined_again(floor: Floor) -> None:
    for _ in range(2):
        floor.connect()
        floor.enter(CALL, OFFER)
        floor.connector.joined(CALL)
        assert floor.actions() == [SENT_TO_JOIN, joined()]


def test_the_last_listener_asked_for_is_the_one(floor: Floor) -> None:
    floor.connect()
    floor.connect(OTHER)
    floor.enter(OFFER, OTHER, CALL)
    assert floor.actions() == [SENT_TO_JOIN, SENT_TO_JOIN, joined(OTHER)]


def test_a_caller_who_was_waiting_for_another_listener_is_joined_once_there_anew(
    floor: Floor,
) -> None:
    floor.connect()
    floor.enter(CALL, OTHER)
    floor.connect(OTHER)
    assert floor.actions() == [SENT_TO_JOIN, SENT_TO_JOIN]
    floor.enter(CALL)
    assert floor.actions() == [joined(OTHER)]


@pytest.mark.parametrize("there", [(CALL,), (CALL, OFFER)])
@pytest.mark.parametrize("gone", [CALL, OFFER])
def test_a_pair_of_whom_one_is_gone_is_given_up(
    floor: Floor, gone: str, there: tuple[str, ...]
) -> None:
    floor.connect()
    floor.enter(*there)
    floor.actions()
    floor.mirror.hang_up(gone)
    floor.connector.join_ready()
    floor.know_all()
    assert_asked_for_anew(floor)


@pytest.mark.parametrize("there", [(), (CALL, OFFER)])
def test_a_listener_who_is_withdrawn_is_not_joined(floor: Floor, there: tuple[str, ...]) -> None:
    floor.connect()
    floor.enter(*there)
    floor.actions()
    floor.connector.withdraw(OTHER)
    floor.connector.withdraw(OFFER)
    assert_asked_for_anew(floor)


def test_the_others_are_joined_though_one_is_withdrawn(floor: Floor) -> None:
    floor.connect()
    floor.connector.withdraw(OTHER)
    floor.enter(CALL, OFFER)
    assert floor.actions() == [SENT_TO_JOIN, joined()]


@pytest.mark.parametrize("there", [(), (CALL, OFFER)])
def test_a_refusal_is_told_and_the_pair_can_be_asked_for_again(
    floor: Floor, there: tuple[str, ...]
) -> None:
    floor.connect()
    floor.enter(*there)
    assert floor.last_refusal() == ConnectFailed(CALL, OFFER)
    floor.actions()
    assert_asked_for_anew(floor)


def test_a_late_refusal_does_not_touch_the_next_listener(floor: Floor) -> None:
    floor.connect()
    floor.enter(CALL, OFFER)
    late = floor.sent[-1].if_refused
    assert late is not None
    floor.connect(OTHER)
    assert late() == ConnectFailed(CALL, OFFER)
    floor.enter(CALL, OTHER)
    assert floor.actions() == [SENT_TO_JOIN, joined(), SENT_TO_JOIN, joined(OTHER)]


@pytest.mark.parametrize("there", [(CALL,), (CALL, OFFER)])
def test_after_a_lost_link_nothing_is_joined_until_it_is_asked_for_again(
    floor: Floor, there: tuple[str, ...]
) -> None:
    floor.connect()
    floor.enter(*there)
    floor.actions()
    floor.connector.forget_all()
    assert_asked_for_anew(floor)


def assert_asked_for_anew(floor: Floor) -> None:
    """Assert that nobody is joined until the pair is asked for again, and then is."""
    floor.enter(CALL, OFFER)
    assert floor.actions() == []
    floor.connect()
    floor.enter(CALL)
    assert floor.actions() == [SENT_TO_JOIN, joined()]


def test_a_caller_who_was_put_through_to_others_is_left_with_them(floor: Floor) -> None:
    put_in(floor.mirror, CALL, TALK_BRIDGE)
    floor.mirror.others_enter(TALK_BRIDGE)
    floor.connect()
    assert floor.actions() == []
    assert floor.told == [ConnectFailed(CALL, OFFER)]
    assert not floor.connector.is_joining(CALL)


def test_a_caller_whom_asterisk_has_not_brought_is_sent_anew(floor: Floor) -> None:
    floor.enter(OFFER)
    floor.connect()
    floor.look("s")
    assert floor.actions() == [SENT_TO_JOIN, SENT_TO_JOIN]
    floor.enter(CALL)
    floor.look("s")
    assert floor.actions() == [joined()]


def test_asterisk_has_from_one_beat_to_the_next_to_bring_a_caller(floor: Floor) -> None:
    floor.look("s")
    floor.connect()
    floor.look("s", times=1)
    assert floor.actions() == [SENT_TO_JOIN]
    floor.connector.withdraw(OFFER)
    floor.connect(OTHER)
    floor.look("s", times=1)
    assert floor.actions() == [SENT_TO_JOIN]


def test_whoever_is_on_the_way_is_not_sent_anew(floor: Floor) -> None:
    floor.connect()
    floor.look("join")
    assert floor.actions() == [SENT_TO_JOIN]


def test_whoever_is_there_is_not_looked_for(floor: Floor) -> None:
    floor.connect()
    floor.enter(CALL)
    floor.look("s")
    assert floor.actions() == [SENT_TO_JOIN]


@pytest.mark.parametrize("since", ["came", "withdrawn", "lost"])
def test_an_answer_that_comes_too_late_sends_nobody_anywhere(floor: Floor, since: str) -> None:
    floor.enter(OFFER)
    floor.connect()
    for _ in range(2):
        floor.connector.look_again()
    floor.actions()
    happen = {
        "came": lambda: put_in(floor.mirror, CALL, JOIN_BRIDGE),
        "withdrawn": lambda: floor.connector.withdraw(OFFER),
        "lost": floor.connector.forget_all,
    }
    happen[since]()
    (_, _, hear) = floor.asked[-1]
    hear("s")
    assert floor.actions() == []
