"""Whatever sits on the other side, the doctor ends by its deadlines and says what it found."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress

import pytest

from router.doctor import Finding, link
from tests.doctor.house import House
from tests.testbed.ami import Account

Peer = Callable[[socket.socket], None]
GREETING = b"Asterisk Call Manager/11.0.0\r\n"
SOON_SECONDS = 0.3
"""A deadline that a test waits out; the others are so long that none comes."""
HOLDS_SECONDS = 60.0
"""A peer that is left to itself for so long was waited for beyond every deadline."""


@pytest.fixture
def examine(house: House) -> Iterator[Callable[[Peer], dict[str, Finding]]]:
    """Let the doctor look at a site whose Asterisk is this peer; it is the doctor who leaves."""
    over = threading.Event()
    waited_for: list[Peer] = []
    threads: list[threading.Thread] = []
    server = socket.create_server(("127.0.0.1", 0))

    def examine(peer: Peer) -> dict[str, Finding]:
        def serve() -> None:
            connection, _ = server.accept()
            connection.settimeout(HOLDS_SECONDS)
            with connection, suppress(OSError):
                peer(connection)
                if not over.wait(HOLDS_SECONDS):
                    waited_for.append(peer)

        threads.append(threading.Thread(target=serve))
        threads[0].start()
        return house.at(Account(server.getsockname()[1], "decroche", "s" * 20)).findings()

    yield examine
    over.set()
    for thread in threads:
        thread.join(HOLDS_SECONDS)
    server.close()
    assert waited_for == []


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
    examine: Callable[[Peer], dict[str, Finding]], peer: Peer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(link, "GREETING_SECONDS", SOON_SECONDS)
    findings = examine(peer)

    assert findings["AMI reachable"].mark == "failed"
    assert all(finding.mend for finding in findings.values() if not finding.ok)
    assert findings["AMI log-in"].mark == "not checked"


@pytest.mark.parametrize("peer", [greet_only, leave_after_the_greeting, babble])
def test_a_peer_that_greets_and_never_answers_ends_by_the_deadline(
    examine: Callable[[Peer], dict[str, Finding]], peer: Peer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(link, "ANSWER_SECONDS", SOON_SECONDS)
    findings = examine(peer)

    assert findings["AMI log-in"].mark == "failed"
    assert findings["clock"].mark == "not checked"


def test_a_list_without_an_end_ends_by_the_deadline(
    examine: Callable[[Peer], dict[str, Finding]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(link, "EVENT_SECONDS", SOON_SECONDS)
    findings = examine(never_end_a_list)

    assert findings["AMI log-in"].ok
    assert findings["dialplan contexts"].mark == "failed"
    assert "no end of ShowDialPlan" in findings["dialplan contexts"].detail
    assert findings["dialplan lines"].mark == "not checked"


def test_a_check_that_is_long_at_something_else_loses_no_connection() -> None:
    peers: list[socket.socket] = []
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            peers.append(server.accept()[0])
            greet_only(peers[0])

        threading.Thread(target=serve, daemon=True).start()
        with link.Link("127.0.0.1", server.getsockname()[1]) as connection:
            assert connection._client._socket.gettimeout() is None, "until it hangs up"
    peers[0].close()


def test_nothing_listening_is_told(house: House) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
        finding = house.at(Account(port, "decroche", "s" * 20)).findings()["AMI reachable"]

    assert finding.mark == "failed"
    assert finding.detail == f"127.0.0.1:{port}: Connection refused"


@pytest.mark.filterwarnings("error::pytest.PytestUnhandledThreadExceptionWarning")
def test_a_peer_gone_wrong_leaves_no_trace_on_the_terminal(
    examine: Callable[[Peer], dict[str, Finding]],
    capfd: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(link, "GREETING_SECONDS", SOON_SECONDS)
    examine(greet_as_another)

    assert capfd.readouterr() == ("", "")
