"""Judges from the outside: what callers heard, whose phone rang when, and who talked with whom."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from router.ami import contract
from router.core.offers import OFFER_PREFIX
from router.core.promise import LEG_PREFIX
from simulations.pbx.exchange import Exchange
from simulations.pbx.leg import Leg
from simulations.pbx.message import Action
from tests.crash.people import Person


@dataclass
class Record:
    """What has happened to one person. Times are seconds of their world."""

    noted_at: list[float] = field(default_factory=list)
    """They heard that it is noted."""
    left_waiting_at: list[float] = field(default_factory=list)
    """They hung up in the queue, or were dropped there."""
    talks: list[float] = field(default_factory=list)
    """When a conversation began, with a listener or with somebody of the fallback group."""
    rung_at: list[float] = field(default_factory=list)
    dials: int = 0


class Witness:
    """Sees all that the PBX does. `faults` are what must never be."""

    def __init__(self, exchange: Exchange, now: Callable[[], float]) -> None:
        self.faults: list[str] = []
        self.records: defaultdict[str, Record] = defaultdict(Record)
        self.story: list[str] = []
        self._exchange = exchange
        self._now = now
        self._number_of: dict[str, str] = {}
        self._has_talked: set[str] = set()
        self._is_talking: dict[str, str] = {}
        self._seen: set[str] = set()
        """Whose last conversation a daemon has lived to see, some of it at least."""
        self.has_daemon = False

    def daemon_starts(self) -> None:
        """Note that there is a daemon, which is told of all that goes on."""
        self.has_daemon = True
        self._seen.update(self._is_talking.values())

    def calls(self, leg: Leg, person: Person) -> None:
        """Note that somebody dials the line."""
        self._number_of[leg.uniqueid] = person.e164
        self._tell(person.e164, f"calls: {leg.uniqueid}")

    def hear(self, action: Action, _at: float) -> None:
        """Look at what the daemon orders."""
        name, leg = action.get("Action"), action.get("Channel")
        if name == "Originate" and action.get("ChannelId").startswith(LEG_PREFIX):
            phone = action.variables()[contract.DIAL]
            self._dialled(action.get("ChannelId"), phone.partition("/")[2].partition("@")[0])
        elif name == "Redirect" and action.get("Context") == contract.PROMISE_CONTEXT:
            number = self._number_of.get(leg)
            if leg in self._exchange.legs and number is not None:
                self._tell(number, f"hears {action.get('Exten')}")
                if action.get("Exten") == "noted":
                    self.records[number].noted_at.append(self._now())

    def watch(self, event: str, leg: Leg, headers: Mapping[str, str]) -> None:
        """Look at what becomes of legs."""
        name = leg.uniqueid
        if event == "BridgeEnter" and headers["BridgeTechnology"] != "holding_bridge":
            self._meet(leg)
        elif event == "BridgeLeave" and headers["BridgeTechnology"] != "holding_bridge":
            self._part(name)
        elif event == "Newstate" and name.startswith(LEG_PREFIX) and leg.state[1] == "Ringing":
            self._rings(name)
        elif event == "Hangup":
            self._gone(name)

    def lost(self, persons: tuple[Person, ...]) -> list[str]:
        """Name those who were promised a call and have neither had it nor were sought."""
        found = []
        for person in persons:
            record = self.records[person.e164]
            if not record.noted_at:
                continue
            talked = any(at >= record.noted_at[-1] for at in record.talks)
            if not talked and (person.ever_answers or not record.rung_at):
                found.append(
                    f"lost: {person.e164} heard at {record.noted_at[-1]:.1f} that it is noted;"
                    f" {record.dials} dials, {len(record.rung_at)} rings, no conversation"
                )
        return found

    def _dialled(self, leg: str, number: str) -> None:
        self._tell(number, f"is dialled: {leg}")
        record = self.records[number]
        record.dials += 1
        self._number_of[leg] = number
        others = [
            other
            for other in self._exchange.legs
            if other.startswith(LEG_PREFIX) and self._number_of.get(other) == number
        ]
        if others:
            self._fault(number, f"two dials at once: {leg} while there is {others}")
        if number in self._is_talking.values():
            self._fault(number, f"{leg} dialled during a conversation")
        self._judge_again(number, record, leg)

    def _judge_again(self, number: str, record: Record, leg: str) -> None:
        owed = [*record.noted_at, *record.left_waiting_at]
        talked_at = record.talks[-1] if record.talks else None
        if talked_at is not None and not any(at > talked_at for at in owed):
            seen = "" if number in self._seen else ", which no daemon was there to see"
            self._fault(
                number, f"{leg} dialled again after a conversation at {talked_at:.1f}{seen}"
            )

    def _rings(self, leg: str) -> None:
        number = self._number_of[leg]
        self.records[number].rung_at.append(self._now())
        self._tell(number, f"rings: {leg}")

    def _meet(self, leg: Leg) -> None:
        assert leg.bridge is not None, "it has just entered it"
        names = [one.uniqueid for one in leg.bridge.legs]
        caller = next((name for name in names if name in self._number_of), None)
        if len(names) == 1 or caller is None:
            return
        number = self._number_of[caller]
        with_ours = any(name.startswith(OFFER_PREFIX) for name in names)
        self.records[number].talks.append(self._now())
        self._has_talked.add(caller)
        self._is_talking[caller] = number
        (self._seen.add if self.has_daemon else self._seen.discard)(number)
        self._tell(number, f"talks with {'a listener' if with_ours else 'the fallback'}: {names}")

    def _part(self, name: str) -> None:
        number = self._is_talking.pop(name, None)
        if number is not None:
            self._tell(number, "talk over")

    def _gone(self, name: str) -> None:
        self._part(name)
        number = self._number_of.get(name)
        if number is None:
            return
        self._tell(number, f"gone: {name}")
        if not name.startswith(LEG_PREFIX) and name not in self._has_talked:
            self.records[number].left_waiting_at.append(self._now())

    def _fault(self, number: str, words: str) -> None:
        self.faults.append(f"{self._now():.1f} {number}: {words}")
        self._tell(number, f"FAULT: {words}")

    def _tell(self, number: str, words: str) -> None:
        self.story.append(f"{self._now():8.2f} {number} {words}")
