"""Rules that read any text file. Each gives what breaks it, as `path:line: words`.

The brackets in some patterns keep a pattern from finding itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from tests.tidy.source import LOCKS, Source

UNFINISHED = re.compile(r"\b(TO[D]O|FIX[M]E|XX[X]|NotImplemented[E]rror)\b")
MACHINE_PATH = re.compile(r"(?<![\w.])/(r[o]ot|w[o]rk|h[o]me|U[s]ers)\b")

NUMBER = re.compile(
    r"""(?<![\w.])(?:
        (?:\+33|0033|0) (?:\s?\(0\))? [\s.-]?[1-9] (?:[\s.-]?\d{2}){4}
      | (?:\+|00)(?!33)[1-9](?:[\s.-]?\d){7,14}
    )(?!\w)""",
    re.VERBOSE,
)
NOBODYS = re.compile(
    r"""(?:
        0(?:19900|63998)\d{4}   # kept free for stories by the French regulator
      | 1\d{3}55501\d\d        # likewise in North America
      | 441632960\d{3}         # likewise in the United Kingdom
      | 0805232336             # the service's own
      | 0123456789             # counting
      | 266696687              # "anonymous" on a telephone's keys, as some networks send it
    )""",
    re.VERBOSE,
)

ACCENTED = re.compile(r"[\u00c0-\u024f]")
FRENCH = re.compile(
    r"\b(les|des|une|pour|dans|avec|sont|qui|aux|est|sans|chaque|ou|sur|leur)\b", re.IGNORECASE
)


def nothing_is_left_unfinished(source: Source) -> Iterator[str]:
    """Find notes to oneself."""
    yield from _lines_with(UNFINISHED, source, "do it, or file an issue")


def no_path_is_of_one_machine(source: Source) -> Iterator[str]:
    """Find folders that are on the writer's machine only."""
    yield from _lines_with(MACHINE_PATH, source, "a path of one machine")


def no_number_is_anybodys(source: Source) -> Iterator[str]:
    """Find telephone numbers that may be somebody's."""
    if source.path in LOCKS:
        return
    for line_number, line in enumerate(source.lines, 1):
        for found in NUMBER.finditer(line):
            digits = re.sub(r"\D", "", found[0].replace("(0)", ""))
            if not NOBODYS.fullmatch(re.sub(r"^(0033|33)|^00", _national, digits)):
                yield f"{source.path}:{line_number}: a number that is not of the made-up ranges"


def comments_are_english(source: Source) -> Iterator[str]:
    """Find comments in French, which is for what callers and listeners hear."""
    for line_number, comment in source.comments.items():
        said = re.sub(r'["`].*?["`]', "", comment)
        if ACCENTED.search(said) or len(FRENCH.findall(said)) > 1:
            yield f"{source.path}:{line_number}: a comment that is not English"


def lines_are_clean(source: Source) -> Iterator[str]:
    """Find what .editorconfig does not allow."""
    if source.text and not source.text.endswith("\n"):
        yield f"{source.path}: no newline at the end"
    if source.text.endswith("\n\n"):
        yield f"{source.path}: empty lines at the end"
    for line_number, line in enumerate(source.lines, 1):
        if line != line.rstrip():
            yield f"{source.path}:{line_number}: blanks at the end"
        if "\t" in line and source.name != "Makefile":
            yield f"{source.path}:{line_number}: a tab"


def _national(prefix: re.Match[str]) -> str:
    return "0" if prefix[1] else ""


def _lines_with(pattern: re.Pattern[str], source: Source, words: str) -> Iterator[str]:
    for line_number, line in enumerate(source.lines, 1):
        if found := pattern.search(line):
            yield f"{source.path}:{line_number}: {found[0]}: {words}"
