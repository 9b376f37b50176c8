"""A link over which nothing can be heard is given up, and one that works never is."""

from __future__ import annotations

from structlog.testing import capture_logs

from router.ami.message import Message
from router.core.events import AnyEvent, PbxLost, PbxResynced
from router.runtime.echo import EVERY_BEATS, MISSED_UNTIL_DEAF
from tests.ami.fake_link import FakeLink
from tests.ami.words import CALL, message, say
from tests.runtime.intake_desk import Desk, link_with, play

ECHO = message("VarSet", {"Uniqueid": "none", "Variable": "DECROCHE_ECHO", "Value": "1"})
OTHER = message("VarSet", {"Uniqueid": "none", "Variable": "DECROCHE_BEAT", "Value": "1"})
OVERTAKES = message("OriginateResponse", {"Uniqueid": "1.1", "Response": "Failure"})
NOBODYS_END = message("Hangup", {"Uniqueid": "1700000000.9", "Cause": "38"})
"""Of the leg that is rung so that there is something to hear."""
BY_HAND = message("UserEvent", {"UserEvent": "Hello"})
"""Sent by another manager, and so not by the way of the others."""


def asked(link: FakeLink) -> int:
    return sum(sent.fields.get("Variable") == "DECROCHE_ECHO" for sent in link.sent)


def rung(link: FakeLink) -> int:
    return sum(sent.action == "Originate" for sent in link.sent)


def beats(link: FakeLink) -> list[object]:
    return [sent for sent in link.sent if sent.fields.get("Variable") == "DECROCHE_BEAT"]


def miss(desk: Desk, times: int) -> None:
    """Let so many times pass at which an echo is looked for; after an echo the first asks only."""
    for _ in range(times * EVERY_BEATS):
        desk.intake.look_at_echo()


def hear(desk: Desk, *messages: Message) -> None:
    for one in messages:
        desk.intake.events_of(one)


def figure(desk: Desk, name: str) -> float | None:
    return desk.metrics.registry.get_sample_value(f"decroche_ami_{name}")


async def deaf(desk: Desk) -> FakeLink:
    """Have a link that has heard its echo once fall deaf; give the next one, up and unheard."""
    link = link_with(CALL)
    await desk.up(link)
    hear(desk, ECHO)
    miss(desk, MISSED_UNTIL_DEAF + 1)
    assert len(link.given_up) == 1
    desk.intake.events_of(PbxLost())
    after = link_with(CALL)
    desk.begin(after)
    return after


async def until_resynced(desk: Desk) -> list[AnyEvent]:
    told: list[AnyEvent] = []
    while not told:
        told = await desk.turn()
    return told


def test_an_echo_is_asked_for_at_once_and_each_ten_seconds() -> None:
    async def scene(desk: Desk) -> None:
        link = link_with()
        desk.begin(link)
        assert asked(link) == 1
        miss(desk, 2)
        assert asked(link) == 3
        assert figure(desk, "echo_returns") == 1

    play(scene)


def test_a_link_whose_echo_comes_is_kept_for_ever() -> None:
    async def scene(desk: Desk) -> None:
        link = link_with()
        await desk.up(link)
        for _ in range(20):
            miss(desk, MISSED_UNTIL_DEAF - 1)
            hear(desk, ECHO)
        assert (link.given_up, figure(desk, "echo_returns")) == ([], 1)

    play(scene)


def test_a_link_over_which_no_event_comes_any_more_is_given_up_after_three_echoes() -> None:
    async def scene(desk: Desk) -> None:
        link = link_with()
        await desk.up(link)
        hear(desk, ECHO)
        miss(desk, MISSED_UNTIL_DEAF)
        assert link.given_up == []
        with capture_logs() as logs:
            miss(desk, 1)
        assert [str(why) for why in link.given_up] == [
            "Asterisk answers, and its events do not come"
        ]
        assert [line["event"] for line in logs] == ["ami_deaf"]
        assert figure(desk, "echo_returns") == 0

    play(scene)


def test_what_does_not_go_the_echos_way_proves_nothing() -> None:
    async def scene(desk: Desk) -> None:
        link = link_with()
        await desk.up(link)
        hear(desk, ECHO)
        miss(desk, 2)
        hear(desk, OTHER, OVERTAKES, BY_HAND)
        miss(desk, 2)
        assert len(link.given_up) == 1

    play(scene)


def test_where_events_come_and_no_echo_it_is_done_without_it_and_said_once() -> None:
    async def scene(desk: Desk) -> None:
        link = link_with()
        await desk.up(link)
        hear(desk, ECHO)
        with capture_logs() as logs:
            miss(desk, 2)
            hear(desk, say("arrived", Uniqueid=CALL))
            miss(desk, 20)
        assert link.given_up == []
        assert [line["event"] for line in logs] == ["ami_echo_withheld"]
        assert figure(desk, "echo_returns") == 0
        hear(desk, ECHO)
        assert figure(desk, "echo_returns") == 1
        miss(desk, MISSED_UNTIL_DEAF + 1)
        assert len(link.given_up) == 1

    play(scene)


def test_an_account_that_never_hears_an_echo_is_served_as_ever_with_one_warning() -> None:
    async def scene(desk: Desk) -> None:
        link = link_with()
        with capture_logs() as logs:
            await desk.up(link)
            miss(desk, 1)
            assert rung(link) == 1
            hear(desk, NOBODYS_END)
            miss(desk, 20)
        assert (link.given_up, rung(link)) == ([], 1)
        assert [line["event"] for line in logs if line["log_level"] == "warning"] == [
            "ami_echo_withheld"
        ]
        await desk.check()
        assert figure(desk, "last_event_timestamp_seconds") == 1_700_000_000.0

    play(scene)


def test_an_asterisk_that_was_deaf_before_the_daemon_came_is_found_out_as_one_that_falls_deaf() -> (
    None
):
    async def scene(desk: Desk) -> None:
        link = link_with()
        await desk.up(link)
        with capture_logs() as logs:
            miss(desk, MISSED_UNTIL_DEAF - 1)
            assert (rung(link), link.given_up) == (MISSED_UNTIL_DEAF - 1, [])
            miss(desk, 1)
        assert len(link.given_up) == 1
        assert [line["event"] for line in logs] == ["ami_deaf"]
        desk.intake.events_of(PbxLost())
        after = link_with()
        desk.begin(after)
        desk.actor.beat(1.0)
        assert (after.listed, beats(after)) == ([], []), "callers have the fallback at once"
        miss(desk, 1)
        hear(desk, NOBODYS_END)
        assert isinstance((await until_resynced(desk))[-1], PbxResynced)
        miss(desk, 20)
        assert after.given_up == []

    play(scene)


def test_nobody_is_rung_while_the_echo_comes() -> None:
    async def scene(desk: Desk) -> None:
        link = link_with()
        await desk.up(link)
        for _ in range(20):
            hear(desk, ECHO)
            miss(desk, 1)
        assert rung(link) == 0

    play(scene)


def test_an_answer_passes_for_an_event_only_where_no_echo_comes() -> None:
    async def scene(desk: Desk) -> None:
        await desk.up(link_with())
        hear(desk, ECHO)
        desk.metrics.ami_last_event_timestamp_seconds.set(0)
        await desk.check()
        assert figure(desk, "last_event_timestamp_seconds") == 0

    play(scene)


def test_a_deaf_daemon_takes_no_new_link_for_one_and_gives_no_heartbeat() -> None:
    async def scene(desk: Desk) -> None:
        link = await deaf(desk)
        miss(desk, MISSED_UNTIL_DEAF - 1)
        desk.intake.check()
        desk.actor.beat(1.0)
        assert (link.listed, beats(link), link.given_up) == ([], [], [])
        with capture_logs() as logs:
            miss(desk, 1)
        assert len(link.given_up) == 1
        assert logs == [], "it has been said"

    play(scene)


def test_with_the_first_echo_all_is_as_before() -> None:
    async def scene(desk: Desk) -> None:
        link = await deaf(desk)
        hear(desk, ECHO)
        assert isinstance((await until_resynced(desk))[-1], PbxResynced)
        assert len(beats(link)) == 1
        miss(desk, MISSED_UNTIL_DEAF - 1)
        hear(desk, ECHO)
        assert (link.listed, link.given_up) == (["CoreShowChannels", "BridgeList"], [])

    play(scene)


def test_a_deaf_daemon_that_hears_a_caller_needs_no_echo() -> None:
    async def scene(desk: Desk) -> None:
        link = await deaf(desk)
        hear(desk, say("fallback", Uniqueid=CALL))
        assert isinstance((await until_resynced(desk))[-1], PbxResynced)
        miss(desk, 2)
        hear(desk, say("hangup"))
        miss(desk, 20)
        assert link.given_up == [], "the echo is held back, the events are not"

    play(scene)


def test_what_still_comes_of_a_lost_link_begins_nothing() -> None:
    async def scene(desk: Desk) -> None:
        link = link_with()
        await desk.up(link)
        hear(desk, ECHO)
        miss(desk, MISSED_UNTIL_DEAF + 1)
        link.listed.clear()
        hear(desk, ECHO)
        assert link.listed == []
        desk.intake.events_of(PbxLost())
        after = link_with()
        await desk.up(after)
        assert after.listed

    play(scene)
