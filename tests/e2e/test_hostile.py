"""Whatever comes over the wire, the daemon logs a line and goes on."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Iterator
from pathlib import Path

from tests.e2e.conftest import TEAM
from tests.e2e.proxy import wire_to
from tests.e2e.service import Service, installed, team
from tests.testbed import Testbed, behaviour

KIB_64 = b"x" * 65536
HEADERS: dict[bytes, list[bytes]] = {
    b"UserEvent": [b"UserEvent", b"Token", b"Call", b"Line", b"Arrived", b"CallerIDNum"],
    b"Hangup": [b"Uniqueid", b"Cause", b"Channel"],
    b"Newchannel": [b"Uniqueid"],
    b"Newstate": [b"Uniqueid", b"ChannelStateDesc"],
    b"BridgeEnter": [b"Uniqueid", b"BridgeUniqueid", b"BridgeTechnology"],
    b"BridgeLeave": [b"Uniqueid", b"BridgeUniqueid"],
    b"OriginateResponse": [b"ActionID", b"Response", b"Reason"],
}
USER_EVENTS = [
    b"DecrocheArrived",
    b"DecrocheWaiting",
    b"DecrocheFallback",
    b"DecrocheFallbackAnswered",
    b"DecrocheOffer",
    b"DecrocheDisposition",
    b"DecrocheMenu",
]


def test_hostile_messages_change_nothing_and_the_next_call_is_answered(
    bed: Testbed, tmp_path: Path
) -> None:
    with (
        wire_to(bed.pbx.manager.port) as wire,
        installed(bed, tmp_path, team(TEAM, health=2, fr=1)) as service,
    ):
        service.ami_port = wire.port
        service.start()
        lines_before = service.log_path.read_text().count("\n")
        hostile = list(_hostile_messages(bed.pbx.secret))
        wire.inject(hostile)

        async def scene() -> None:
            async with bed.farm() as farm:
                for name in TEAM:
                    await farm.listener(name, behaviour.answers())
                caller = await farm.call("0805232336", "0639980140", talk_seconds=1)
                assert await farm.heard(caller, 30) in TEAM
                await farm.left(caller, 20)
                # Among the messages is a call with a right token that Asterisk does not hold.
                await service.until(lambda: len(_outcomes(service)) == 2, 10, "both ends")
                await service.until(lambda: service.held() == 0, 15, "every phone let go")

        asyncio.run(scene())
        assert len(hostile) > 100
        assert wire.connections == 1, "the link was never torn down"
        outcomes = _outcomes(service)
        del outcomes["1.1"]
        assert list(outcomes.values()) == ["answered"]
        assert service.metric("decroche_calls_waiting") == 0
        assert service.metric("decroche_ignored_events_total") > 20
        assert service.metric("decroche_invariant_violations_total") == 0
        text = service.log_path.read_text()
        assert "Traceback" not in text
        assert text.count("\n") - lines_before <= len(hostile) + 20, "at most a line each"
        assert max(map(len, text.splitlines())) < 2000, "no hostile value is logged"


def test_user_events_that_our_dialplan_did_not_send_change_nothing(
    bed: Testbed, tmp_path: Path
) -> None:
    with installed(bed, tmp_path, team(TEAM, health=2, fr=1)) as service:
        service.start()

        async def scene() -> None:
            async with bed.farm() as farm, bed.watch() as ours:
                for name in TEAM:
                    await farm.listener(name, behaviour.never())
                caller = await farm.call("0805232336", "0639980141")
                arrived = await ours.wait_for(lambda e: e.is_user_event("DecrocheArrived"), 10)
                await farm.rang(TEAM[0], 10)
                await service.until(lambda: bool(service.log_lines("listener_rung")), 5, "the line")
                offer = service.log_lines("listener_rung")[0]["offer"]
                real_call = arrived["Call"]
                forged = [
                    ("DecrocheOffer", {"Offer": offer, "What": "accepted"}),
                    ("DecrocheOffer", {"Offer": offer, "What": "declined"}),
                    ("DecrocheFallbackAnswered", {"Call": real_call}),
                    ("DecrocheFallback", _about(real_call)),
                    ("DecrocheArrived", _about("1700000000.1")),
                    ("DecrocheWaiting", _about("1700000000.2")),
                    ("DecrocheMenu", {"Call": real_call, "Listener": "2000", "Choice": "off"}),
                ]
                # The token of another call is as wrong as none at all.
                for token in ("", "0" * 40, arrived["Token"] + "0"):
                    for name, headers in forged:
                        await ours.send("UserEvent", None, UserEvent=name, Token=token, **headers)
                await service.until(
                    lambda: service.metric("decroche_ignored_events_total") >= len(forged) * 3,
                    10,
                    "all to be refused",
                )
                assert service.metric("decroche_calls_waiting") == 1
                assert service.held() == 1
                assert service.metric("decroche_listeners", 'state="off"') == 0
                assert service.log_lines("offer_over") == []
                await farm.hang_up(caller)
                await service.until(lambda: bool(service.log_lines("call_ended")), 10, "its end")
                await service.until(lambda: service.held() == 0, 15, "every phone let go")

        asyncio.run(scene())


def _outcomes(service: Service) -> dict[str, str]:
    return {line["call"]: line["outcome"] for line in service.log_lines("call_ended")}


def _about(call: str) -> dict[str, str]:
    return {"Call": call, "Line": "health", "Arrived": "1700000000.000"}


def _hostile_messages(secret: str) -> Iterator[bytes]:
    for name, headers in HEADERS.items():
        words = USER_EVENTS if name == b"UserEvent" else [b"dcr-hostile"]
        for word in words:
            good = {header: _plausible(header, word, secret) for header in headers}
            for header in headers:
                for value in (None, b"", KIB_64, b"\xff\xfe\xc3", b"a: b", b"9" * 400, b"nan"):
                    yield _message(name, {**good, header: value}.items())
                doubled = [*good.items(), (header, b"second"), (b"Event", b"Hangup")]
                yield _message(name, doubled)
    yield b"no header at all\r\n\r\n"
    yield b"\r\n\r\n"
    yield b"Event\r\n\r\n"
    yield b"Response: Success\r\nActionID: nobody\r\n\r\n"


def _plausible(header: bytes, word: bytes, secret: str) -> bytes:
    token = hashlib.sha1(f"{secret}:1.1".encode(), usedforsecurity=False).hexdigest()
    known = {
        b"UserEvent": word,
        b"Token": token.encode(),
        b"Call": b"1.1",
        b"Line": b"health",
        b"Arrived": b"1700000000.000",
        b"CallerIDNum": b"0639980142",
    }
    return known.get(header, b"dcr-hostile")


def _message(name: bytes, headers: object) -> bytes:
    pairs = [(key, value) for key, value in list(headers) if value is not None]  # type: ignore[call-overload]
    lines = [b"Event: " + name, *(key + b": " + value for key, value in pairs)]
    return b"\r\n".join([*lines, b"", b""])
