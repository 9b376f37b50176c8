from __future__ import annotations

import re
import sys
from collections import Counter
from collections.abc import Sequence
from html.parser import HTMLParser
from pathlib import Path

import pytest

from router.errors import DecrocheError
from simulations import report
from simulations.records import OfferRecord, RunRecord
from simulations.report import page
from simulations.report.pictures import SHOWN_LISTENERS
from tests.simulations.made_records import call, figures_of, run, week

pytestmark = pytest.mark.slow

VOID = {"meta", "link", "br", "img", "input", "hr"}
HOSTILE = '</style><script>alert("1")</script><img src=x onerror=alert(1)>&amp;$\\frac{$\x00\x1b[2J'


class Reader(HTMLParser):
    """Reads a page as a browser's first pass does, and refuses tags that do not pair."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: Counter[str] = Counter()
        self.attributes: list[tuple[str, str]] = []
        self.words: list[str] = []
        self.feed(text)
        self.close()
        assert not self.open, f"never closed: {self.open}"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags[tag] += 1
        self.attributes += [(name, value or "") for name, value in attrs]
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open[-1:] != ["style"]:
            self.words.append(data)

    @property
    def text(self) -> str:
        return re.sub(r"\s+", " ", " ".join(self.words))


def written(folder: Path, records: Sequence[RunRecord]) -> str:
    path = folder / "page.html"
    page.write(path, records, figures_of(records))
    return path.read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def of_a_week(tmp_path_factory: pytest.TempPathFactory) -> str:
    return written(tmp_path_factory.mktemp("week"), [week(calls=300, lost=4)])


def test_the_page_needs_no_network_and_no_script(of_a_week: str) -> None:
    reader = Reader(of_a_week)
    assert not re.search(r"https?://", of_a_week)
    assert not re.search(r"@import|url\((?!#)", of_a_week)
    assert not reader.tags.keys() & {"script", "link", "img", "iframe", "object", "embed"}
    assert all(value.startswith("#") for name, value in reader.attributes if name == "href")
    assert not [name for name, _ in reader.attributes if name in {"src", "srcset", "action"}]


def test_each_id_is_there_once_and_each_reference_meets_one(of_a_week: str) -> None:
    attributes = Reader(of_a_week).attributes
    ids = Counter(value for name, value in attributes if name == "id")
    wanted = {value[1:] for name, value in attributes if name == "href"}
    wanted |= set(re.findall(r"url\(#([^)]+)\)", of_a_week))
    assert wanted
    assert wanted <= ids.keys()
    assert set(ids.values()) == {1}


def test_each_picture_says_in_words_what_it_shows(of_a_week: str) -> None:
    reader = Reader(of_a_week)
    alts = [value for name, value in reader.attributes if name == "aria-label"]
    assert reader.tags["svg"] == 4
    assert any("The lowest pickup" in alt for alt in alts)
    assert any("within 20 s" in alt for alt in alts)
    assert sum("on average" in alt for alt in alts) == 2


def test_pictures_take_each_colour_from_the_page_so_that_dark_is_dark(of_a_week: str) -> None:
    pictures = " ".join(re.findall(r"<svg.*?</svg>", of_a_week, re.DOTALL))
    assert set(re.findall(r"#[0-9a-f]{6}\b", pictures)) == set()
    used = set(re.findall(r"var\((--\w+)\)", of_a_week))
    light, _, dark = of_a_week.partition("prefers-color-scheme: dark")
    for name in used:
        assert f"{name}:" in light
        assert f"{name}:" in dark.partition("</style>")[0]


def test_the_sentence_stands_in_english_and_in_french(of_a_week: str) -> None:
    text = Reader(of_a_week).text
    assert "4 of 300 calls were lost, all of them on Sunday" in text
    assert "4 appels sur 300 ont été perdus, tous le dimanche" in text
    assert ("lang", "fr") in Reader(of_a_week).attributes


def test_the_worst_ten_are_there_with_the_lost_first(of_a_week: str) -> None:
    reader = Reader(of_a_week)
    assert reader.tags["details"] == 10
    titles = re.findall(r"<summary>(.*?)</summary>", of_a_week)
    assert ["lost after" in title for title in titles] == [True] * 4 + [False] * 6


def test_hostile_names_stay_words(tmp_path: Path) -> None:
    calls = [
        call(HOSTILE, listener=HOSTILE, line=HOSTILE, person=HOSTILE),
        call("gone", outcome="lost", line=HOSTILE),
    ]
    rung = OfferRecord(HOSTILE, HOSTILE, HOSTILE, HOSTILE, at=1.0, ended=3.0, result="talked")
    text = written(tmp_path, [run(calls, [rung], listeners=[HOSTILE])])
    reader = Reader(text)
    assert not reader.tags.keys() & {"script", "img"}
    assert not [name for name, _ in reader.attributes if name.startswith("on")]
    assert not re.search(r"[\x00\x1b]", text)
    assert HOSTILE.split("\x00", maxsplit=1)[0] in "".join(reader.words)


def test_an_empty_run_makes_a_page_that_says_so(tmp_path: Path) -> None:
    text = Reader(written(tmp_path, [run()])).text
    assert "No call came in" in text
    assert "There is nothing to draw" in text
    assert "there is no story to tell" in text


def test_a_run_without_anybody_makes_a_page(tmp_path: Path) -> None:
    assert "No call came in" in Reader(written(tmp_path, [run(listeners=[])])).text


def test_a_run_of_one_call_makes_a_page(tmp_path: Path) -> None:
    reader = Reader(written(tmp_path, [run([call("only")])]))
    assert "The one call was picked up, after" in reader.text
    assert reader.tags["details"] == 1


def test_a_run_in_which_all_were_lost_makes_a_page(tmp_path: Path) -> None:
    lost = [call(f"gone-{number}", outcome="lost", offers=0) for number in range(3)]
    reader = Reader(written(tmp_path, [run(lost, listeners=[])]))
    assert "3 of 3 calls were lost, all of them on Monday between 00:00 and 01:00." in reader.text
    assert reader.tags["svg"] == 4


def test_without_promises_it_says_so_plainly(of_a_week: str) -> None:
    assert "No call back was promised in this run, so none could be broken." in of_a_week


def test_thousands_of_listeners_are_shown_in_groups(tmp_path: Path) -> None:
    few = written(tmp_path, [week(calls=50, listeners=SHOWN_LISTENERS)])
    many = written(tmp_path, [week(calls=50, listeners=3000)])
    assert ">listener_01<" in few
    assert ">listener_01<" not in many
    assert len(many) < 2 * len(few)


def test_an_interval_stands_under_its_figure(tmp_path: Path) -> None:
    records = [week(seed=1, calls=40), week(seed=2, calls=40)]
    figures = figures_of(records)
    figures["total"]["wait_p95_s_interval"] = [21.5, 27.25]
    page.write(tmp_path / "page.html", records, figures)
    text = (tmp_path / "page.html").read_text(encoding="utf-8")
    assert "<small>21.5\N{NO-BREAK SPACE}s to 27.2\N{NO-BREAK SPACE}s</small>" in text


def test_the_same_run_makes_the_same_page_byte_for_byte(tmp_path: Path, of_a_week: str) -> None:
    assert written(tmp_path, [week(calls=300, lost=4)]) == of_a_week


def test_a_page_that_cannot_be_written_says_where_and_why(tmp_path: Path) -> None:
    with pytest.raises(DecrocheError, match=r"gone.*cannot be written: No such file"):
        page.write(tmp_path / "gone" / "page.html", [run()], figures_of([run()]))


def test_without_matplotlib_it_says_how_to_get_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delattr(report, "pictures", raising=False)
    monkeypatch.setitem(sys.modules, "simulations.report.pictures", None)
    with pytest.raises(DecrocheError, match=r"pip install 'decroche\[sim\]'"):
        written(tmp_path, [run([call("only")])])
    assert not list(tmp_path.iterdir())
