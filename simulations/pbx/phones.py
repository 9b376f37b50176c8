"""Calls that come in, and phones that are rung: what the network between us and people does."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from router.ami import contract
from simulations.pbx import causes
from simulations.pbx.dialplan import Dialplan
from simulations.pbx.exchange import Exchange
from simulations.pbx.leg import NOBODY, RINGING, UP, Leg, Place
from simulations.pbx.menu import MENU
from simulations.pbx.message import Headers, render
from simulations.pbx.people import UNREACHABLE, Caller, MenuCaller, Ring
from simulations.pbx.site import Site
from simulations.pbx.waiting import LINE_CONTEXT

NETWORK_SECONDS = 0.004
"""From an INVITE leaving to its first answer, beside us."""

FAILED, TIMED_OUT, ANSWERED = "0", "3", "4"
"""Reasons of an OriginateResponse."""

TRUNK = "trunk"

OLDER = Ring(refusal=causes.NETWORK_FAILED)
"""What the fence does with whoever is not the newest daemon."""


@dataclass(frozen=True)
class Asked:
    """An Originate that was queued, whose OriginateResponse is still to come."""

    exchange: Exchange
    action_id: str
    endpoint: str
    offer: str
    number: str
    place: Place
    timeout_seconds: float
    variables: Mapping[str, str]

    @property
    def is_fenced(self) -> bool:
        """Whether the phone is rung by `decroche-fence`, as those of callers are."""
        return self.endpoint == contract.FENCE

    @property
    def phone(self) -> str:
        """Give the dial string of the phone that is to ring."""
        return self.variables.get(contract.DIAL, "") if self.is_fenced else self.endpoint

    @property
    def is_older(self) -> bool:
        """Whether a daemon asks for it that is not the newest."""
        newest = self.exchange.variables.get(contract.EPOCH, "")
        return self.is_fenced and _epoch(self.variables.get(contract.DIAL_EPOCH, "")) < _epoch(
            newest
        )

    def answer(self, response: str, reason: str, channel: str) -> None:
        """Tell what became of it."""
        headers: Headers = [
            ("Event", "OriginateResponse"),
            ("Privilege", "call,all"),
            *([("ActionID", self.action_id)] if self.action_id else []),
            ("Response", response),
            ("Channel", channel),
            ("Context", self.place[0]),
            ("Exten", self.place[1]),
            ("Reason", reason),
            ("Uniqueid", self.offer),
            ("CallerIDNum", self.number),
            ("CallerIDName", NOBODY),
        ]
        self.exchange.spread(render(headers))


class Phones:
    """The people's phones, as this PBX reaches them."""

    def __init__(self, exchange: Exchange, dialplan: Dialplan, site: Site) -> None:
        self._exchange = exchange
        self._dialplan = dialplan
        self._phones = site.phones

    def call(self, caller: Caller) -> Leg:
        """Let somebody dial a line."""
        leg = self._exchange.new_leg(caller.number)
        leg.variables[contract.LINE] = caller.line
        leg.in_time(caller.patience_seconds, lambda: self._exchange.hang_up(leg))
        leg.on_talk = lambda: self._talk(leg, caller.talk_seconds, causes.HUNG_UP)
        self._dialplan.begin(leg, (LINE_CONTEXT, "s"))
        return leg

    def call_menu(self, caller: MenuCaller) -> Leg:
        """Let a listener dial the menu, key this and that, and hang up when asked for more."""
        leg = self._exchange.new_leg(caller.number)
        keys = iter(caller.keys)
        leg.on_read = lambda: self._key_next(leg, keys, caller.after_seconds)
        self._dialplan.begin(leg, MENU)
        return leg

    def _key_next(self, leg: Leg, keys: Iterator[str], after_seconds: float) -> None:
        entry = next(keys, None)
        if entry is None:
            leg.in_time(after_seconds, lambda: self._exchange.hang_up(leg))
        else:
            leg.in_time(after_seconds, lambda: leg.press(entry))

    def ring(self, asked: Asked) -> None:
        """Ring a phone, and lead it through the dialplan once it was picked up."""
        endpoint, offer = asked.endpoint, asked.offer
        technology, _, rest = asked.phone.partition("/")
        name, _, trunk = rest.partition("@")
        if technology != "PJSIP" or trunk != TRUNK or offer in self._exchange.legs:
            asked.answer("Failure", FAILED, endpoint)
            return
        leg = self._exchange.new_leg(uniqueid=offer)
        if asked.is_fenced:
            leg.at("decroche-fence", "s", 1)
            leg.channel = f"{endpoint.removesuffix('/n')}-{leg.channel.rpartition('-')[2]};1"
        self._exchange.tell("Newchannel", leg)
        leg.number = leg.connected = asked.number
        leg.variables.update(asked.variables)
        leg.before_end = lambda: asked.answer("Failure", FAILED, endpoint)
        ring = OLDER if asked.is_older else self._phones.get(name, _unreachable)()
        leg.in_time(NETWORK_SECONDS, lambda: self._reached(leg, ring, asked))

    def _reached(self, leg: Leg, ring: Ring, asked: Asked) -> None:
        if ring.refusal is not None:
            self._exchange.hang_up(leg, ring.refusal, by_sip=not asked.is_fenced)
            return
        self._exchange.change_state(leg, RINGING)
        leg.in_time(asked.timeout_seconds, lambda: self._give_up(leg, asked))
        if ring.picks_up_after_seconds is not None:
            leg.in_time(ring.picks_up_after_seconds, lambda: self._picked_up(leg, ring, asked))

    def _give_up(self, leg: Leg, asked: Asked) -> None:
        if leg.state == RINGING:
            leg.before_end = lambda: asked.answer("Failure", TIMED_OUT, asked.endpoint)
            self._exchange.hang_up(leg, causes.NO_ANSWER, by_sip=not asked.is_fenced)

    def _picked_up(self, leg: Leg, ring: Ring, asked: Asked) -> None:
        leg.before_end = lambda: None
        self._exchange.change_state(leg, UP)
        asked.answer("Success", ANSWERED, leg.channel)
        if ring.key:
            leg.in_time(ring.key_after_seconds, lambda: leg.go_on(ring.key))
        if ring.leaves_after_seconds is not None:
            leg.in_time(ring.leaves_after_seconds, lambda: self._exchange.hang_up(leg))
        talk_seconds = ring.talk_seconds
        if talk_seconds is not None:
            leg.on_talk = lambda: self._talk(leg, talk_seconds, ring.end)
        self._dialplan.begin(leg, asked.place)

    def _talk(self, leg: Leg, seconds: float, end: int) -> None:
        # Who talks is no longer impatient.
        for timer in leg.timers:
            timer.cancel()
        leg.timers.clear()
        leg.in_time(seconds, lambda: self._exchange.hang_up(leg, end, by_sip=True))


def _epoch(text: str) -> int:
    return int("0" + "".join(filter(str.isdecimal, text)))


def _unreachable() -> Ring:
    return UNREACHABLE
