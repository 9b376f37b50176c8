"""What an action becomes on the wire."""

from __future__ import annotations

import pytest

from router.ami.wire import MAX_LINE_BYTES, UnsafeField, render


def test_an_action_is_written_with_a_line_for_each_value() -> None:
    wire = render("Originate", {"Channel": "Local/é@x", "Variable": ["A=1", "B=2"]})
    assert (
        wire
        == (
            "Action: Originate\r\nChannel: Local/é@x\r\nVariable: A=1\r\nVariable: B=2\r\n\r\n"
        ).encode()
    )


@pytest.mark.parametrize("control", ["\r", "\n", "\0", "\r\nAction: Hangup"])
@pytest.mark.parametrize("place", ["action", "name", "value", "second value"])
def test_a_field_that_would_begin_another_action_is_refused(control: str, place: str) -> None:
    bad = f"a{control}b"
    action = bad if place == "action" else "Setvar"
    name = bad if place == "name" else "Variable"
    value = {"value": bad, "second value": ["fine", bad]}.get(place, "fine")
    with pytest.raises(UnsafeField):
        render(action, {name: value})


@pytest.mark.parametrize("name", ["", "A:", "Action", "ACTION"])
def test_a_name_that_is_not_one_is_refused(name: str) -> None:
    with pytest.raises(UnsafeField):
        render("Setvar", {name: "x"})


def test_a_lone_surrogate_is_refused() -> None:
    with pytest.raises(UnsafeField, match="UTF-8"):
        render("Setvar", {"Value": "\udcff"})


def test_the_longest_line_that_asterisk_reads_is_sent_and_a_longer_one_refused() -> None:
    room = MAX_LINE_BYTES - len("Value: \r\n")
    assert len(render("Setvar", {"Value": "x" * room}).splitlines(keepends=True)[1]) == 1024
    with pytest.raises(UnsafeField, match="1025 bytes"):
        render("Setvar", {"Value": "x" * (room + 1)})


def test_more_lines_than_asterisk_reads_are_refused() -> None:
    assert render("Originate", {"Variable": ["A=1"] * 127})
    with pytest.raises(UnsafeField, match="129 lines"):
        render("Originate", {"Variable": ["A=1"] * 128})


def test_a_refusal_does_not_repeat_the_value() -> None:
    with pytest.raises(UnsafeField) as refusal:
        render("Originate", {"Channel": "Local/0199000001\r\n"})
    assert "0199000001" not in str(refusal.value)
