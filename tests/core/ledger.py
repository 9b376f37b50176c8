"""What must be so of all that an engine says, seen from outside, step by step."""

from __future__ import annotations

from collections import Counter
from math import isclose

from router.core import commands, promise_commands
from router.core.commands import AnyCommand
from router.core.engine import Engine
from router.core.entry import Entry
from router.core.events import AnyEvent, PbxResynced
from router.core.explain import Decision
from router.core.matching import flexibility
from router.core.promise import LEG_PREFIX, Promise
from tests.core.drive import hear, of
from tests.core.pbx import Pbx


class Ledger:
    """Steps an engine and its restored twin, and holds both to account."""

    def __init__(self, pbx: Pbx) -> None:
        self.engine = Engine()
        self.twin = Engine()
        self.decisions: list[Decision] = []
        self.journal: list[Entry] = []
        self._pbx = pbx
        self._rung: dict[str, None] = {}
        self._strangers: set[str] = set()
        """Legs of those who were no listeners when they were found: nobody is held for them."""
        self._offers_told: Counter[str] = Counter()
        self._outcomes_told: Counter[str] = Counter()

    def restore_twin(self) -> None:
        """Begin the twin anew from the engine's own snapshot."""
        self.twin = Engine.restore(self.engine.snapshot())

    def watch(self, call: str) -> None:
        """Have every decision about a call checked."""
        self.decisions = self.engine.watch(call)

    def forget(self) -> None:
        """Lose everything that was known: neither journal nor snapshot is left."""
        self.engine, self.twin = Engine(), Engine()
        self.decisions = []
        self._rung.clear()
        # Of a leg that has ended for it and is found still talking, a new engine tells the end too.
        self._offers_told.clear()

    def step(self, event: AnyEvent, now: float) -> list[AnyCommand]:
        """Take one event, and check what comes of it. A refused one must leave no trace."""
        calls, offers = list(self.engine.state.calls), list(self.engine.state.offers)
        before = self.engine.snapshot()
        self.journal.append(Entry(now, event))
        self.decisions.clear()
        said = hear(self.engine, event, now)
        assert hear(self.twin, event, now) == said
        if isinstance(said, str):
            assert self.engine.snapshot() == before
            return []
        if isinstance(event, PbxResynced):
            known = self.engine.state.listeners
            self._strangers |= {one.offer for one in event.offers if one.listener not in known}
        self._check_reports(said, calls, offers)
        self._check_decisions(said)
        self._check_rings(said)
        return said

    def _check_rings(self, said: list[AnyCommand]) -> None:
        if not self._pbx.linked:
            assert of(commands.RingListener, said) == [], "rung while nobody can be told"
        held = {one.listener for one in self._pbx.legs.values() if one.name not in self._strangers}
        for ring in of(commands.RingListener, said):
            assert ring.offer not in self._rung, "an offer's id is used once"
            assert ring.listener not in held, "a listener has at most one leg"
            held.add(ring.listener)
            self._rung[ring.offer] = None

    def _check_reports(self, said: list[AnyCommand], calls: list[str], offers: list[str]) -> None:
        state = self.engine.state
        for report in of(commands.ReportOffer, said):
            self._offers_told[report.offer] += 1
        for outcome in of(commands.ReportOutcome, said):
            self._outcomes_told[outcome.call] += 1
            assert outcome.waited_seconds >= 0.0
            assert outcome.talked_seconds >= 0.0
        gone = [name for name in calls if name not in state.calls]
        helped = [f"{one.call}/help" for one in of(commands.ReportHelp, said)]
        assert {name for name in gone if name.endswith("/help")} <= set(helped)
        ended = [name for name in gone if "/" not in name and not name.startswith(LEG_PREFIX)]
        assert sorted(ended) == sorted(one.call for one in of(commands.ReportOutcome, said))
        self._check_promises(said)
        assert all(self._outcomes_told[name] == 1 for name in ended)
        for name in offers:
            if name not in state.offers and name in self._rung:
                assert self._offers_told[name] == 1, "an offer that is gone was told once"
        assert all(times == 1 for times in self._offers_told.values())

    def _check_promises(self, said: list[AnyCommand]) -> None:
        """Nothing is said that was not noted, and no number outlives its promise."""
        state = self.engine.state
        told = of(promise_commands.SayPromised, said)
        assert all(state.calls[one.call].promise in state.promises for one in told)
        held = ("rang_back", "talking")
        owed = [
            (one.caller, one.line)
            for one in state.promises.values()
            if one.state not in held and not one.stands_apart
        ]
        assert len(owed) == len(set(owed)), (
            "one promise a caller and line, but for those about to be kept"
        )

    def check_kept(self) -> None:
        """Hold what the store keeps against what the engine owes, once it is told all."""
        promises = self.engine.state.promises
        assert set(promises) <= set(self._pbx.store.kept), "a number that is needed is kept"
        for promise in promises.values():
            assert self._is_kept_as_it_stands(promise), "a lost journal changes no promise"

    def _is_kept_as_it_stands(self, promise: Promise) -> bool:
        """Say whether the store knows its terms; when a senior has given it anew, only we know.

        What was noted before the clock was set back is by the clock of then.
        """
        kept = self._pbx.store.kept[promise.name]
        since = kept.place_at - promise.place_at
        is_given = any(what == "given_anew" for _, what, _ in promise.history)
        times = ("due_by",) if is_given else ("due_by", "not_before")
        return (kept.origin, kept.usual) == (promise.origin, promise.usual) and all(
            isclose(getattr(kept, one) - getattr(promise, one), since, abs_tol=1e-3)
            for one in times
        )

    def _check_decisions(self, said: list[AnyCommand]) -> None:
        state = self.engine.state
        chosen: list[str] = []
        for decision in self.decisions:
            verdicts = {one.listener: one.verdict for one in decision.reasons}
            assert set(verdicts) == set(state.listeners), "every listener is named"
            assert len(verdicts) == len(decision.reasons)
            ranks = {
                name: (one.reluctance, flexibility(one.skills, state.policy), one.idle_order)
                for name, one in state.listeners.items()
            }
            taken = [name for name, verdict in verdicts.items() if verdict == "chosen"]
            lower = [name for name, verdict in verdicts.items() if verdict == "ranked_lower"]
            assert all(ranks[one] < ranks[other] for one in taken for other in lower)
            chosen += taken
        if self.decisions:
            call = self.decisions[0].call
            rings = of(commands.RingListener, said)
            assert chosen == [one.listener for one in rings if one.call == call and not one.to_help]
