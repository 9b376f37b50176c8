"""From Asterisk's messages to the engine's events."""

from __future__ import annotations

from collections.abc import Callable

from router.ami.contract import HOLDING_TECHNOLOGY, Seal
from router.ami.disposition import WrapUp
from router.ami.keypad import Keypad
from router.ami.message import Message
from router.ami.mirror import CallerLeg, Mirror, is_offer
from router.ami.parse import BadMessage, as_epoch_seconds, as_id, as_name, read_id
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


class Translator:
    """Reads messages in stream order, keeps the mirror, and says what they mean to the engine."""

    def __init__(self, mirror: Mirror, seal: Seal, hash_caller: CallerHasher) -> None:
        self.keypad = Keypad(mirror)
        self.wrap_up = WrapUp(mirror)
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
        }
        self._by_user_event: dict[str, Callable[[Message], list[AnyEvent]]] = {
            "DecrocheArrived": self._arrived,
            "DecrocheWaiting": self._waiting,
            "DecrocheFallback": self._fallback,
            "DecrocheFallbackAnswered": self._fallback_answered,
            "DecrocheOffer": self._offer,
            "DecrocheKey": self._key,
            "DecrocheCode": self._code,
            "DecrocheChoice": self._choice,
            "DecrocheDisposition": self._disposition,
            "DecrocheHelp": self._help,
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
        leg = CallerLeg(
            line=as_name(message.get("Line")),
            caller=self._hash_caller(message.get("CallerIDNum")),
            arrived=as_epoch_seconds(message.get("Arrived")),
        )
        return call, leg

    def _arrived(self, message: Message) -> list[AnyEvent]:
        call, leg = self._caller_leg(message)
        self._mirror.add_call(call, leg)
        return [events.CallArrived(call, leg.line, leg.caller, leg.arrived)]

    def _waiting(self, message: Message) -> list[AnyEvent]:
        call, leg = self._caller_leg(message)
        self._mirror.add_call(call, leg)
        return [events.CallWaiting(call, leg.line, leg.caller, leg.arrived)]

    def _fallback(self, message: Message) -> list[AnyEvent]:
        call, leg = self._caller_leg(message)
        leg.in_fallback = True
        self._mirror.add_call(call, leg)
        return [events.FallbackBegan(call, leg.line, leg.caller, leg.arrived)]

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

    def _disposition(self, message: Message) -> list[AnyEvent]:
        offer, what = self._sealed_offer(message), message.get("What")
        return self.wrap_up.keyed(offer, what, message.get("Orientation"))

    def _help(self, message: Message) -> list[AnyEvent]:
        offer, kind = self._sealed_offer(message), _HELP_KINDS.get(message.get("Kind"))
        if kind is None:
            raise BadMessage("bad_help_kind")
        return [events.HelpAsked(offer, kind)]

    def _hangup(self, message: Message) -> list[AnyEvent]:
        leg = _leg_of(message)
        known_call = leg in self._mirror.calls
        self._mirror.hang_up(leg)
        if is_offer(leg):
            how = _HANGUP_CAUSES.get(message.get("Cause"), "network")
            return [events.ListenerLegEnded(leg, how)]
        return [events.CallerHungUp(leg)] if known_call else []

    def _new_channel(self, message: Message) -> list[AnyEvent]:
        leg = message.get("Uniqueid")
        if leg in self._mirror.offers:
            self._mirror.offers[leg].exists = True
        return []

    def _new_state(self, message: Message) -> list[AnyEvent]:
        leg = _leg_of(message)
        if not is_offer(leg) or message.get("ChannelStateDesc") != "Ringing":
            return []
        return [events.ListenerRang(leg)]

    def _bridge_enter(self, message: Message) -> list[AnyEvent]:
        leg = _leg_of(message)
        if leg not in self._mirror.calls and not is_offer(leg):
            return []
        bridge, technology = read_id(message, "BridgeUniqueid"), message.get("BridgeTechnology")
        if not technology:
            raise BadMessage("bad_bridge")
        if is_offer(leg):
            self._mirror.offer(leg).exists = True
        self._mirror.enter_bridge(
            leg,
            bridge,
            holding=technology == HOLDING_TECHNOLOGY,
            name=message.get("BridgeName"),
        )
        return self._met(leg)

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
        if leg is None or leg.exists or message.get("Response") != "Failure":
            # Where there was a channel, its Hangup says better why it is gone.
            return []
        self._mirror.hang_up(offer)
        return [events.OfferFailed(offer, "unreachable")]


def _leg_of(message: Message) -> str:
    """Give the leg that a message is about; whoever's it is, if it is not one of our offers'."""
    leg = message.get("Uniqueid")
    return as_id(leg) if is_offer(leg) else leg
