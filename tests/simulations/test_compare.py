from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from scipy.stats import ttest_ind

from router.config import load as load_config
from router.errors import ConfigError, DecrocheError
from simulations.compare.arms import arm
from simulations.compare.command import compare
from simulations.compare.paired import ALIKE_AT_LEAST, differences, paired
from simulations.compare.sides import Fate, Side, match
from simulations.parallel.cores import Cores
from simulations.run import Run, simulate
from simulations.scenario import Scenario, load
from simulations.world.caller import Caller
from simulations.world.callers import Try

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]
FEWER = "[listeners.night]\ncount = 1\n[listeners.on-call]\ncount = 1\n"
SHORT = ("days=3",)


@pytest.fixture
def fewer(tmp_path: Path) -> str:
    path = tmp_path / "fewer.toml"
    path.write_text(FEWER, encoding="utf-8")
    return str(path)


def compared(tmp_path: Path, a: str, b: str, replications: int = 4) -> dict[str, Any]:
    page = tmp_path / "found.json"
    compare(a, b, "small_hours", replications=replications, workers=1, changes=SHORT, json=page)
    found: dict[str, Any] = json.loads(page.read_bytes())
    return found


def attempts(scenario: Scenario, monkeypatch: pytest.MonkeyPatch) -> dict[str, list[Try]]:
    """Give each person's attempts as the world made them, whatever became of them."""
    run = Run("x", scenario, 5, None)
    made: dict[str, list[Try]] = {}
    arrive = run._world.pbx.arrive

    def watched(attempt: Try) -> Caller:
        made.setdefault(attempt.person.name, []).append(attempt)
        return arrive(attempt)

    monkeypatch.setattr(run._world.pbx, "arrive", watched)
    run.run()
    return made


def test_both_sides_meet_the_same_callers_who_wait_and_talk_alike(
    fewer: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    sides = [attempts(arm(one, "small_hours"), monkeypatch) for one in ("-", fewer)]
    first = [{one for tries in side.values() for one in tries if one.number == 1} for side in sides]
    assert len(first[0]) > 100
    assert first[0] == first[1]
    assert sides[0] != sides[1], "the second side loses more, and more people try again"


def test_a_listener_hears_the_nth_ring_alike_on_both_sides(tmp_path: Path) -> None:
    over = tmp_path / "over.toml"
    over.write_text("[care]\nwrap_up_seconds = 7\n", encoding="utf-8")
    homes = [
        Run("x", arm(one, "small_hours", SHORT), 5, None)._world.homes for one in ("-", str(over))
    ]
    answers = [
        [(name, home.answer(3)) for name, home in side.items() for _ in range(50)] for side in homes
    ]
    assert answers[0] == answers[1]


def test_a_config_against_itself_differs_by_exactly_nothing(tmp_path: Path, fewer: str) -> None:
    found = compared(tmp_path, fewer, fewer)
    every = [one for block in blocks(found) for one in block.values()]
    assert len(every) > 60
    assert {one["difference"] for one in every} == {0}
    assert {tuple(one["interval_95"]) for one in every} == {(0, 0)}
    assert not any(one["beyond_chance"] for one in every)
    calls = found["calls"]
    assert calls["attempts"] == 4 * found["differences"]["total"]["offered"]["a"]
    assert (calls["only_a"], calls["only_b"]) == (0, 0)
    assert calls["lost_only_in_a"] == calls["lost_only_in_b"] == []


def blocks(found: dict[str, Any]) -> list[dict[str, Any]]:
    apart = found["differences"]
    return [apart["total"], *apart["lines"].values(), *apart["by_skill"].values()]


def test_what_fewer_listeners_cost_is_beyond_chance_and_its_calls_are_listed(
    tmp_path: Path, fewer: str
) -> None:
    found = compared(tmp_path, "-", fewer, replications=8)
    waited, lost = (found["differences"]["total"][key] for key in ("wait_mean_s", "lost"))
    assert waited["beyond_chance"]
    assert waited["interval_95"][0] > 0
    assert waited["difference"] == pytest.approx(waited["b"] - waited["a"])
    calls = found["calls"]
    moved = len(calls["lost_only_in_b"]) - len(calls["lost_only_in_a"])
    alone = calls["only_b"] - calls["only_a"]
    assert 0 < moved <= 8 * lost["difference"] <= moved + max(alone, 0)
    worst = calls["lost_only_in_b"][0]
    again = {
        (call.person, call.arrived): call.outcome
        for call in simulate("x", load("small_hours", SHORT), worst["seed"]).calls
    }
    assert again[worst["person"], worst["arrived"]] == worst["instead"] != "lost"


def test_the_same_people_give_a_narrower_interval_than_other_people() -> None:
    busy = ("listeners.all.count=10", "arrivals.plain.calls_per_hour=[57]", "days=0.5")
    sides = [
        [simulate("x", load("erlang_a", [*busy, more]), seed).calls for seed in range(6)]
        for more in ("leave_seconds=0", "listeners.all.count=9")
    ]
    a, b = (
        [sum(call.outcome == "lost" for call in run) / len(run) for run in side] for side in sides
    )
    with_pairs = paired(list(zip(a, b, strict=True))).interval_95
    without = ttest_ind(b, a, equal_var=False).confidence_interval(0.95)
    assert with_pairs is not None
    assert with_pairs[1] - with_pairs[0] < 0.7 * (without.high - without.low)


def test_the_interval_is_students_over_the_differences() -> None:
    one = paired([(1.0, 2.0), (2.0, 4.0), (3.0, 6.0)])
    assert (one.a, one.b, one.difference) == (2.0, 4.0, 2.0)
    assert one.interval_95 == pytest.approx((2.0 - 2.484138, 2.0 + 2.484138))
    assert not one.beyond_chance


def test_one_replication_has_no_interval_and_says_so(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    one = compared(tmp_path, "-", "-", replications=1)["differences"]["total"]["lost"]
    assert (one["interval_95"], one["beyond_chance"]) == (None, False)
    assert "there is no interval" in " ".join(capsys.readouterr().out.split())


def test_a_line_that_nobody_called_in_the_first_replication_is_compared_by_the_others() -> None:
    quiet: dict[str, Any] = {"total": {"lost": 0}, "lines": {}}
    a, b = ({"total": {"lost": n}, "lines": {"one": {"lost": n, "pickup": None}}} for n in (3, 1))
    found = differences([quiet, a, a], [quiet, b, b])
    assert found["total"]["lost"].difference == pytest.approx(-4 / 3)
    assert list(found["lines"]["one"]) == ["lost"], "a share of nothing is no figure"
    assert found["lines"]["one"]["lost"].difference == -2


def test_equal_differences_are_beyond_chance_only_where_there_are_enough_of_them() -> None:
    alike = [(1.0, 2.0)] * ALIKE_AT_LEAST
    assert paired(alike).beyond_chance
    assert not paired(alike[1:]).beyond_chance


def test_attempts_are_matched_one_by_one_even_where_two_look_alike() -> None:
    def fates(*outcomes: Any) -> Side:
        return Side(1, 9.0, {}, [Fate("one", "person-1", 3.0, one, 5.0) for one in outcomes])

    found = match([(fates("lost", "lost", "answered"), fates("lost", "answered"))])
    assert (found.attempts, found.only_a, found.only_b) == (2, 1, 0)
    assert [one.instead for one in found.lost_only_in_a] == ["answered"]
    assert found.lost_only_in_b == []


def test_a_daemons_config_gives_its_lines_and_care_and_leaves_the_callers() -> None:
    config = ROOT / "config" / "decroche.toml"
    as_there = (
        "listeners.night.skills={ health = 3, fr = 1, en = 1 }",
        "listeners.night.pool=plateforme",
        "listeners.on-call.pool=renfort",
        "lines.health.pools=['plateforme']",
        "lines.health.ladder=[]",
    )
    plain = load("small_hours", as_there)
    ruled = arm(str(config), "small_hours", as_there)
    assert list(ruled.lines) == ["health"]
    theirs = load_config(config).lines["health"]
    assert ruled.lines["health"] != plain.lines["health"]
    assert ruled.lines["health"].ladder == theirs.ladder
    # Nobody of the scenario is there for these.
    assert (ruled.lines["health"].shock_ladder, ruled.lines["health"].senior_ladder) == ((), ())
    assert (ruled.callers, ruled.listeners) == (plain.callers, plain.listeners)


@pytest.mark.parametrize(
    ("text", "scenario", "words"),
    [
        ("days = 3\n", "small_hours", "bad.toml: days: says who calls, and both sides must meet"),
        ("[care]\nwrap_up = 3\n", "small_hours", "laid over small_hours:\n.*care.wrap_up: unknown"),
        ("[care\n", "small_hours", "bad.toml: expected TOML"),
        ("[lines.health]\nskills = { psy = 1 }\n", "small_hours", "lines.health.skills.psy: expec"),
        (None, "erlang_a", "bad.toml: lines.plain: missing, and the scenario has this line"),
    ],
)
def test_what_does_not_fit_is_refused_with_file_and_key(
    text: str | None, scenario: str, words: str, tmp_path: Path
) -> None:
    path = tmp_path / "bad.toml"
    config = ROOT / "config"
    path.write_text(text or (config / "decroche.toml").read_text("utf-8"), encoding="utf-8")
    (tmp_path / "listeners.toml").write_bytes((config / "listeners.toml").read_bytes())
    with pytest.raises(ConfigError, match=words):
        arm(str(path), scenario)


def test_a_distribution_of_another_kind_takes_the_place_of_the_one_that_was(tmp_path: Path) -> None:
    over = tmp_path / "over.toml"
    over.write_text('[listeners.night]\nwrap_up = { kind = "fixed", mean_seconds = 9 }\n')
    wrap_up = arm(str(over), "small_hours").listeners["night"].wrap_up
    assert wrap_up is not None
    assert (wrap_up.kind, wrap_up.mean_seconds, wrap_up.deviation_seconds) == ("fixed", 9.0, None)


def test_runs_that_were_ended_early_are_not_compared(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Cores, "run", lambda _, jobs, *__: [None] * len(jobs))
    with pytest.raises(DecrocheError, match="ended before any pair of runs had come to its end"):
        compare("-", "-", "small_hours")
