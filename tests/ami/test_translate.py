from __future__ import annotations

import hashlib
from contextlib import suppress

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from router.ami.contract import Seal
from router.ami.message import Message
from router.ami.mirror import CallerLeg
from router.ami.parse import BadMessage, as_epoch_seconds, as_id, as_name
from router.core import events
from router.core.events import AnyEvent
from tests.ami.hearing import CALLER, Ear, seen
from tests.ami.words import (
    ARRIVED,
    CALL,
    HOLD_BRIDGE,
    NUMBER,
    OFFER,
    SEAL,
    TALK_BRIDGE,
    headers_of,
    say,
)

CALL_WORDS = ["arrived", "waiting", "fallback"]
OTHERS_WORDS = ["put_through", "fallback_answered"]
OFFER_WORDS = ["picked_up", "accepted", "declined", "no_key"]
LEG_WORDS = [*OFFER_WORDS, "disposition", "help"]
KEY_WORDS = ["key", "code", "choice"]
SEALED_WORDS = [*CALL_WORDS, *OTHERS_WORDS, *KEY_WORDS, *LEG_WORDS]
TOLD_WORDS = ["hangup", "new_channel", "ringing", "enter", "hold", "join", "leave", "not_placed"]
READ_HEADERS = [
    (word, header)
    for word in [*SEALED_WORDS, *TOLD_WORDS]
    for header in headers_of(word)[1]
    if header in {"UserEvent", "Token", "Call", "Line", "Arrived", "Offer", "What", "Uniqueid"}
    or (header, word) in {("ChannelStateDesc", "ringing"), ("BridgeUniqueid", "enter")}
    or header in {"Key", "Code", "Choice", "Kind"}
    or (header, word) in {("ActionID", "not_placed"), ("Response", "not_placed")}
]
GARBLED = (None, "", " ", "x y", "a: b", b"\xff\xfe\xc3", "nan\0", b"dcr-" + b"x" * 65536)
FAR_HALF = f"{OFFER};2"


@pytest.fixture
def ear() -> Ear:
    return Ear()


@pytest.mark.parametrize(
    ("word", "event"),
    [
        ("arrived", events.CallArrived(CALL, "health", CALLER, ARRIVED)),
        ("waiting", events.CallWaiting(CALL, "health", CALLER, ARRIVED)),
        ("fallback", events.FallbackBegan(CALL, "health", CALLER, ARRIVED)),
        ("put_through", events.CallerPutThrough(CALL)),
        ("fallback_answered", events.FallbackAnswered(CALL)),
        ("picked_up", events.ListenerPickedUp(OFFER)),
        ("accepted", events.OfferAccepted(OFFER)),
        ("declined", events.OfferDeclined(OFFER)),
        ("no_key", events.OfferFailed(OFFER, "no_key")),
        ("help", events.HelpAsked(OFFER, "senior")),
        ("ringing", events.ListenerRang(OFFER)),
        ("hangup", events.ListenerLegEnded(OFFER, "hung_up")),
    ],
)
def test_each_word_of_the_dialplan_is_one_event(ear: Ear, word: str, event: AnyEvent) -> None:
    assert ear.hear(say(word)) == [event]


def test_help_is_asked_for_a_caller_in_shock_too_and_for_nothing_else(ear: Ear) -> None:
    assert ear.hear(say("help", Kind="shock")) == [events.HelpAsked(OFFER, "shock")]
    for kind in (None, "", "Senior", "fallback", "x" * 65536):
        assert ear.refuses(say("help", Kind=kind)) == "bad_help_kind"


def test_a_token_is_what_the_dialplan_makes_of_secret_and_id() -> None:
    expected = hashlib.sha1(b"shared:1700000000.1", usedforsecurity=False).hexdigest()
    assert Seal(b"shared").token(CALL) == expected


@pytest.mark.parametrize("word", SEALED_WORDS)
@pytest.mark.parametrize(
    "token",
    [None, "", "0" * 40, SEAL.token("1700000000.2"), Seal(b"another").token(CALL), "é", b"\xff"],
)
def test_nobody_speaks_for_a_leg_without_its_token(
    ear: Ear, word: str, token: str | bytes | None
) -> None:
    ear.hear_of_both()
    assert ear.refuses(say(word, Token=token)) == "wrong_token"


@pytest.mark.parametrize("word", [*CALL_WORDS, *OTHERS_WORDS, *KEY_WORDS])
def test_a_listeners_leg_is_no_call_even_with_its_token(ear: Ear, word: str) -> None:
    assert ear.refuses(say(word, OFFER)) == "bad_id"


@pytest.mark.parametrize("word", LEG_WORDS)
def test_a_call_is_no_listeners_leg_even_with_its_token(ear: Ear, word: str) -> None:
    assert ear.refuses(say(word, CALL)) == "bad_id"


@pytest.mark.parametrize("word", SEALED_WORDS)
def test_the_far_half_of_a_local_channel_speaks_for_nobody(ear: Ear, word: str) -> None:
    assert ear.refuses(say(word, FAR_HALF)) == "bad_id"


@pytest.mark.parametrize("word", TOLD_WORDS)
def test_the_far_half_of_a_local_channel_is_not_looked_at(ear: Ear, word: str) -> None:
    ear.hear_of_both()
    calls, offers = repr(ear.mirror.calls), repr(ear.mirror.offers)
    assert ear.hear(say(word, FAR_HALF)) == []
    assert (repr(ear.mirror.calls), repr(ear.mirror.offers)) == (calls, offers)
    assert not ear.holds(FAR_HALF)
    assert not ear.mirror.talking(FAR_HALF)


@pytest.mark.parametrize("number", [None, "", "anonymous", "<unknown>", "266696687", "x" * 65536])
@pytest.mark.parametrize("word", CALL_WORDS)
def test_a_caller_without_a_number_is_a_caller_all_the_same(
    ear: Ear, word: str, number: str | None
) -> None:
    (event,) = ear.hear(say(word, CallerIDNum=number))
    assert isinstance(event, events.CallArrived | events.CallWaiting | events.FallbackBegan)
    assert event.caller is None
    assert ear.mirror.calls[CALL].caller is None


@pytest.mark.parametrize("word", CALL_WORDS)
def test_a_callers_number_goes_no_further(ear: Ear, word: str) -> None:
    told = ear.hear(say(word))
    assert CALLER is not None
    assert CALLER in repr(told)
    assert NUMBER[1:] not in repr(told) + seen(ear.mirror)


@pytest.mark.parametrize(
    ("cause", "how"),
    [
        ("16", "hung_up"),
        ("17", "busy"),
        ("18", "no_answer"),
        ("19", "no_answer"),
        ("21", "rejected"),
        ("1", "unreachable"),
        ("3", "unreachable"),
        ("20", "unreachable"),
        ("27", "unreachable"),
        ("34", "unreachable"),
        ("38", "network"),
        ("41", "network"),
        ("44", "network"),
        ("0", "network"),
        ("127", "network"),
        ("", "network"),
        (None, "network"),
        ("16 ", "network"),
        ("1" * 65536, "network"),
    ],
)
def test_why_a_listeners_leg_ended_is_told(ear: Ear, cause: str | None, how: str) -> None:
    (event,) = ear.hear(say("hangup", Cause=cause))
    assert isinstance(event, events.ListenerLegEnded)
    assert event.how == how


@pytest.mark.parametrize("cause", ["16", "26", "31", "127", "0", "", None])
def test_a_listener_whose_carrier_words_the_goodbye_otherwise_has_hung_up(
    ear: Ear, cause: str | None
) -> None:
    ear.hear(say("picked_up"), say("accepted"))
    assert ear.hear(say("hangup", Cause=cause)) == [events.ListenerLegEnded(OFFER, "hung_up")]


@pytest.mark.parametrize("cause", ["18", "20", "27", "38", "41", "44", "102"])
def test_a_listener_whose_network_fails_has_not_hung_up(ear: Ear, cause: str) -> None:
    ear.hear(say("picked_up"), say("accepted"))
    (event,) = ear.hear(say("hangup", Cause=cause))
    assert isinstance(event, events.ListenerLegEnded)
    assert event.how != "hung_up"


@pytest.mark.parametrize("cause", ["26", "31", "127", "0"])
def test_a_phone_that_still_rang_is_out_of_reach_by_such_a_cause(ear: Ear, cause: str) -> None:
    ear.hear(say("ringing"))
    assert ear.hear(say("hangup", Cause=cause)) == [events.ListenerLegEnded(OFFER, "network")]


def test_a_caller_who_hangs_up_is_told_once_and_forgotten(ear: Ear) -> None:
    ear.hear_of_both()
    assert ear.hear(say("hangup", CALL), say("hangup", CALL)) == [events.CallerHungUp(CALL)]
    assert ear.mirror.calls == {}
    assert not ear.holds(CALL)


def test_a_channel_that_is_none_of_ours_tells_nothing(ear: Ear) -> None:
    ear.hear_of_both()
    for word in ("hangup", "new_channel", "ringing", "enter", "hold", "leave"):
        assert ear.hear(say(word, "1700000000.99")) == []
    assert list(ear.mirror.calls) == [CALL]
    assert list(ear.mirror.offers) == [OFFER]
    assert not ear.mirror.talking("1700000000.99")


def test_only_ringing_is_a_ring(ear: Ear) -> None:
    assert ear.hear(*(say("ringing", ChannelStateDesc=state) for state in ("Ring", "Up"))) == []


def test_a_leg_that_was_never_made_has_failed_and_is_forgotten(ear: Ear) -> None:
    ear.hear_of_both()
    assert ear.hear(say("not_placed")) == [events.OfferFailed(OFFER, "unreachable")]
    assert ear.hear(say("not_placed")) == []
    assert ear.mirror.offers == {}


@pytest.mark.parametrize("made_known_by", ["new_channel", "picked_up", "hold"])
def test_of_a_leg_that_was_made_its_hangup_alone_tells_the_end(
    ear: Ear, made_known_by: str
) -> None:
    ear.hear_of_both()
    ear.hear(say(made_known_by))
    assert ear.hear(say("not_placed")) == []
    assert ear.hear(say("hangup", Cause="17"), say("not_placed")) == [
        events.ListenerLegEnded(OFFER, "busy")
    ]


def test_a_leg_that_was_placed_has_not_failed(ear: Ear) -> None:
    ear.hear_of_both()
    assert ear.hear(say("not_placed", Response="Success")) == []


@pytest.mark.parametrize("word", OFFER_WORDS)
def test_how_far_a_listeners_leg_has_come_is_noted(ear: Ear, word: str) -> None:
    ear.hear_of_both()
    ear.hear(say(word))
    leg = ear.mirror.offers[OFFER]
    assert (leg.exists, leg.picked_up, leg.accepted) == (True, True, word == "accepted")
    assert (leg.listener, leg.call) == ("anne", CALL)


def test_the_fallback_is_noted_until_the_caller_is_back_in_hold(ear: Ear) -> None:
    ear.hear(say("arrived"), say("fallback"))
    assert ear.mirror.calls[CALL] == CallerLeg("health", CALLER, ARRIVED, in_fallback=True)
    ear.hear(say("waiting"))
    assert ear.mirror.calls[CALL] == CallerLeg("health", CALLER, ARRIVED, in_fallback=False)


@pytest.mark.parametrize(
    ("word", "changed", "reason"),
    [
        ("accepted", {"What": "ACCEPTED"}, "bad_offer_word"),
        ("accepted", {"What": None}, "bad_offer_word"),
        ("arrived", {"Line": "Health"}, "bad_name"),
        ("arrived", {"Line": "health/1700"}, "bad_name"),
        ("arrived", {"Arrived": "nan"}, "bad_time"),
        ("arrived", {"Arrived": "inf"}, "bad_time"),
        ("arrived", {"Arrived": "-1"}, "bad_time"),
        ("arrived", {"Arrived": "\u0661\u0662"}, "bad_time"),
        ("arrived", {"Arrived": "yesterday"}, "bad_time"),
        ("arrived", {"Arrived": "1" * 21}, "bad_time"),
    ],
)
def test_a_word_that_cannot_be_true_is_refused_with_its_reason(
    ear: Ear, word: str, changed: dict[str, str | None], reason: str
) -> None:
    assert ear.refuses(say(word, **changed)) == reason


def test_what_the_dialplan_sends_is_read_as_it_is() -> None:
    assert as_id("x" * 150) == "x" * 150
    assert as_id("asterisk-2.paris_1700000000.12") == "asterisk-2.paris_1700000000.12"
    assert as_name("night-students_2") == "night-students_2"
    assert as_epoch_seconds("1700000000.250") == ARRIVED
    assert as_epoch_seconds("0") == 0.0
    for read, text in ((as_id, "x" * 151), (as_id, "1.1\n"), (as_name, "a\n"), (as_name, "a" * 65)):
        with pytest.raises(BadMessage):
            read(text)


@pytest.mark.parametrize(("word", "header"), READ_HEADERS)
def test_a_header_that_is_missing_or_garbled_changes_nothing(
    ear: Ear, word: str, header: str
) -> None:
    ear.hear_of_both()
    legs = repr((ear.mirror.calls, ear.mirror.offers))
    for value in GARBLED:
        with suppress(BadMessage):
            assert ear.hear(say(word, **{header: value})) == []
        assert repr((ear.mirror.calls, ear.mirror.offers)) == legs


VALUES: st.SearchStrategy[str | bytes | None] = st.one_of(
    st.none(),
    st.text(max_size=40),
    st.binary(max_size=40),
    st.sampled_from([CALL, OFFER, FAR_HALF, TALK_BRIDGE, HOLD_BRIDGE, "1e400", "9" * 400]),
).filter(lambda value: NUMBER not in str(value))
"""A caller's number is where Asterisk puts it, and nowhere that the dialplan has to choose."""


@given(
    st.lists(
        st.sampled_from([*SEALED_WORDS, *TOLD_WORDS]).flatmap(
            lambda word: st.tuples(
                st.just(word),
                st.sampled_from([None, CALL, OFFER]),
                st.dictionaries(st.sampled_from(list(headers_of(word)[1])), VALUES, max_size=2),
            )
        ),
        max_size=6,
    )
)
@example([("hangup", None, {"Uniqueid": "dcr-é"})])
@settings(max_examples=150)
def test_whatever_comes_it_is_read_or_refused_and_what_is_refused_changes_nothing(
    story: list[tuple[str, str | None, dict[str, str | bytes | None]]],
) -> None:
    ear = Ear()
    ear.hear_of_both()
    for word, about, changed in story:
        before = seen(ear.mirror)
        try:
            told = ear.hear(say(word, about, **changed))
        except BadMessage:
            assert seen(ear.mirror) == before
        else:
            assert len(told) <= 1
            assert NUMBER not in repr(told) + repr(ear.mirror.calls)


@pytest.mark.parametrize("name", ["", "Newexten", "hangup", "UserEvent", "FullyBooted"])
def test_other_messages_mean_nothing(ear: Ear, name: str) -> None:
    ear.hear_of_both()
    before = seen(ear.mirror)
    assert ear.hear(Message(f"Event: {name}\r\nUniqueid: {OFFER}\r\nCall: {CALL}".encode())) == []
    assert seen(ear.mirror) == before


def test_an_answer_to_an_action_is_no_event(ear: Ear) -> None:
    assert ear.hear(Message(f"Response: Success\r\nActionID: {OFFER}".encode())) == []
