"""What Asterisk and our dialplan say, as the daemon reads it: each word is true until changed."""

from __future__ import annotations

from router.ami.contract import Seal
from router.ami.message import Message
from router.ami.mirror import Mirror

CALL = "1700000000.1"
OFFER = "dcr-0a1b2c3d-1"
NUMBER = "0639980042"
TYPED = "0639980043"
CODE = "4821"
SHORT_NUMBER = "204"
ARRIVED = 1700000000.25
SEAL = Seal(b"what the dialplan and the daemon share")

TALK_BRIDGE = "6f9d27c2-4f0e-4a8b-9a51-0d6c6d7c0001"
HOLD_BRIDGE = "6f9d27c2-4f0e-4a8b-9a51-0d6c6d7c0002"
ACCEPTED_BRIDGE = "6f9d27c2-4f0e-4a8b-9a51-0d6c6d7c0003"
JOIN_BRIDGE = "6f9d27c2-4f0e-4a8b-9a51-0d6c6d7c0004"
ROOM_BRIDGE = "6f9d27c2-4f0e-4a8b-9a51-0d6c6d7c0005"
HOLDING = {
    HOLD_BRIDGE: "decroche-hold",
    ACCEPTED_BRIDGE: "decroche-accepted",
    JOIN_BRIDGE: "decroche-join",
}
"""The holding bridges, and what the dialplan calls them."""

NAMES = {**HOLDING, ROOM_BRIDGE: f"decroche-room-{CALL}"}
"""What each bridge with a name is called."""

Headers = dict[str, str | bytes]


def message(name: str, headers: Headers) -> Message:
    """Make an event of these headers, as bytes that came over the wire."""
    lines = [b"Event: " + name.encode()]
    lines += [key.encode() + b": " + _as_bytes(value) for key, value in headers.items()]
    return Message(b"\r\n".join(lines))


def response(word: str, **headers: str) -> Message:
    """Make the answer to an action: `Success` or `Error`."""
    lines = [f"Response: {word}", *(f"{key}: {value}" for key, value in headers.items())]
    return Message("\r\n".join(lines).encode())


def headers_of(word: str, about: str | None = None) -> tuple[str, Headers]:
    """Give the event's name and the headers of one true word about a leg."""
    call, offer = about or CALL, about or OFFER
    either = {"Uniqueid": offer, "ChannelStateDesc": "Ringing", "Cause": "16"}
    own: dict[str, tuple[str, Headers]] = {
        "arrived": ("DecrocheArrived", _of_call(call)),
        "waiting": ("DecrocheWaiting", _of_call(call)),
        "fallback": ("DecrocheFallback", {**_of_call(call), "Why": "asked"}),
        "put_through": ("DecrochePutThrough", _of_call(call)),
        "fallback_answered": ("DecrocheFallbackAnswered", {"Call": call}),
        **{
            what: ("DecrocheOffer", {"Offer": offer, "What": what})
            for what in ("picked_up", "accepted", "declined", "no_key")
        },
        "key": ("DecrocheKey", {"Call": call, "Key": "2"}),
        "code": ("DecrocheCode", {"Call": call, "Code": CODE}),
        "choice": ("DecrocheChoice", {"Call": call, "Choice": "wait"}),
        "number": ("DecrocheNumber", {"Call": call, "Try": "1", "Number": TYPED}),
        "disposition": ("DecrocheDisposition", _of_wrap_up(offer)),
        "help": ("DecrocheHelp", {"Offer": offer, "Kind": "senior"}),
        "menu": (
            "DecrocheMenu",
            {"Call": call, "Listener": "2000", "Pin": "4711", "Choice": "ready"},
        ),
    }
    told: dict[str, tuple[str, Headers]] = {
        "hangup": ("Hangup", {**either}),
        "new_channel": ("Newchannel", {**either, "ChannelStateDesc": "Down"}),
        "ringing": ("Newstate", {**either}),
        "enter": ("BridgeEnter", _of_bridge(offer, TALK_BRIDGE)),
        "hold": ("BridgeEnter", _of_bridge(offer, HOLD_BRIDGE)),
        "join": ("BridgeEnter", _of_bridge(offer, JOIN_BRIDGE)),
        "ready": ("BridgeEnter", _of_bridge(offer, ACCEPTED_BRIDGE)),
        "room": ("BridgeEnter", _of_bridge(offer, ROOM_BRIDGE)),
        "leave": ("BridgeLeave", _of_bridge(offer, TALK_BRIDGE)),
        **_of_transfer(call, offer),
        "not_placed": ("OriginateResponse", {"ActionID": offer, "Response": "Failure"}),
    }
    if word in told:
        return told[word]
    name, headers = own[word]
    about_id = str(headers.get("Offer", headers.get("Call")))
    return "UserEvent", {
        "CallerIDNum": NUMBER,
        "UserEvent": name,
        "Token": SEAL.token(about_id),
        **headers,
    }


def say(word: str, about: str | None = None, /, **changed: str | bytes | None) -> Message:
    """Say one true word about a leg, with some headers changed or, by None, left out."""
    name, headers = headers_of(word, about)
    for key, value in changed.items():
        headers.pop(key, None)
        if value is not None:
            headers[key] = value
    return message(name, headers)


def channel(leg: str, **changed: str) -> Message:
    """Name a channel as Asterisk's listing does: a caller's in hold, unless changed."""
    headers: Headers = {
        "Uniqueid": leg,
        "Context": "decroche-hold",
        "Application": "Playback",
        "ChannelStateDesc": "Up",
        "CallerIDNum": NUMBER,
        "BridgeId": "",
    }
    return message("CoreShowChannel", {**headers, **changed})


def put_in(mirror: Mirror, leg: str, bridge: str) -> None:
    """Let a mirror know that a leg is in one of these bridges."""
    mirror.enter_bridge(leg, bridge, holding=bridge in HOLDING, name=NAMES.get(bridge, ""))


def _of_call(call: str) -> Headers:
    return {"Call": call, "Line": "health", "Arrived": f"{ARRIVED:.3f}"}


def _of_wrap_up(offer: str) -> Headers:
    return {"Offer": offer, "What": "orientation", "Orientation": SHORT_NUMBER}


def _of_transfer(call: str, offer: str) -> dict[str, tuple[str, Headers]]:
    who: Headers = {"TransfererUniqueid": offer, "TransfereeUniqueid": call, "Result": "Success"}
    return {
        "sent": ("BlindTransfer", {**who, "Context": "from-desk", "Extension": "15"}),
        "left": ("AttendedTransfer", {**who, "DestType": "App"}),
    }


def _of_bridge(leg: str, bridge: str) -> Headers:
    return {
        "Uniqueid": leg,
        "BridgeUniqueid": bridge,
        "BridgeName": NAMES.get(bridge, "<unknown>"),
        "BridgeTechnology": "holding_bridge" if bridge in HOLDING else "simple_bridge",
    }


def _as_bytes(value: str | bytes) -> bytes:
    return value if isinstance(value, bytes) else value.encode()
