"""The bench and the queue against a plain look through everybody."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from router.core.call import Call, CallState
from router.core.floor import Floor, State, by_caller
from router.core.listener import Activity, Duty, ListenerState
from router.core.matching import Bench, fits, flexibility
from router.core.policy import Rung, Skills
from router.core.queue import Queue
from router.core.same_number import line_up, make_way
from tests.core.drive import START, line, rules

skill_sets: st.SearchStrategy[Skills] = st.dictionaries(
    st.sampled_from(["fr", "en", "health"]), st.integers(0, 3), max_size=3
)
pools = st.sampled_from(["home", "on-call"])
rungs = st.builds(Rung, st.just(0.0), skill_sets, pools=st.lists(pools, max_size=1).map(tuple))
POLICY = rules(
    line("a", {"fr": 1}), line("b", {"fr": 2, "health": 1}), line("c", {"en": 1}), line("d")
)


@st.composite
def shifts(draw: st.DrawFn) -> tuple[list[ListenerState], list[tuple[int, Duty, Activity]]]:
    people = [
        ListenerState(f"l{index}", skills, pool, reluctance=reluctance)
        for index, (skills, pool, reluctance) in enumerate(
            draw(st.lists(st.tuples(skill_sets, pools, st.integers(0, 2)), min_size=1, max_size=8))
        )
    ]
    duties: list[Duty] = ["on", "on", "paused"]
    activities: list[Activity] = ["free", "free", "offered"]
    change = st.tuples(
        st.integers(0, len(people) - 1), st.sampled_from(duties), st.sampled_from(activities)
    )
    return people, draw(st.lists(change, max_size=30))


@given(shifts(), st.lists(rungs, min_size=1, max_size=4))
def test_the_bench_gives_whom_a_look_at_everybody_would(
    shift: tuple[list[ListenerState], list[tuple[int, Duty, Activity]]], questions: list[Rung]
) -> None:
    people, changes = shift
    bench, seen = Bench(POLICY, people[:1]), people[:1]
    for order, (which, duty, activity) in enumerate(changes, start=1):
        one = people[which]
        before = one.available
        one.duty, one.activity = duty, activity
        if one.available and not before:
            one.idle_order = order
        bench.seat(one)
        seen.append(one)
        for asked in questions:
            assert bench.best_for(asked) is _best_of(people, asked)
            assert Bench(POLICY, people).best_for(asked) is _best_of(people, asked)
            assert bench.has_on_duty(asked) == any(
                one.duty == "on" and fits(one, asked) for one in people if one in seen
            )


def _best_of(people: list[ListenerState], asked: Rung) -> ListenerState | None:
    able = [one for one in people if one.available and fits(one, asked)]
    return min(
        able,
        key=lambda one: (one.reluctance, flexibility(one.skills, POLICY), one.idle_order),
        default=None,
    )


@st.composite
def callers(draw: st.DrawFn) -> tuple[list[Call], list[tuple[int, CallState, int, int, bool]]]:
    calls = [
        Call(
            name=f"c{index}",
            line=line(),
            caller=None,
            arrived=START + arrived,
            entered=index,
            stands_since=START + arrived,
            searching_since=START,
            fallback_at=START,
            ladder=(Rung(0.0, first), Rung(10.0, then, ring_at_once=2)),
        )
        for index, (first, then, arrived) in enumerate(
            draw(
                st.lists(
                    st.tuples(skill_sets, skill_sets, st.integers(0, 3)), min_size=1, max_size=8
                )
            )
        )
    ]
    states: list[CallState] = ["searching", "searching", "talking"]
    change = st.tuples(
        st.integers(0, len(calls) - 1),
        st.sampled_from(states),
        st.integers(0, 1),
        st.integers(0, 2),
        st.booleans(),
    )
    return calls, draw(st.lists(change, max_size=30))


@given(callers(), st.lists(skill_sets, min_size=1, max_size=4))
def test_the_queue_gives_whom_a_look_at_everybody_would(
    crowd: tuple[list[Call], list[tuple[int, CallState, int, int, bool]]], skilled: list[Skills]
) -> None:
    calls, changes = crowd
    queue = Queue(calls)
    for which, state, rung, ringing, head_of_line in changes:
        call = calls[which]
        call.state, call.rung, call.head_of_line = state, rung, head_of_line
        call.offers = [f"dcr-{number}" for number in range(ringing)]
        queue.place(call)
        for skills in skilled:
            listener = ListenerState("l", skills)
            assert queue.first_for(listener) == _first_of(calls, listener)
            assert Queue(calls).first_for(listener) == _first_of(calls, listener)


def _first_of(calls: list[Call], listener: ListenerState) -> str | None:
    asking = [call for call in calls if call.wants_ring and fits(listener, call.ladder[call.rung])]
    first = min(asking, key=lambda call: call.place, default=None)
    return first.name if first is not None else None


@given(st.lists(st.tuples(st.booleans(), st.integers(0, 2), st.integers(0, 5)), max_size=30))
def test_calls_are_known_by_their_numbers_for_as_long_as_they_last(
    happened: list[tuple[bool, int, int]],
) -> None:
    floor = Floor(State(policy=replace(POLICY, calls_per_number=1)))
    calls = floor.state.calls
    for entered, (comes, caller, which) in enumerate(happened, 1):
        if comes:
            call = Call(
                name=f"c{entered}",
                line=line(),
                caller=f"hash-{caller}" if caller else None,
                arrived=START,
                entered=entered,
                stands_since=START,
                searching_since=START,
                fallback_at=START,
            )
            floor.hold_call(call)
            line_up(floor, call)
        elif calls:
            over = list(calls.values())[which % len(calls)]
            floor.drop_call(over)
            make_way(floor, over, START)
        assert floor.calls_of == by_caller(calls.values())
        for of_number in floor.calls_of.values():
            assert sum(not one.stands_aside for one in of_number.values()) == 1
