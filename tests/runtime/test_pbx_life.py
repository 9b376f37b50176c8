"""Which life of Asterisk's this is: it keeps our word for it, and loses it as it dies."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import cast

import pytest
from structlog.testing import capture_logs

from router.ami.errors import LinkDown
from router.ami.link import AmiLink
from router.ami.message import Message
from router.ami.pending import Fields
from router.core.events import PbxLost
from router.core.promise_events import PbxBooted
from router.runtime.pbx_life import PbxLife
from tests.ami.fake_link import FakeLink
from tests.ami.words import CALL, message, response
from tests.runtime.intake_desk import Desk, answer, link_with, play
from tests.runtime.promise_house import House, at_home


class Asterisk:
    """Keeps the word that it is given, through any number of links, until it dies."""

    def __init__(self, word: str = "") -> None:
        self.word = word
        self.keeps = True
        self.is_given_one = asyncio.Event()

    def link(self) -> AmiLink:
        link = FakeLink()
        link.answer_to = self.answer
        return cast("AmiLink", link)

    def answer(self, fields: Fields) -> Message:
        if fields.get("Variable") != "DECROCHE_LIFE":
            return answer(fields)
        if "Value" in fields and self.keeps:
            self.word = str(fields["Value"])
            self.is_given_one.set()
        return response("Success", Value=self.word)


async def known_at(life: PbxLife, link: AmiLink) -> str | None:
    """Give by what a life is known over a new link."""
    life.begin(link)
    await life.tend(link)
    return life.word()


def test_a_life_is_known_by_one_word_over_every_link_and_to_every_daemon() -> None:
    async def told() -> None:
        asterisk, life = Asterisk(), PbxLife()
        first = await known_at(life, asterisk.link())
        assert first is not None
        assert [await known_at(one, asterisk.link()) for one in (life, PbxLife())] == [first] * 2

    asyncio.run(told())


def test_an_asterisk_that_died_is_known_by_another_word() -> None:
    async def told() -> None:
        life = PbxLife()
        words = [await known_at(life, Asterisk().link()) for _ in range(2)]
        assert None not in words
        assert words[0] != words[1]

    asyncio.run(told())


@pytest.mark.parametrize("said", ["", "unknown", "0" * 15, "0" * 17, "&dcb-1", "G" * 16])
def test_an_asterisk_that_keeps_no_word_is_not_known_by_what_it_says(said: str) -> None:
    async def told() -> None:
        asterisk = Asterisk(said)
        asterisk.keeps = False
        assert await known_at(PbxLife(), asterisk.link()) is None

    asyncio.run(told())


def test_an_asterisk_that_refuses_to_say_is_not_known() -> None:
    async def told() -> None:
        link = FakeLink()
        link.answer_to = lambda _: response("Error", Message="Permission denied")
        assert await known_at(PbxLife(), cast("AmiLink", link)) is None

    asyncio.run(told())


def test_a_reload_that_takes_the_word_is_not_taken_for_a_death() -> None:
    async def told() -> None:
        asterisk, life = Asterisk(), PbxLife()
        link = asterisk.link()
        word = await known_at(life, link)
        asterisk.word = ""
        await life.look(link)
        assert (life.word(), asterisk.word) == (word, word)

    asyncio.run(told())


def test_a_word_that_could_not_be_had_at_first_is_asked_for_again() -> None:
    async def told() -> None:
        asterisk, life = Asterisk(), PbxLife()
        asterisk.keeps = False
        link = asterisk.link()
        assert await known_at(life, link) is None
        asterisk.keeps = True
        await life.look(link)
        assert life.word() == asterisk.word != ""

    asyncio.run(told())


def test_what_comes_of_a_link_that_is_lost_by_then_says_nothing_of_the_next() -> None:
    async def told() -> None:
        life, first = PbxLife(), Asterisk().link()
        life.begin(first)
        life.begin(Asterisk().link())
        await life.tend(first)
        assert life.word() is None

    asyncio.run(told())


def test_a_look_over_a_link_that_goes_down_is_nobodys_trouble() -> None:
    async def told() -> None:
        link = FakeLink()
        life = PbxLife()
        life.begin(cast("AmiLink", link))
        link.is_down = True
        await life.look(cast("AmiLink", link))
        with pytest.raises(LinkDown):
            await life.tend(cast("AmiLink", link))

    asyncio.run(told())


def test_at_a_resync_it_is_told_with_what_asterisk_holds_and_then_forgotten_with_the_link() -> None:
    async def scene(desk: Desk) -> None:
        told: list[str | None] = []
        desk.intake.tell_held = lambda _calls, _since, _talked, life: told.append(life)
        asterisk, link = Asterisk(), link_with(CALL)
        link.answer_to = asterisk.answer
        await desk.up(link)
        assert told == [asterisk.word] == [desk.intake.life.word()]
        desk.intake.events_of(PbxLost())
        assert desk.intake.life.word() is None

    play(scene)


def test_a_daemon_looks_after_it_now_and_then() -> None:
    async def scene(desk: Desk) -> None:
        asterisk, link = Asterisk(), link_with(CALL)
        link.answer_to = asterisk.answer
        await desk.up(link)
        before, asterisk.word = asterisk.word, ""
        asterisk.is_given_one.clear()
        await desk.check()
        await asyncio.wait_for(asterisk.is_given_one.wait(), 30.0)
        assert asterisk.word == before

    play(scene)


def test_an_asterisk_that_died_with_the_daemon_is_another_by_the_next_ones_first_word(
    tmp_path: Path,
) -> None:
    async def told() -> None:
        first, later = Asterisk(), Asterisk()
        seen = []
        for asterisk in (first, first, later, later):
            life = PbxLife()
            life.keep_in(tmp_path)
            await known_at(life, asterisk.link())
            seen.append(life.is_another)
            # A link that is lost and comes back finds the same one.
            await known_at(life, asterisk.link())
            assert not life.is_another
        assert seen == [False, False, True, False]

    asyncio.run(told())


@pytest.mark.parametrize("content", ["", "what is this", "0" * 15])
def test_a_word_that_was_kept_by_half_is_none(content: str, tmp_path: Path) -> None:
    async def told() -> None:
        (tmp_path / "pbx-life").write_text(content)
        life = PbxLife()
        life.keep_in(tmp_path)
        await known_at(life, Asterisk().link())
        assert not life.is_another

    asyncio.run(told())


def test_a_disk_that_takes_and_gives_nothing_ends_nobody(tmp_path: Path) -> None:
    async def told() -> None:
        (tmp_path / "pbx-life").mkdir()
        life = PbxLife()
        life.keep_in(tmp_path)
        assert await known_at(life, Asterisk().link()) is not None
        # In one process it is known all the same.
        await known_at(life, Asterisk().link())
        assert life.is_another

    with capture_logs() as lines:
        asyncio.run(told())
    assert [line["event"] for line in lines] == [
        "pbx_life_unreadable",
        *["pbx_life_unwritable"] * 2,
    ]


def test_whom_we_had_called_back_before_asterisk_died_was_cut_off_whatever_the_clocks_say() -> None:
    async def scene(desk: Desk) -> None:
        booted = []
        desk.intake.events_of(message("FullyBooted", {"Uptime": "86400"}))
        for _ in range(2):
            link = link_with()
            link.answer_to = Asterisk().answer
            desk.begin(link)
            event, _ = await desk.turn()
            assert isinstance(event, PbxBooted)
            booted.append(event.at)
            desk.intake.events_of(PbxLost())
        assert booted == [1_699_913_600.0, 1_700_000_000.0]

    play(scene)


def test_a_number_is_kept_with_the_life_in_which_its_call_came_in() -> None:
    async def story(house: House) -> None:
        desk = Desk()
        house.part.serve(desk.intake._translator, desk.actor.call_backs, desk.intake)
        asterisk, link = Asterisk(), link_with()
        link.answer_to = asterisk.answer
        await desk.up(link)
        house.arrive("c1")
        await house.settled()
        assert (await house.kept()).live["c1"].life == asterisk.word
        assert (house.folder / "pbx-life").read_text() == asterisk.word
        desk.intake.close()

    at_home(story)
