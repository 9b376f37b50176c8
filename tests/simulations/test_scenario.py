from __future__ import annotations

import re
from pathlib import Path

import pytest
from msgspec import Struct

from router.errors import ConfigError
from simulations.scenario import load, shape, shipped

SMALL = Path(__file__).with_name("small.toml")


def refused(tmp_path: Path, old: str, new: str) -> str:
    """Give the words with which the small scenario is refused once a part of it is changed."""
    text = SMALL.read_text(encoding="utf-8")
    assert old in text
    path = tmp_path / "bad.toml"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(ConfigError) as caught:
        load(str(path))
    words = str(caught.value)
    assert all(line.startswith(f"{path}: ") for line in words.splitlines())
    return words.replace(f"{path}: ", "")


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("calls_per_hour", "calls_per_huor", "arrivals.one.calls_per_huor: unknown key; was"),
        ("[0]", "[-3]", "arrivals.one.calls_per_hour[0]: expected calls an hour, from 0 on, got"),
        ("[0]", "[1, 2]", "arrivals.one.calls_per_hour: expected 1 or 24 or 168 values, got 2"),
        ("[0]", "[nan]", "arrivals.one.calls_per_hour[0]: expected calls an hour"),
        (
            '"mon-sun 00:00-24:00"',
            '"mon-sun 24:00-08:00"',
            "listeners.all.shifts: expected a window",
        ),
        ('"mon-sun 00:00-24:00"', '"mon 08:00-08:00"', "shifts: expected a window that lasts"),
        (
            '"mon-sun 00:00-24:00"',
            '"mon-fri 08:00-20:00"',
            "lines.one: nobody can answer on mon 00:00-08:00",
        ),
        ("count = 1", "count = 0", "listeners.all.count: expected a whole number from 1"),
        ("count = 1", "count = 1.5", "listeners.all.count: expected a whole number from 1"),
        (
            "{ kind",
            "{ deviation_seconds = 3, kind",
            "callers.talk.deviation_seconds: kind 'fixed' has no such key",
        ),
        ('"fixed"', '"lognormal"', "callers.talk.deviation_seconds: missing"),
        ('"fixed"', '"gauss"', "callers.talk.kind: expected 'fixed', 'exponential'"),
        ('line = "one"', 'line = "two"', "bursts[0].line: unknown line 'two'; known are one"),
        ("[arrivals.one]", "[arrivals.two]", "arrivals.two: unknown line 'two'"),
        ("skills = { talk = 2 }", "skills = { walk = 2 }", "skills.walk: expected a level that a"),
        (
            "count = 1",
            "count = 1\ndrops = 0.6\nhangs_up_first = 0.5",
            "listeners.all.hangs_up_first: expected at most 1 together with drops, got 1.1",
        ),
        (
            "count = 1",
            "count = 1\nhangs_up_frist = 0.5",
            "listeners.all.hangs_up_frist: unknown key; was 'hangs_up_first' meant?",
        ),
        (
            "count = 1",
            "count = 1\npauses = { every_hours = 0, lasts = { mean_seconds = 9 } }",
            "listeners.all.pauses.every_hours: expected hours, more than 0, got 0",
        ),
        (
            "count = 1",
            "count = 1\npauses = { every_hours = 2 }",
            "listeners.all.pauses.lasts: missing",
        ),
        (
            "count = 1",
            "count = 1\npauses = { every_hours = 2, lasts = { mean_seconds = 9 }, late = 0.1 }",
            "listeners.all.pauses.late_by: missing, for some who come back late",
        ),
        ("[callers]", "[callers]\nstays = 1.5", "callers.stays: expected a share from 0 to 1, got"),
        (
            "[callers]",
            "[callers]\nhangs_up_after = { kind = 'empirical' }",
            "callers.hangs_up_after.seconds: missing, for kind 'empirical'",
        ),
        ("days = 1", "days = 0", "days: expected days, more than 0, got 0"),
        ("[lines.one]", "[lines.one", "expected TOML"),
    ],
)
def test_a_bad_scenario_is_refused_with_key_and_reason(
    tmp_path: Path, old: str, new: str, words: str
) -> None:
    assert words in refused(tmp_path, old, new)


def test_listeners_who_exist_nowhere_cannot_lose_their_network(tmp_path: Path) -> None:
    fault = "[[faults.listeners_offline]]\nhour = 1\nlasts_seconds = 9\nshare = 1\ngroups = ['x']\n"
    words = refused(tmp_path, "[callers]", f"{fault}\n[callers]")
    assert "faults.listeners_offline[0].groups: unknown group of listeners 'x'" in words


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        ("events_lost = [{ share = -0.1 }]", "events_lost[0].share: expected a share from 0 to 1"),
        ("events_lost = [{ hour = 3 }]", "events_lost[0].share: missing"),
        (
            "events_lost = [{ share = 1, lasts_seconds = 0 }]",
            "events_lost[0].lasts_seconds: expected seconds, more than 0, got 0",
        ),
        (
            "events_disordered = [{ by = { kind = 'exponential' } }]",
            "events_disordered[0].by.mean_seconds: missing, for kind 'exponential'",
        ),
        (
            "presence_stale = [{ hour = 1, lasts_seconds = 9, share = 1, groups = ['x'] }]",
            "presence_stale[0].groups: unknown group of listeners 'x'",
        ),
        (
            "presence_stale = [{ hour = 1, lasts_seconds = 9, share = 1, by_seconds = -1 }]",
            "presence_stale[0].by_seconds: expected seconds, from 0 on, got -1",
        ),
    ],
)
def test_a_fault_that_cannot_be_is_refused(tmp_path: Path, fault: str, words: str) -> None:
    assert f"faults.{words}" in refused(tmp_path, "[callers]", f"[faults]\n{fault}\n\n[callers]")


def test_an_outage_that_begins_again_before_it_is_over_is_refused(tmp_path: Path) -> None:
    fault = "[[faults.daemon_down]]\nhour = 1\nlasts_seconds = 9\ntimes = 2\nevery_seconds = 9\n"
    words = refused(tmp_path, "[callers]", f"{fault}\n[callers]")
    assert words == (
        "faults.daemon_down[0].every_seconds: expected more than the 9 that each lasts, got 9"
    )


@pytest.mark.parametrize("key", ["pools", "ladder[0].pools", "shock_ladder[0].pools"])
def test_a_pool_that_no_group_is_in_is_refused(tmp_path: Path, key: str) -> None:
    table = "" if key == "pools" else f"[[lines.one.{key.partition('[')[0]}]]\nafter_seconds = 0\n"
    words = refused(tmp_path, "[listeners.all]", f'{table}pools = ["al"]\n\n[listeners.all]')
    assert f"lines.one.{key}: unknown pool 'al'; known are all" in words.splitlines()


def test_a_pool_that_a_group_names_for_itself_is_known(tmp_path: Path) -> None:
    text = SMALL.read_text(encoding="utf-8").replace("count = 1", 'count = 1\npool = "house"')
    path = tmp_path / "pool.toml"
    path.write_text(text.replace("[listeners.all]", 'pools = ["house"]\n[listeners.all]'))
    assert load(str(path)).lines["one"].pools == ("house",)


@pytest.mark.parametrize(
    ("late", "at"),
    [
        ('[[bursts]]\nline = "one"\nhour = 24\ncalls = 9\n', "bursts[0]"),
        ("[[surges]]\nmultiplier = 9\nhour = 24\n", "surges[0]"),
        ("[[faults.daemon_down]]\nhour = 24\nlasts_seconds = 9\n", "faults.daemon_down[0]"),
        ("[[faults.events_lost]]\nhour = 24\nshare = 1\n", "faults.events_lost[0]"),
        (
            "[[faults.listeners_offline]]\nhour = 24\nlasts_seconds = 9\nshare = 1\n",
            "faults.listeners_offline[0]",
        ),
    ],
)
def test_what_would_begin_after_the_run_is_refused(tmp_path: Path, late: str, at: str) -> None:
    words = refused(tmp_path, "[[bursts]]", f"{late}\n[[bursts]]")
    assert words == f"{at}.hour: expected less than the 24 of the run, got 24"


def test_an_outage_that_lasts_less_than_no_time_is_refused(tmp_path: Path) -> None:
    fault = "[[faults.trunk_down]]\nhour = 1\nlasts_seconds = -5\n"
    words = refused(tmp_path, "[callers]", f"{fault}\n[callers]")
    assert "faults.trunk_down[0].lasts_seconds: expected seconds, more than 0, got -5" in words


def test_all_that_is_wrong_is_said_at_once(tmp_path: Path) -> None:
    words = refused(tmp_path, "count = 1\nskills = { talk = 2 }", "cuont = 1\nskills = {}")
    assert len(words.splitlines()) >= 2


def test_a_scenario_that_is_nowhere_is_refused_with_those_that_come_with_decroche() -> None:
    with pytest.raises(ConfigError, match=r"no such file, and no shipped scenario.*ordinary_week"):
        load("extraordinary_week")


@pytest.mark.parametrize("change", ["seed", "=3", ".days=3"])
def test_a_change_that_names_no_key_is_refused(change: str) -> None:
    with pytest.raises(ConfigError, match="expected key=value"):
        load("erlang_a", [change])


def test_a_change_to_a_key_that_is_not_there_is_refused() -> None:
    with pytest.raises(ConfigError, match=r"listeners\.all\.cuont: unknown key; was 'count'"):
        load("erlang_a", ["listeners.all.cuont=3"])


def test_a_change_holds_for_one_key_alone() -> None:
    plain, changed = load("erlang_a"), load("erlang_a", ["listeners.all.count=3"])
    assert changed.listeners["all"].count == 3
    assert changed.lines == plain.lines


@pytest.mark.parametrize("name", shipped())
def test_a_scenario_that_comes_with_decroche_can_be_read(name: str) -> None:
    assert load(name).about


def test_every_scenario_that_was_promised_comes_with_decroche() -> None:
    promised = {
        "ordinary_week",
        "small_hours",
        "crisis_x10",
        "three_years",
        "trunk_outage",
        "mass_offline",
        "restart_storm",
        "rough_day",
        "erlang_a",
    }
    assert promised <= set(shipped())


@pytest.mark.parametrize("name", sorted({*shipped()} - {"erlang_a", "two_skills"}))
def test_every_scenario_calls_back_but_those_held_against_theory(name: str) -> None:
    scenario = load(name)
    assert all(line.call_back is not None for line in scenario.lines.values())
    assert scenario.callers.asks_call_back > 0


def test_every_key_of_a_scenario_is_explained() -> None:
    page = (Path(__file__).parents[2] / "simulations/README.md").read_text(encoding="utf-8")
    page = re.sub(r"```.*?```", "", page, flags=re.DOTALL)
    explained = {word for span in re.findall(r"`([^`]+)`", page) for word in re.split(r"\W", span)}
    tables = [one for one in vars(shape).values() if isinstance(one, type)]
    keys = {
        key
        for table in tables
        if issubclass(table, Struct) and table.__module__ == shape.__name__
        for key in table.__struct_fields__
    }
    assert len(keys) > 30
    assert not keys - explained


@pytest.mark.parametrize("name", ["a" * 5_000, "a\0b"])
def test_a_name_that_no_file_can_have_is_refused_as_one_that_is_not_there(name: str) -> None:
    with pytest.raises(ConfigError, match="no such file, and no shipped scenario"):
        load(name)
