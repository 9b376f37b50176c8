"""Whatever sits on the other side, the doctor ends by its deadlines and says what it found."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress

import pytest

from router.doctor import Finding, link
from tests.doctor.house import House
from tests.testbed.ami import Account

Peer = Callable[[socket.socket], None]
GREETING = b"Asterisk Call Manager/11.0.0\r\n"
DEADLINE_SECONDS = 0.3


@pytest.fixture(autouse=True)
def _short_deadline(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(link, "ANSWER_SECONDS", DEADLINE_SECONDS)


@pytest.fixture
def examine(house: House) -> Iterator[Callable[[Peer], dict[str, Finding]]]:
    """Let the doctor look at a site whose Asterisk is this peer."""
    over = threading.Event()
    threads: list[threading.Thread] = []
    server = socket.create_server(("127.0.0.1", 0))

    def examine(peer: Peer) -> dict[str, Finding]:
        def serve() -> None:
            connection, _ = server.accept()
            connection.settimeout(4 * DEADLINE_SECONDS)
            with connection, suppress(OSError):
                peer(connection)
                over.wait(10)

        threads.append(threading.Thread(target=serve))
        threads[0].start()
        return house.at(Account(server.getsockname()[1], "decroche", "s" * 20)).findings()

    yield examine
    over.set()
    for thread in threads:
        thread.join(10)
    server.close()


def silence(_connection: socket.socket) -> None:
    """Accept, and say nothing."""


def greet_only(connection: socket.socket) -> None:
    connection.sendall(GREETING)


def greet_as_another(connection: socket.socket) -> None:
    connection.sendall(b"220 mail.example ESMTP\r\n")


def leave_at_once(connection: socket.socket) -> None:
    connection.close()


def leave_after_the_greeting(connection: socket.socket) -> None:
    connection.sendall(GREETING)
    connection.shutdown(socket.SHUT_RDWR)


def babble(connection: socket.socket) -> None:
    connection.sendall(GREETING)
    while True:
        connection.sendall(b"Event: \xff\xfe\r\nActionID 0\r\n\r\nResponse\r\n\r\n" * 100)


def never_end_a_list(connection: socket.socket) -> None:
    connection.sendall(GREETING)
    number = 0
    while b"\r\n\r\n" in connection.recv(4096):
        answer = f"Response: Success\r\nActionID: {number}\r\nOriginate: (Priv: all)\r\n\r\n"
        connection.sendall(answer.encode())
        number += 1


@pytest.mark.parametrize("peer", [silence, greet_as_another, leave_at_once])
def test_a_peer_that_does_not_greet_is_not_reachable(
    examine: Callable[[Peer], dict[str, Finding]], peer: Peer
) -> None:
    findings = examine(peer)

    assert findings["AMI reachable"].mark == "failed"
    assert all(finding.mend for finding in findings.values() if not finding.ok)
    assert findings["AMI log-in"].mark == "not checked"


@pytest.mark.parametrize("peer", [greet_only, leave_after_the_greeting, babble])
def test_a_peer_that_greets_and_never_answers_ends_by_the_deadline(
    examine: Callable[[Peer], dict[str, Finding]], peer: Peer
) -> None:
    begun = time.monotonic()
    findings = examine(peer)

    assert findings["AMI log-in"].mark == "failed"
    assert findings["clock"].mark == "not checked"
    assert time.monotonic() - begun < 10 * DEADLINE_SECONDS


def test_a_list_without_an_end_ends_by_the_deadline(
    examine: Callable[[Peer], dict[str, Finding]],
) -> None:
    findings = examine(never_end_a_list)

    assert findings["AMI log-in"].ok
    assert findings["dialplan contexts"].mark == "failed"
    assert "no end of ShowDialPlan" in findings["dialplan contexts"].detail
    assert findings["dialplan lines"].mark == "not checked"


def test_nothing_listening_is_told(house: House) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]

    finding = house.at(Account(port, "decroche", "s" * 20)).findings()["AMI reachable"]

    assert finding.mark == "failed"
    assert finding.detail == f"127.0.0.1:{port}: Connection refused"


@pytest.mark.filterwarnings("error::pytest.PytestUnhandledThreadExceptionWarning")
def test_a_peer_gone_wrong_leaves_no_trace_on_the_terminal(
    examine: Callable[[Peer], dict[str, Finding]], capfd: pytest.CaptureFixture[str]
) -> None:
    examine(greet_as_another)

    assert capfd.readouterr() == ("", "")
