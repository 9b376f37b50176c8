"""From Asterisk's messages to the engine's events."""

from __future__ import annotations

from collections.abc import Callable

from router.ami.contract import HOLDING_TECHNOLOGY, Seal
from router.ami.dialled import DialledLegs
from router.ami.disposition import WrapUp
from router.ami.keypad import Keypad
from router.ami.message import Message
from router.ami.mirror import CallerLeg, Mirror, is_call_back, is_offer
from router.ami.parse import BadMessage, as_count, as_epoch_seconds, as_id, as_name, read_id
from router.ami.put_through import PutThrough
from router.ami.typed_number import TypedNumbers
from router.core import events
from router.core.events import AnyEvent, Help, LegEnd

_HANGUP_CAUSES: dict[str, LegEnd] = {
    "1": "unreachable",
    "3": "unreachable",
    "16": "hung_up",
    "17": "busy",
    "18": "no_answer",
    "19": "no_answer",
    "20": "unreachable",
    "21": "rejected",
    "27": "unreachable",
    "34": "unreachable",
    "38": "network",
    "41": "network",
    "44": "network",
}
"""ITU-T Q.850 causes as Asterisk gives them; one that is not here counts as the network's."""

_GOODBYES = frozenset({"16", "26", "31", "127", "0", ""})
"""Those by which whoever had picked up has hung up: that class of Q.850's, and the causes that say
nothing, as a carrier's BYE may bear. Of a phone that still rang they say that it is away."""

_OFFER_WORDS: dict[str, Callable[[str], AnyEvent]] = {
    "picked_up": events.ListenerPickedUp,
    "accepted": events.OfferAccepted,
    "declined": events.OfferDeclined,
    "no_key": lambda offer: events.OfferFailed(offer, "no_key"),
}
"""What a listener's leg says of itself, once it is up."""

_HELP_KINDS: dict[str, Help] = {"senior": "senior", "shock": "shock"}
"""Whom a listener asks for."""

CallerHasher = Callable[[str], str | None]

NumberKeeper = Callable[[str, CallerLeg, str], None]
"""Is shown the number of each call, the one place to which it goes from here: it seals it."""


def _keep_nothing(_call: str, _leg: CallerLeg, _number: str) -> None:
    """Forget a number where nobody is called back."""


class Translator:
    """Reads messages in stream order, keeps the mirror, and says what they mean to the engine."""

    def __init__(self, mirror: Mirror, seal: Seal, hash_caller: CallerHasher) -> None:
        self.keypad = Keypad(mirror)
        self.wrap_up = WrapUp(mirror)
        self.typed_numbers = TypedNumbers(mirror, hash_caller)
        self.keep_number: NumberKeeper = _keep_nothing
        self._dialled = DialledLegs(mirror)
        self._put_through = PutThrough(mirror)
        self._mirror = mirror
        self._seal = seal
        self._hash_caller = hash_caller
        self._by_event: dict[str, Callable[[Message], list[AnyEvent]]] = {
            "UserEvent": self._user_event,
            "Hangup": self._hangup,
            "Newchannel": self._new_channel,
            "Newstate": self._new_state,
            "BridgeEnter": self._bridge_enter,
            "BridgeLeave": self._bridge_leave,
            "OriginateResponse": self._originate_response,
            "BlindTransfer": self._put_through.sent,
            "AttendedTransfer": self._put_through.left_ringing,
        }
        self._by_user_event: dict[str, Callable[[Message], list[AnyEvent]]] = {
            "DecrocheArrived": self._arrived,
            "DecrocheWaiting": self._waiting,
            "DecrocheFallback": self._fallback,
            "DecrochePutThrough": self._others_rung,
            "DecrocheFallbackAnswered": self._fallback_answered,
            "DecrocheOffer": self._offer,
            "DecrocheKey": self._key,
            "DecrocheCode": self._code,
            "DecrocheChoice": self._choice,
            "DecrocheNumber": self._number,
            "DecrocheDisposition": self._disposition,
            "DecrocheHelp": self._help,
            "DecrocheCallBack": self._call_back,
        }

    def translate(self, message: Message) -> list[AnyEvent]:
        """Give the events that a message means: most often none, seldom more than one.

        Raises
        ------
        BadMessage
            if it names something of ours and cannot be true; nothing has changed then.

        """
        read = self._by_event.get(message.name)
        return read(message) if read is not None else []

    def _user_event(self, message: Message) -> list[AnyEvent]:
        read = self._by_user_event.get(message.get("UserEvent"))
        return read(message) if read is not None else []

    def _sealed_id(self, message: Message, header: str) -> str:
        name = read_id(message, header)
        if not self._seal.fits(name, message.get("Token")):
            raise BadMessage("wrong_token")
        return name

    def _sealed_call(self, message: Message) -> str:
        call = self._sealed_id(message, "Call")
        if is_offer(call):
            raise BadMessage("bad_id")
        return call

    def _caller_leg(self, message: Message) -> tuple[str, CallerLeg]:
        call = self._sealed_call(message)
        leg = self._leg_of_caller(call, message)
        if not is_call_back(call):
            self.keep_number(call, leg, message.get("CallerIDNum"))
        return call, leg

    def _leg_of_caller(self, call: str, message: Message) -> CallerLeg:
        # Whom we have called back shows our own number.
        number = "" if is_call_back(call) else message.get("CallerIDNum")
        return CallerLeg(
            line=as_name(message.get("Line")),
            caller=self._hash_caller(number),
            arrived=as_epoch_seconds(message.get("Arrived")),
        )

    def _arrived(self, message: Message) -> list[AnyEvent]:
        call, leg = self._caller_leg(message)
        self._mirror.add_call(call, leg)
        return [events.CallArrived(call, leg.line, leg.caller, leg.arrived)]

    def _waiting(self, message: Message) -> list[AnyEvent]:
        call, leg = self._caller_leg(message)
        self._mirror.add_call(call, leg)
        return [events.CallWaiting(call, leg.line, leg.caller, leg.arrived)]

    def _fallback(self, message: Message) -> list[AnyEvent]:
        call, leg = self._leg_with_others(message)
        return [events.FallbackBegan(call, leg.line, leg.caller, leg.arrived)]

    def _others_rung(self, message: Message) -> list[AnyEvent]:
        call, _ = self._leg_with_others(message)
        return [events.CallerPutThrough(call)]

    def _leg_with_others(self, message: Message) -> tuple[str, CallerLeg]:
        call, leg = self._caller_leg(message)
        leg.in_fallback = True
        self._mirror.add_call(call, leg)
        return call, leg

    def _fallback_answered(self, message: Message) -> list[AnyEvent]:
        return [events.FallbackAnswered(self._sealed_call(message))]

    def _sealed_offer(self, message: Message) -> str:
        offer = self._sealed_id(message, "Offer")
        if not is_offer(offer):
            raise BadMessage("bad_id")
        return offer

    def _offer(self, message: Message) -> list[AnyEvent]:
        name = self._sealed_offer(message)
        what = message.get("What")
        make_event = _OFFER_WORDS.get(what)
        if make_event is None:
            raise BadMessage("bad_offer_word")
        leg = self._mirror.offer(name)
        leg.exists = leg.picked_up = True
        leg.accepted = what == "accepted"
        return [make_event(name)]

    def _key(self, message: Message) -> list[AnyEvent]:
        return self.keypad.press(self._sealed_call(message), message.get("Key"))

    def _code(self, message: Message) -> list[AnyEvent]:
        return self.keypad.type_code(self._sealed_call(message), message.get("Code"))

    def _choice(self, message: Message) -> list[AnyEvent]:
        return self.keypad.choose(self._sealed_call(message), message.get("Choice"))

    def _number(self, message: Message) -> list[AnyEvent]:
        return self.typed_numbers.typed(self._sealed_call(message), message)

    def _disposition(self, message: Message) -> list[AnyEvent]:
        offer, what = self._sealed_offer(message), message.get("What")
        number, hour = message.get("Orientation"), message.get("Hour")
        return self.wrap_up.keyed(offer, what, number, hour)

    def _help(self, message: Message) -> list[AnyEvent]:
        offer, kind = self._sealed_offer(message), _HELP_KINDS.get(message.get("Kind"))
        if kind is None:
            raise BadMessage("bad_help_kind")
        return [events.HelpAsked(offer, kind)]

    def _call_back(self, message: Message) -> list[AnyEvent]:
        leg, what = self._sealed_id(message, "Leg"), message.get("What")
        if not is_call_back(leg):
            raise BadMessage("bad_id")
        if what == "taken":
            return self._dialled.taken(leg, self._leg_of_caller(leg, message))
        return self._dialled.said(leg, what)

    def _hangup(self, message: Message) -> list[AnyEvent]:
        leg, cause = _leg_of(message), message.get("Cause")
        known_call = leg in self._mirror.calls
        missed = self._dialled.hung_up(leg, cause)
        listener = self._mirror.offers.get(leg)
        self._mirror.hang_up(leg)
        if is_offer(leg):
            picked_up = listener is not None and listener.picked_up
            return [events.ListenerLegEnded(leg, _leg_end(cause, picked_up=picked_up))]
        return [events.CallerHungUp(leg)] if known_call else missed

    def _new_channel(self, message: Message) -> list[AnyEvent]:
        leg = message.get("Uniqueid")
        if leg in self._mirror.offers:
            self._mirror.offers[leg].exists = True
        elif is_call_back(leg):
            self._dialled.exists(as_id(leg))
        return []

    def _new_state(self, message: Message) -> list[AnyEvent]:
        leg, state = _leg_of(message), message.get("ChannelStateDesc")
        self._dialled.changed(leg, is_up=state == "Up")
        return [events.ListenerRang(leg)] if is_offer(leg) and state == "Ringing" else []

    def _bridge_enter(self, message: Message) -> list[AnyEvent]:
        leg = _leg_of(message)
        if leg not in self._mirror.calls and not is_offer(leg):
            return self._put_through.others_met(message.get("BridgeUniqueid"))
        bridge, technology = read_id(message, "BridgeUniqueid"), message.get("BridgeTechnology")
        if not technology:
            raise BadMessage("bad_bridge")
        if is_offer(leg):
            self._mirror.offer(leg).exists = True
        self._mirror.name_channel(leg, message.get("Channel"))
        self._mirror.enter_bridge(
            leg,
            bridge,
            holding=technology == HOLDING_TECHNOLOGY,
            name=message.get("BridgeName"),
            crowd=as_count(message.get("BridgeNumChannels")),
        )
        return self._met(leg) or self._put_through.met(leg)

    def _met(self, leg: str) -> list[AnyEvent]:
        couple = self._mirror.couple_of(leg)
        if couple is None:
            pair = self._mirror.pair_of(leg)
            return [events.ConsultStarted(*pair)] if pair is not None else []
        # A second listener, who comes to two who talk, begins no talk.
        return [events.TalkStarted(*couple)] if leg in couple else []

    def _bridge_leave(self, message: Message) -> list[AnyEvent]:
        self._mirror.leave_bridge(message.get("Uniqueid"))
        return []

    def _originate_response(self, message: Message) -> list[AnyEvent]:
        offer = message.get("ActionID")
        leg = self._mirror.offers.get(offer)
        if message.get("Response") != "Failure":
            return []
        if leg is None or leg.exists:
            # Where there was a channel, its Hangup says better why it is gone.
            return self._dialled.not_placed(offer)
        self._mirror.hang_up(offer)
        return [events.OfferFailed(offer, "unreachable")]


def _leg_end(cause: str, *, picked_up: bool) -> LegEnd:
    if picked_up and cause in _GOODBYES:
        return "hung_up"
    return _HANGUP_CAUSES.get(cause, "network")


def _leg_of(message: Message) -> str:
    """Give the leg that a message is about; whoever's it is, if it is not one of our offers'."""
    leg = message.get("Uniqueid")
    return as_id(leg) if is_offer(leg) else leg
