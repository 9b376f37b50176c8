"""Hours that are changed while no daemon is there: who is on duty by them is so at once."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from structlog.testing import capture_logs

from router.core.engine import Engine
from router.core.events import (
    AnyEvent,
    EngineStarted,
    ListenerCameOn,
    ListenerPaused,
    ListenerWentOff,
    PolicyLoaded,
    TimeReached,
)
from router.core.listener import Duty
from router.runtime.rota import Rota, told_before
from router.runtime.shift_book import ShiftBook
from router.schedule import AT_ALL_HOURS, NO_HOURS, Calendar, Shifts, parse_hours
from tests.core.drive import rules

PARIS = ZoneInfo("Europe/Paris")
NOON = datetime(2026, 11, 20, 12, tzinfo=PARIS)
CALENDAR = Calendar(PARIS)
MORNING, LONG, EVENING = (
    parse_hours([f"mon-sun {span}"]) for span in ("08:00-11:00", "08:00-18:00", "18:00-24:00")
)
HOURS = {"anne": MORNING, "bruno": LONG, "chloe": AT_ALL_HOURS, "denis": NO_HOURS}


class Site:
    """A site whose daemon is started now and then: engine, rota and book."""

    def __init__(self, folder: Path) -> None:
        self.engine = Engine()
        self.now = NOON - timedelta(hours=3)
        self.hours = dict(HOURS)
        self._book = ShiftBook(folder)
        self._boots = iter(range(100))

    def start(self) -> None:
        """Start a daemon, by the hours as they are by now."""
        before, boot = told_before(self.engine.state, self._book), f"boot-{next(self._boots)}"
        self.tell(EngineStarted(boot))
        self.tell(PolicyLoaded(rules(listeners={name: {} for name in self.hours})))
        self.rota = Rota(
            Shifts(self.hours, CALENDAR),
            told=before,
            tell=self.tell,
            clock=self.clock,
            note=partial(self._book.note, boot),
        )
        self.turn()

    def clock(self) -> float:
        """Give the time."""
        return self.now.timestamp()

    def turn(self) -> None:
        """Let the daemon that runs tell of what has changed by now."""
        self.rota.tell_changes()
        self.tell(TimeReached())

    def tell(self, event: AnyEvent) -> None:
        """Have the engine take an event."""
        self.engine.step(event, self.clock())

    def wait(self, hours: float) -> None:
        """Let the daemon run, or be away, for a while."""
        self.now += timedelta(hours=hours)

    def duty(self, name: str) -> Duty:
        """Give whether somebody is on duty, as the engine holds it."""
        return self.engine.state.listeners[name].duty


@pytest.fixture
def site(tmp_path: Path) -> Site:
    """Give a site at half past eleven, whose daemon has run for the whole morning."""
    site = Site(tmp_path)
    site.start()
    site.wait(2.5)
    site.turn()
    return site


def test_by_the_same_hours_nobody_is_told_of_again_and_own_words_stand(site: Site) -> None:
    site.tell(ListenerPaused("bruno"))
    site.tell(ListenerWentOff("chloe"))
    site.tell(ListenerCameOn("denis"))
    site.wait(1.0)
    site.start()
    assert [site.duty(name) for name in HOURS] == ["off", "paused", "off", "on"]


def test_whom_new_hours_put_on_duty_in_mid_shift_come_on_at_once(site: Site) -> None:
    assert site.duty("anne") == "off"
    site.hours |= {"anne": LONG, "denis": AT_ALL_HOURS}
    site.wait(1.0)
    site.start()
    assert (site.duty("anne"), site.duty("denis")) == ("on", "on")


def test_whom_new_hours_take_off_duty_in_mid_shift_go_off_at_once(site: Site) -> None:
    site.hours |= {"bruno": MORNING, "chloe": NO_HOURS}
    site.wait(1.0)
    site.start()
    assert (site.duty("bruno"), site.duty("chloe")) == ("off", "off")


def test_who_comes_on_with_a_shift_that_began_meanwhile_does_so_once(site: Site) -> None:
    site.hours |= {"denis": EVENING}
    site.wait(7.0)
    site.start()
    assert (site.duty("denis"), site.duty("bruno")) == ("on", "off")


def test_who_is_listed_no_more_is_not_told_of(site: Site) -> None:
    del site.hours["bruno"]
    site.start()
    assert "bruno" not in site.engine.state.listeners


@pytest.mark.parametrize("lost", ["file", "journal", "end of the journal"])
def test_where_it_is_not_known_it_is_taken_that_the_hours_are_the_same(
    lost: str, site: Site, tmp_path: Path
) -> None:
    if lost == "file":
        (tmp_path / "shifts.json").unlink()
    elif lost == "journal":
        # Somebody else has routed meanwhile, on another machine.
        site.tell(EngineStarted("elsewhere"))
    else:
        # It was told, and the daemon died before the journal had it.
        site.rota._note(("bruno",), (site.now + timedelta(hours=1)).timestamp())
    site.hours |= {"anne": LONG, "bruno": MORNING}
    site.start()
    assert (site.duty("anne"), site.duty("bruno")) == ("off", "on")


@pytest.mark.parametrize("content", [b"", b"[]", b'{"boot":1}', b"\xff"])
def test_a_file_that_is_none_is_said_and_passed_over(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "shifts.json").write_bytes(content)
    with capture_logs() as lines:
        assert ShiftBook(tmp_path).on_duty("boot", 1.0) is None
    assert [line["event"] for line in lines] == ["shift_book_unreadable"]


def test_a_disk_that_takes_nothing_ends_nobody(tmp_path: Path) -> None:
    book = ShiftBook(tmp_path / "none such")
    with capture_logs() as lines:
        book.note("boot", ("anne",), 1.0)
    assert [line["event"] for line in lines] == ["shift_book_unwritable"]
    assert book.on_duty("boot", 1.0) is None
