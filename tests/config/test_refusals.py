"""One spoilt place each; the user reads file, key and what was expected."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.config.trees import LISTENERS, Tree

Refusal = Callable[[str, str], list[str]]


@pytest.mark.parametrize(
    ("good", "bad", "problem"),
    [
        (
            "[lines.carers]",
            '[lines.carers]\nwhen_closed = "nobody"',
            "decroche.toml: lines.carers.when_closed: unknown line 'nobody'; known are carers",
        ),
        (
            "[pools]",
            'public_holidays = "FR-67"\n[pools]',
            (
                "decroche.toml: public_holidays: expected FR, or a part of it that has days of its "
                "own (FR-57, FR-6AE, FR-971, FR-972, FR-973, FR-974, FR-976, FR-BL, FR-MF, FR-NC, "
                "FR-PF, FR-PM, FR-TF, FR-WF)"
            ),
        ),
        (
            'shifts = "none"',
            'shifts = ["holidays 10:00"]',
            (
                "listeners.toml: listeners.bruno.shifts: "
                "expected a window like 'mon-fri 08:00-20:00', got 'holidays 10:00'"
            ),
        ),
        (
            'pool = "house"',
            'pool = "attic"',
            "listeners.toml: listeners.anne.pool: unknown pool 'attic'; known are house",
        ),
        (
            "[pools]",
            '[pools]\nspare = "Nobody yet"',
            "decroche.toml: pools.spare: no listener is in this pool",
        ),
        (
            'time_zone = "Europe/Paris"',
            'time_zone = "Europe/Pari"',
            "decroche.toml: time_zone: expected a time zone like 'Europe/Paris', got 'Europe/Pari'",
        ),
        (
            'time_zone = "Europe/Paris"',
            'time_zome = "Europe/Paris"',
            "decroche.toml: time_zome: unknown key; was 'time_zone' meant?",
        ),
        (
            "[pools]",
            "[web]\nport = 70000\n[pools]",
            "decroche.toml: web.port: expected a port from 1 to 65535, got 70000",
        ),
        (
            "ring_at_once = 2",
            "ring_at_once = 2\n[[lines.carers.ladder]]\nafter_seconds = 20",
            (
                "decroche.toml: lines.carers.ladder[1].after_seconds: "
                "expected more than the 20 of the rung before, got 20"
            ),
        ),
        (
            "skills = { health = 1, fr = 1 }\nring",
            "skills = { police = 1 }\nring",
            (
                "decroche.toml: lines.carers.ladder[0].skills.police: "
                "expected a level that a listener has (at most 0), got 1"
            ),
        ),
        (
            'endpoint = "PJSIP/bruno"',
            'endpoint = "PJSIP/anne"',
            "listeners.toml: listeners.bruno.endpoint: listeners.anne has the same",
        ),
        (
            'endpoint = "PJSIP/bruno"',
            'endpoint = "PJSIP/bruno&PJSIP/anne"',
            (
                "listeners.toml: listeners.bruno.endpoint: expected a dial string "
                "like 'PJSIP/anne' or 'PJSIP/0639980001@trunk', got a text"
            ),
        ),
        (
            'endpoint = "PJSIP/bruno"',
            'endpoint = "PJSIP/bruno\\n"',
            (
                "listeners.toml: listeners.bruno.endpoint: expected a dial string "
                "like 'PJSIP/anne' or 'PJSIP/0639980001@trunk', got a text"
            ),
        ),
        (
            'login = "2002"',
            'login = "٢٠٠٢"',
            "listeners.toml: listeners.bruno.login: expected 1 to 15 digits, got '٢٠٠٢'",
        ),
        (
            'shifts = "none"',
            'shifts = ["mon 8:00-20:00"]',
            (
                "listeners.toml: listeners.bruno.shifts: "
                "expected a window like 'mon-fri 08:00-20:00', got 'mon 8:00-20:00'"
            ),
        ),
        (
            "[pools]",
            '[care]\nnight_begins = "24:00"\n[pools]',
            "decroche.toml: care.night_begins: expected a time of day like '22:00', got '24:00'",
        ),
        (
            "[pools]",
            '[care]\nbends = ["talk_time", "mood"]\n[pools]',
            (
                "decroche.toml: care.bends: expected a list of 'fair_share', 'calls_in_a_row', "
                "'rings_in_vain', 'talk_time', 'night_calls', 'hard_call', got a list"
            ),
        ),
        (
            "[pools]",
            '[care]\nbends = ["talk_time", "hard_call", "talk_time"]\n[pools]',
            "decroche.toml: care.bends[2]: 'talk_time' is named twice",
        ),
        (
            "[pools]",
            "[store]\nreplicas_acknowledge = 2\n[pools]",
            (
                "decroche.toml: store.replicas_acknowledge: "
                "expected a redis_url beside it: the embedded store has no replicas"
            ),
        ),
        (
            "[pools]",
            '[store]\nreplicas_acknowledge = 2\nredis_url = "http://x"\n[pools]',
            "decroche.toml: store.redis_url: expected an address like 'redis://127.0.0.1:6379/0'",
        ),
        (
            'number = "0199000001"',
            'number = "0199000001"\nshort_call_seconds = 86400',
            (
                "decroche.toml: lines.carers.short_call_seconds: "
                "expected seconds from 0 to 15: later, who leaves is lost, got 86400"
            ),
        ),
        (
            'number = "0199000001"',
            'number = "0199000001"\nafter_talk_seconds = 61',
            (
                "decroche.toml: lines.carers.after_talk_seconds: expected seconds from 0 to 60: "
                "a caller whose listener is cut off waits so long, got 61"
            ),
        ),
        (
            'number = "0199000001"',
            'number = "0199000001"\nrisk_wakes_above = 1.5',
            (
                "decroche.toml: lines.carers.risk_wakes_above: "
                "expected a chance from 0 to 1, got 1.5"
            ),
        ),
        (
            'name = "Bruno"\n',
            "",
            "listeners.toml: listeners.bruno.name: missing",
        ),
        (
            "[listeners.bruno]",
            "[listeners.anne]",
            (
                "listeners.toml: expected TOML: Cannot declare ('listeners', 'anne') twice "
                "(at line 10, column 16)"
            ),
        ),
        (
            'number = "0199000001"',
            'number = "0199000001',
            "decroche.toml: expected TOML: Illegal character '\\n' (at line 8, column 21)",
        ),
        (
            'listeners_file = "listeners.toml"',
            'listeners_file = "nowhere.toml"',
            "nowhere.toml: cannot be read: No such file or directory",
        ),
        (
            "[pools]",
            "[care]\nwrap_up_seconds = nan\n[pools]",
            "decroche.toml: care.wrap_up_seconds: expected seconds from 0 to 86400, got nan",
        ),
        (
            "[pools]",
            "[care]\nmissed_rest_seconds = []\n[pools]",
            "decroche.toml: care.missed_rest_seconds: expected a list of seconds, got a list",
        ),
        (
            "[lines.carers]",
            '[lines.carers]\nhours = "none"',
            "decroche.toml: lines.carers.hours: expected some hours, got 'none'",
        ),
    ],
)
def test_a_spoilt_place_is_refused_with_its_file_its_key_and_what_was_expected(
    refusal: Refusal, good: str, bad: str, problem: str
) -> None:
    assert refusal(good, bad) == [problem]


@pytest.mark.parametrize(("key", "most"), [("short_call_seconds", 15), ("after_talk_seconds", 60)])
def test_what_nobody_waits_for_goes_to_its_bound(tree: Tree, key: str, most: int) -> None:
    tree.spoil('number = "0199000001"', f'number = "0199000001"\n{key} = {most}')

    assert getattr(tree.load().lines["carers"], key) == most


def test_two_lines_with_one_number_are_refused(refusal: Refusal) -> None:
    twin = '[lines.police]\nnumber = "0199000001"\nskills = { fr = 1 }\n[lines.carers]'

    assert refusal("[lines.carers]", twin) == [
        "decroche.toml: lines.carers.number: lines.police has the same"
    ]


def test_hours_at_which_nobody_can_answer_are_named(refusal: Refusal) -> None:
    shifts = 'shifts = ["mon-sat 00:00-24:00", "sun 00:00-02:00", "sun 06:00-24:00"]'

    assert refusal('shifts = "always"', shifts) == [
        "decroche.toml: lines.carers: nobody can answer on sun 02:00-06:00"
    ]


def test_a_line_is_only_to_be_covered_while_it_is_open(tree: Tree) -> None:
    tree.spoil('shifts = "always"', 'shifts = ["mon-fri 22:00-07:00"]')
    tree.spoil("[lines.carers]", '[lines.carers]\nhours = ["tue 23:00-05:00"]')

    assert tree.load().lines["carers"].hours.week().spans == ((2820, 3180),)


def test_listeners_who_come_on_by_phone_only_do_not_cover_a_line(refusal: Refusal) -> None:
    assert refusal('shifts = "always"', 'shifts = "none"') == [
        "decroche.toml: lines.carers: nobody can answer on any day at any hour"
    ]


def test_a_listener_who_has_each_skill_too_low_for_the_last_rung_does_not_cover(
    tree: Tree,
) -> None:
    tree.spoil("skills = { health = 1, fr = 1 }\nring", "skills = { health = 2, fr = 3 }\nring")
    tree.spoil('shifts = "always"', 'shifts = ["mon 00:00-12:00"]')
    tree.spoil('shifts = "none"', 'shifts = "always"')

    assert tree.problems() == [
        "decroche.toml: lines.carers: nobody can answer on mon 12:00-sun 24:00"
    ]


def test_a_listeners_file_that_cannot_be_read_does_not_raise_false_alarms(tree: Tree) -> None:
    tree.listeners_path.write_text(LISTENERS.replace("[listeners.anne]", "[listeners.anne"))

    assert len(tree.problems()) == 1


def test_a_file_that_is_not_utf_8_is_refused(tree: Tree) -> None:
    tree.path.write_bytes(b'time_zone = "\xff"')

    assert tree.problems() == ["decroche.toml: expected UTF-8 text"]


def test_a_tree_without_lines_is_refused(tree: Tree) -> None:
    text = tree.path.read_text()
    tree.path.write_text(text[: text.index("[lines.carers]")] + "[lines]")

    assert tree.problems() == ["decroche.toml: lines: expected at least one line"]
