"""A run as one HTML page that stands alone: no network, no script, light or dark."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any, Literal
from xml.etree.ElementTree import Element

from router.errors import DecrocheError
from router.report.markup import document, tag
from router.report.numbers import ENGLISH
from router.report.style import STYLE
from simulations.figures import MARKS_SECONDS
from simulations.records import RunRecord
from simulations.report.grid import grid
from simulations.report.promises import in_words
from simulations.report.stories import Story, worst
from simulations.report.verdict import Block, Verdict, counted, judge

_NOTHING_FROM_OUTSIDE = "default-src 'none'; style-src 'unsafe-inline'"
"""The browser itself is told to load nothing and to run nothing."""


def write(path: Path, records: Sequence[RunRecord], figures: Mapping[str, Any]) -> None:
    """Write the page to a file, over what was there.

    Raises
    ------
    DecrocheError
        if the file cannot be written, or nothing is there to draw pictures with.

    """
    page = document(_page(records, figures))
    try:
        path.write_bytes(page)
    except OSError as error:
        raise DecrocheError(f"{path}: the page cannot be written: {error.strerror}") from error


def _page(records: Sequence[RunRecord], figures: Mapping[str, Any]) -> Element:
    title = f"Simulation of {figures['scenario']}"
    style = Element("style")
    style.text = STYLE
    head = tag(
        "head",
        tag("meta", charset="utf-8"),
        tag("meta", http_equiv="Content-Security-Policy", content=_NOTHING_FROM_OUTSIDE),
        tag("meta", name="viewport", content="width=device-width, initial-scale=1"),
        tag("title", f"{title}, decroche"),
        style,
    )
    body = tag(
        "main",
        tag("h1", title),
        _verdict(judge(records, figures)),
        _tiles(figures["total"]),
        _section("Pictures", _pictures(records, figures["total"])),
        _section("Figures", grid(figures)),
        _section("Promises", *_promises(records, figures["total"])),
        _section("The worst calls, from the first second to the last", *_stories(records)),
        _section("How this was made", *_making(records, figures)),
    )
    return tag("html", head, tag("body", body), lang="en")


def _section(title: str, *content: Element) -> Element:
    return tag("section", tag("h2", title), content)


def _verdict(verdict: Verdict) -> Element:
    return tag(
        "section",
        tag("strong", verdict.mark),
        tag("p", verdict.english),
        tag("p", verdict.french, lang="fr"),
        class_=f"verdict {'good' if verdict.good else 'bad'}",
        aria_label="In a sentence",
    )


def _tiles(total: Block) -> Element:
    shown = (
        ("Calls", ENGLISH.count(total["offered"]), "offered"),
        ("Lost", ENGLISH.count(total["lost"]), _of_withheld(total)),
        ("Pickup", ENGLISH.share(total["pickup"]), "of calls"),
        ("Pickup", ENGLISH.share(total["pickup_callers"]), "of callers"),
        ("In 20 s", ENGLISH.share(total["within_20_s"]), "of calls"),
        ("Wait", ENGLISH.seconds(total["wait_p95_s"]), "95 of 100 waited less"),
    )
    tiles = (
        tag("div", tag("dt", name), tag("dd", value, tag("small", unit)))
        for name, value, unit in shown
    )
    return tag("dl", tiles, class_="tiles")


def _of_withheld(total: Block) -> str:
    withheld = total["lost_withheld"]
    return f"calls, {ENGLISH.count(withheld)} of them withheld" if withheld else "calls"


def _pictures(records: Sequence[RunRecord], total: Block) -> Element:
    if not counted(total):
        return tag("p", "There is nothing to draw: no call stayed on the line.")
    pictures = _drawing("pictures")
    occupied = ENGLISH.share(total["occupancy"])
    marks = ", ".join(
        f"{ENGLISH.share(total[f'within_{mark}_s'])} in {mark}\N{NO-BREAK SPACE}s"
        for mark in MARKS_SECONDS
    )
    shown = (
        (
            pictures.day(records),
            "Waiting and pickup through the day, all days and replications together.",
        ),
        (
            pictures.distribution(records),
            f"How soon calls were picked up, of those that pickup counts: {marks}.",
        ),
        (
            pictures.carried(records),
            f"Who carried how many calls, in {_replications(len(records))}.",
        ),
        (
            pictures.occupancy(records),
            f"Occupancy: of their time on duty, listeners talked {occupied} in all.",
        ),
    )
    return _figures(shown)


def _drawing(name: Literal["pictures", "promise_pictures"]) -> ModuleType:
    """Load what draws, which is slow to load and an extra."""
    try:
        return import_module(f"simulations.report.{name}")
    except ImportError as error:
        raise DecrocheError(
            f"a page with pictures needs matplotlib ({error}): pip install 'decroche[sim]'"
        ) from error


def _figures(shown: Iterable[tuple[Element, str]]) -> Element:
    figures = (tag("figure", picture, tag("figcaption", said)) for picture, said in shown)
    return tag("div", figures, class_="pictures")


def _promises(records: Sequence[RunRecord], total: Block) -> Iterator[Element]:
    said = in_words(total)
    if said is None:
        yield tag("p", "No call back was promised in this run, so none could be broken.")
        return
    yield tag("p", said)
    if any(run.promises for run in records):
        drawn = _drawing("promise_pictures")
        shown = (
            (
                drawn.standing(records),
                "Promises as they stood through the run, all replications together.",
            ),
            (
                drawn.lateness(records),
                "When they were kept, before or after the time until which they were promised.",
            ),
        )
        yield _figures(shown)


def _stories(records: Sequence[RunRecord]) -> Iterator[Element]:
    stories = worst(records)
    if not stories:
        yield tag("p", "No call stayed on the line, so there is no story to tell.")
        return
    yield tag(
        "p",
        "Lost calls first, then who left to be called back, then the longest waits. Times are from"
        " the caller's arrival.",
        class_="note",
    )
    for number, story in enumerate(stories):
        yield _told(story, seeds=len(records) > 1, is_open=number == 0)


def _told(story: Story, *, seeds: bool, is_open: bool) -> Element:
    steps = (
        tag("li", tag("time", f"+{ENGLISH.seconds(step.after_seconds)}"), tag("span", step.words))
        for step in story.steps
    )
    which = f"Call {story.call.call}" + (f", of the run with seed {story.seed}." if seeds else ".")
    details = tag(
        "details",
        tag("summary", story.title),
        tag("ol", steps, class_="story"),
        tag("p", which, class_="note"),
    )
    if is_open:
        details.set("open", "")
    return details


def _making(records: Sequence[RunRecord], figures: Mapping[str, Any]) -> Iterator[Element]:
    simulated = sum(run.simulated_seconds for run in records)
    wall = sum(run.wall_seconds for run in records)
    events = sum(run.events for run in records)
    broken = figures["total"]["invariant_violations"]
    yield tag(
        "p",
        f"Scenario {figures['scenario']}, seed {figures['seed']}, {_replications(len(records))}."
        f" {ENGLISH.seconds(simulated)} were simulated in {ENGLISH.seconds(wall)}:"
        f" {ENGLISH.count(events)} events through the engine that also runs in the daemon, whose"
        f" rules were broken {ENGLISH.count(broken)} times.",
    )
    yield tag(
        "p",
        "Pickup is the share of calls that a human took while the caller was on the line; cared"
        " for also counts call-backs kept or not due yet. Calls that hung up at once or were"
        " turned away by a rule are not in either. By caller: a person who calls five times and"
        " is picked up once is one person reached. Waits run from the caller's arrival until both"
        " can hear each other. A caller whose number is withheld and who types none cannot be"
        " called back: these are told apart among the lost. Callers and listeners are made up.",
        class_="note",
    )


def _replications(count: int) -> str:
    return f"{count} replication{'' if count == 1 else 's'}"
