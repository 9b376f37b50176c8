"""What this PBX does when it is told to, and what it answers: the actions that the daemon uses."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from router.ami import contract
from simulations.pbx import causes
from simulations.pbx.dialplan import Dialplan
from simulations.pbx.exchange import Exchange
from simulations.pbx.leg import RINGING, Leg
from simulations.pbx.message import Action, Headers
from simulations.pbx.phones import Asked, Phones

ORIGINATE_SECONDS = 30.0
"""Asterisk's own limit of a ring, where the action names none."""

NO_SUCH_CHANNEL = "No such channel"


class RefusedError(Exception):
    """An action is answered with an error; the words are Asterisk's."""


@dataclass(frozen=True)
class Answer:
    """The response, for a listing the events that follow it, and what is done after it."""

    headers: Headers
    items: list[Headers] | None = None
    item_name: str = ""
    end_name: str = ""
    effect: Callable[[], None] = lambda: None


class Actions:
    """Carries actions out on an exchange."""

    def __init__(self, exchange: Exchange, dialplan: Dialplan, phones: Phones) -> None:
        self._exchange = exchange
        self._dialplan = dialplan
        self._phones = phones
        self._by_name: dict[str, Callable[[Action], Answer]] = {
            "ping": self._ping,
            "setvar": self._setvar,
            "getvar": self._getvar,
            "coresettings": self._core_settings,
            "coreshowchannels": self._core_show_channels,
            "bridgelist": self._bridge_list,
            "originate": self._originate,
            "bridge": self._bridge,
            "redirect": self._redirect,
            "hangup": self._hangup,
        }

    def carry_out(self, action: Action) -> Answer:
        """Do it.

        Raises
        ------
        RefusedError
            if Asterisk would say no.

        """
        name = action.get("Action")
        carry_out = self._by_name.get(name.lower())
        if carry_out is None:
            raise RefusedError(
                f"Invalid/unknown command: {name}. "
                "Use Action: ListCommands to show available commands."
            )
        return carry_out(action)

    def _ping(self, _action: Action) -> Answer:
        now = self._exchange.clock.epoch_seconds()
        return Answer([("Ping", "Pong"), ("Timestamp", f"{now:.6f}")])

    def _setvar(self, action: Action) -> Answer:
        name, value = action.get("Variable"), action.get("Value")
        self._variables(action)[name] = value
        if name != contract.ECHO:
            return _done("Variable Set")
        return _done("Variable Set", lambda: self._exchange.variable_set(name, value))

    def _getvar(self, action: Action) -> Answer:
        name = action.get("Variable")
        value = self._variables(action).get(name, "")
        if name == "EXTEN" and action.get("Channel"):
            value = self._leg(action, "Channel", "", NO_SUCH_CHANNEL).exten
        return Answer([("Variable", name), ("Value", value)])

    def _variables(self, action: Action) -> dict[str, str]:
        if not action.get("Variable"):
            raise RefusedError("No variable specified")
        if not action.get("Channel"):
            return self._exchange.variables
        return self._leg(action, "Channel", "", NO_SUCH_CHANNEL).variables

    def _core_settings(self, _action: Action) -> Answer:
        off = ["CoreHTTPenabled", "SoundsSearchCustomDir"]
        return Answer(
            [
                ("AMIversion", "11.0.0"),
                ("AsteriskVersion", "22.10.1"),
                ("SystemName", ""),
                ("CoreMaxCalls", "0"),
                ("CoreMaxLoadAvg", "0.000000"),
                ("CoreRunUser", ""),
                ("CoreRunGroup", ""),
                ("CoreMaxFilehandles", "0"),
                ("CoreRealTimeEnabled", "No"),
                ("CoreCDRenabled", "Yes"),
                *[(name, "No") for name in off],
            ]
        )

    def _core_show_channels(self, _action: Action) -> Answer:
        items = [_shown(leg) for leg in reversed(self._exchange.legs.values())]
        return _listing("Channels will follow", items, "CoreShowChannel", "CoreShowChannels")

    def _bridge_list(self, _action: Action) -> Answer:
        items = [bridge.headers() for bridge in self._exchange.bridges]
        return _listing("Bridge listing will follow", items, "BridgeListItem", "BridgeList")

    def _originate(self, action: Action) -> Answer:
        endpoint = action.get("Channel")
        if not endpoint:
            raise RefusedError("Channel not specified")
        if "/" not in endpoint:
            raise RefusedError("Invalid channel")
        timeout_ms = action.get("Timeout")
        asked = Asked(
            exchange=self._exchange,
            action_id=action.get("ActionID"),
            endpoint=endpoint,
            offer=action.get("ChannelId"),
            number=action.get("CallerID"),
            place=(action.get("Context"), action.get("Exten")),
            timeout_seconds=int(timeout_ms) / 1000 if timeout_ms.isdecimal() else ORIGINATE_SECONDS,
            variables=action.variables(),
        )
        return _done("Originate successfully queued", lambda: self._phones.ring(asked))

    def _bridge(self, action: Action) -> Answer:
        if not (action.get("Channel1") and action.get("Channel2")):
            raise RefusedError("Missing channel parameter in request")
        one, other = (
            self._leg(action, name, "", f"{name} does not exist: {action.get(name)}")
            for name in ("Channel1", "Channel2")
        )
        return _done("Channels have been bridged", lambda: self._exchange.join(one, other))

    def _redirect(self, action: Action) -> Answer:
        for name in ("Channel", "Context", "Exten", "Priority"):
            if not action.get(name):
                raise RefusedError(f"{name} not specified")
        nobody = f"Channel does not exist: {action.get('Channel')}"
        leg = self._leg(action, "Channel", "", nobody)
        place = (action.get("Context"), action.get("Exten"))
        if not self._dialplan.knows(place):
            raise RefusedError("Redirect failed")
        return _done("Redirect successful", lambda: self._dialplan.begin(leg, place))

    def _hangup(self, action: Action) -> Answer:
        leg = self._leg(action, "Channel", "No channel specified", NO_SUCH_CHANNEL)
        cause = causes.UNKNOWN if leg.state == RINGING else causes.HUNG_UP
        return _done("Channel Hungup", lambda: self._exchange.hang_up(leg, cause))

    def _leg(self, action: Action, header: str, if_empty: str, if_nobody: str) -> Leg:
        name = action.get(header)
        leg = self._exchange.find(name) if name else None
        if leg is None:
            raise RefusedError(if_nobody if name else if_empty)
        return leg


def _done(words: str, effect: Callable[[], None] = lambda: None) -> Answer:
    return Answer([("Message", words)], effect=effect)


def _listing(words: str, items: list[Headers], item_name: str, name: str) -> Answer:
    return Answer([("EventList", "start"), ("Message", words)], items, item_name, f"{name}Complete")


def _shown(leg: Leg) -> Headers:
    return [
        *leg.headers(),
        ("Application", leg.application),
        ("ApplicationData", leg.data),
        ("Duration", "00:00:00"),
        ("BridgeId", leg.bridge.uniqueid if leg.bridge is not None else ""),
    ]
