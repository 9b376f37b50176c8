"""What the framer makes of bytes."""

from __future__ import annotations

from collections.abc import Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from router.ami.wire import (
    MAX_MESSAGE_BYTES,
    Framer,
    Message,
)

BANNER = b"Asterisk Call Manager/11.0.0\r\n"


def fed(*chunks: bytes) -> list[Message]:
    framer = Framer()
    return [message for chunk in (BANNER, *chunks) for message in framer.feed(chunk)]


def only(*chunks: bytes) -> Message:
    (message,) = fed(*chunks)
    return message


def raws(messages: Iterable[Message]) -> list[bytes]:
    return [message.raw for message in messages]


def one_by_one(stream: bytes) -> list[bytes]:
    return [bytes([byte]) for byte in stream]


def test_an_event_gives_its_name_and_headers_whatever_their_case() -> None:
    message = only(b"Event: Hangup\r\nUniqueid: 1.2\r\nCause: 16\r\n\r\n")
    assert (message.is_event, message.name) == (True, "Hangup")
    assert (message.get("uniqueID"), message.get("CAUSE")) == ("1.2", "16")


def test_a_missing_header_gives_the_default() -> None:
    message = only(b"Event: Hangup\r\n\r\n")
    assert message.get("Uniqueid") == ""
    assert message.get("Uniqueid", "none") == "none"


def test_a_response_is_told_from_an_event_that_has_a_response_header() -> None:
    response, event = fed(
        b"Response: Error\r\nMessage: no\r\n\r\n",
        b"Event: OriginateResponse\r\nResponse: Failure\r\n\r\n",
    )
    assert (response.is_response, response.refused) == (True, True)
    assert (event.is_event, event.is_response, event.refused) == (True, False, False)


def test_a_header_name_in_another_case_still_makes_an_event() -> None:
    message = only(b"event: Hangup\r\nuniqueid: 1.2\r\n\r\n")
    assert (message.is_event, message.name, message.get("Uniqueid")) == (True, "Hangup", "1.2")


def test_an_event_behind_a_stray_line_is_still_heard() -> None:
    stray, event = fed(b"Privilege: call,all\r\nEvent: Hangup\r\nUniqueid: 1\r\n\r\n")
    assert (stray.is_event, stray.is_response) == (False, False)
    assert (event.name, event.get("Uniqueid")) == ("Hangup", "1")


def test_a_trailing_empty_header_is_kept() -> None:
    message = only(b"Event: Newchannel\r\nExten: \r\nLinkedid: \r\n\r\n")
    assert message.get("Linkedid", "absent") == ""
    assert message.get("Exten", "absent") == ""


def test_of_a_doubled_header_the_first_counts() -> None:
    message = only(b"Event: UserEvent\r\nUserEvent: A\r\nActionID: 1\r\nActionID: 2\r\n\r\n")
    assert message.get("ActionID") == "1"


def test_a_value_keeps_its_colons_and_spaces() -> None:
    message = only(b"Event: Hangup\r\nText:  a: b :c \r\nBare:x\r\nnonsense\r\n\r\n")
    assert message.get("Text") == " a: b :c "
    assert message.get("Bare") == "x"


def test_bytes_that_are_not_utf_8_are_replaced() -> None:
    message = only(b"Event: Han\xffgup\r\nName: \xc3\r\nExten: 1\r\n\r\n")
    assert (message.name, message.get("Name"), message.get("Exten")) == ("Han�gup", "�", "1")


def test_an_accented_letter_split_over_two_reads_is_whole() -> None:
    stream = "Event: Newchannel\r\nCallerIDName: Zoé\r\n\r\n".encode()
    cut = stream.index(b"\xa9")
    assert only(stream[:cut], stream[cut:]).get("CallerIDName") == "Zoé"


def test_a_value_of_64_kib_is_whole() -> None:
    value = "x" * 65536
    message = only(*one_by_one(f"Event: VarSet\r\nValue: {value}\r\n\r\n".encode()))
    assert message.get("Value") == value


def test_the_banner_gives_the_version_however_it_is_split() -> None:
    framer = Framer()
    for byte in one_by_one(BANNER):
        assert framer.version is None
        assert framer.feed(byte) == []
    assert framer.version == "11.0.0"


def test_a_stream_without_a_banner_loses_nothing() -> None:
    framer = Framer()
    (message,) = framer.feed(b"Event: FullyBooted\r\n\r\n")
    assert (framer.version, message.name) == ("", "FullyBooted")


def test_endless_words_instead_of_a_banner_do_not_hide_what_follows() -> None:
    framer = Framer()
    messages = framer.feed(b"x" * 1000 + b"\r\n\r\nEvent: A\r\n\r\n")
    assert [message.name for message in messages] == ["", "A"]


def test_two_events_glued_together_are_two() -> None:
    first, second = fed(b"Event: Hangup\r\nUniqueid: 1\r\nEvent: Newstate\r\nUniqueid: 2\r\n\r\n")
    assert (first.name, first.get("Uniqueid")) == ("Hangup", "1")
    assert (second.name, second.get("Uniqueid")) == ("Newstate", "2")


def test_a_dialplan_cannot_speak_as_asterisk_through_a_user_event() -> None:
    message = only(b"Event: UserEvent\r\nUserEvent: X\r\nEvent: Hangup\r\nUniqueid: 1\r\n\r\n")
    assert message.name == "UserEvent"


def test_blank_lines_between_messages_are_nothing() -> None:
    assert [m.name for m in fed(b"\r\n\r\nEvent: A\r\n\r\n\r\nEvent: B\r\n\r\n\r\n\r\n")] == [
        "A",
        "B",
    ]


@pytest.mark.parametrize("chunk_bytes", [1 << 20, 4096, 7])
def test_a_message_too_long_is_dropped_and_counted_and_the_stream_goes_on(chunk_bytes: int) -> None:
    stream = (
        BANNER
        + b"Event: A\r\n\r\nEvent: Long\r\nValue: "
        + b"x" * MAX_MESSAGE_BYTES
        + b"\r\n\r\nEvent: B\r\n\r\n"
    )
    framer = Framer()
    names = [
        message.name
        for start in range(0, len(stream), chunk_bytes)
        for message in framer.feed(stream[start : start + chunk_bytes])
    ]
    assert names == ["A", "B"]
    assert framer.oversized == 1


@pytest.mark.parametrize(("over", "names"), [(0, ["Long"]), (1, [])])
@pytest.mark.parametrize("last_chunk_bytes", [1, 3, 4, 5])
def test_the_longest_message_is_the_same_however_it_comes(
    over: int, names: list[str], last_chunk_bytes: int
) -> None:
    block = b"Event: Long\r\nValue: "
    stream = block + b"x" * (MAX_MESSAGE_BYTES - len(block) + over) + b"\r\n\r\n"
    messages = fed(stream[:-last_chunk_bytes], *one_by_one(stream[-last_chunk_bytes:]))
    assert [message.name for message in messages] == names


def test_a_message_without_an_end_does_not_fill_the_memory() -> None:
    framer = Framer()
    framer.feed(BANNER)
    for _ in range(64):
        framer.feed(b"x" * 65536)
    assert len(framer._buffer) <= MAX_MESSAGE_BYTES + 65536


PIECES = st.one_of(
    st.sampled_from(
        [
            b"\r",
            b"\n",
            b"\r\n",
            b"\r\n\r\n",
            b"Event: ",
            b"Event: UserEvent\r\n",
            b"Response: Success",
            b"ActionID: 1\r\n",
            b": ",
            b":",
            BANNER,
            "Zoé".encode(),
            b"\xc3",
            b"\x00",
        ],
    ),
    st.binary(max_size=8),
)
STREAMS = st.lists(PIECES, max_size=40).map(b"".join)


@given(STREAMS, st.data())
def test_any_bytes_in_any_chunks_give_the_same_messages_and_raise_nothing(
    stream: bytes, data: st.DataObject
) -> None:
    cuts = sorted(data.draw(st.lists(st.integers(0, len(stream)), max_size=10)))
    chunks = [stream[a:b] for a, b in zip([0, *cuts], [*cuts, len(stream)], strict=True)]
    whole, chopped = Framer(), Framer()
    expected = whole.feed(stream)
    got = [message for chunk in chunks for message in chopped.feed(chunk)]
    assert raws(got) == raws(expected)
    assert chopped.version == whole.version
    for message in got:
        assert isinstance(message.name, str)
        assert isinstance(message.get("ActionID"), str)
        assert message.is_event + message.is_response <= 1


HEADER_TEXT = st.text(st.characters(codec="utf-8", exclude_characters="\r\n"), max_size=20)


@given(st.lists(st.tuples(HEADER_TEXT, HEADER_TEXT), max_size=6), st.integers(1, 9))
def test_messages_come_out_as_they_went_in(events: list[tuple[str, str]], chunk_bytes: int) -> None:
    stream = "".join(f"Event: {name}\r\nValue: {value}\r\n\r\n" for name, value in events).encode()
    chunks = [stream[i : i + chunk_bytes] for i in range(0, len(stream), chunk_bytes)]
    assert [(m.name, m.get("Value")) for m in fed(*chunks)] == events


def test_a_message_shows_nothing_but_its_name() -> None:
    message = only(b"Event: Newchannel\r\nCallerIDNum: 0199000001\r\n\r\n")
    assert repr(message) == "<Message 'Newchannel' of 42 bytes>"
