from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from tests.tidy import rules_of_code as code
from tests.tidy import rules_of_text as text
from tests.tidy.source import Source, project

Rule = Callable[[Source], Iterator[str]]

BROKEN: list[tuple[Rule, str, str]] = [
    (code.a_file_is_short, "router/a.py", "x = 1\n" * 301),
    (code.a_file_is_short, "tests/a.py", "x = 1\n" * 401),
    (code.a_function_is_short, "router/a.py", "def f():\n" + "    x = 1\n" * 50),
    (code.a_test_waits_on_conditions, "tests/a.py", "time.sleep(1)\n"),
    (code.a_test_waits_on_conditions, "tests/a.py", "async def f():\n    await sleep(wait)\n"),
    (code.a_broad_except_says_why, "router/a.py", "try:\n    f()\nexcept Exception:\n    g()\n"),
    (
        code.a_broad_except_says_why,
        "router/a.py",
        "try:\n    f()\nexcept:  # noqa: E722\n    g()\n",
    ),
    (code.a_length_of_time_has_its_unit, "router/a.py", "RING_TIMEOUT = 3\n"),
    (code.a_length_of_time_has_its_unit, "router/a.py", "def f(delay):\n    pass\n"),
    (code.a_module_says_what_it_is, "router/a.py", "x = 1\n"),
    (text.nothing_is_left_unfinished, "docs/a.md", "TO" + "DO: all of it\n"),
    (text.nothing_is_left_unfinished, "router/a.py", "raise NotImplemented" + "Error\n"),
    (text.no_path_is_of_one_machine, "Makefile", "cd /ho" + "me/anne/decroche\n"),
    (text.no_number_is_anybodys, "README.md", "Call 01 42 " + "00 00 00\n"),
    (text.no_number_is_anybodys, "config/a.toml", 'number = "+3314' + '2000000"\n'),
    (text.no_number_is_anybodys, "config/a.toml", 'number = "+4420' + '79460000"\n'),
    (text.comments_are_english, "config/a.toml", "x = 1  # au-del\u00e0\n"),
    (text.comments_are_english, "config/a.conf", "; pour les tests\n"),
    (text.comments_are_english, "router/a.py", "x = 1  # les appels sont ici\n"),
    (text.lines_are_clean, "README.md", "words \n"),
    (text.lines_are_clean, "README.md", "words"),
    (text.lines_are_clean, "README.md", "\twords\n"),
]
KEPT: list[tuple[Rule, str, str]] = [
    (code.a_test_waits_on_conditions, "tests/a.py", "asyncio.sleep(0)\n"),
    (code.a_test_waits_on_conditions, "router/a.py", "time.sleep(1)\n"),
    (
        code.a_broad_except_says_why,
        "router/a.py",
        "try:\n    f()\nexcept BaseException:\n    raise\n",
    ),
    (code.a_length_of_time_has_its_unit, "router/a.py", "RING_TIMEOUT_SECONDS = 3\n"),
    (text.no_number_is_anybodys, "a", "0199000002 +33639980005 0 805 23 23 36 112 1700000000.12\n"),
    (text.comments_are_english, "config/a.toml", 'words = "\u00c9milie"  # who takes calls\n'),
]
RULES = list(dict.fromkeys(rule for rule, _, _ in BROKEN))


@pytest.fixture(scope="module")
def sources() -> list[Source]:
    return project()


@pytest.mark.parametrize("rule", RULES)
def test_the_project_keeps_the_rule(rule: Rule, sources: list[Source]) -> None:
    found = [words for source in sources for words in rule(source)]
    assert not found, "\n".join(["", rule.__doc__ or "", *found])


@pytest.mark.parametrize(("rule", "path", "words"), BROKEN)
def test_the_rule_finds_what_breaks_it(rule: Rule, path: str, words: str) -> None:
    assert list(rule(Source(path, words)))


@pytest.mark.parametrize(("rule", "path", "words"), KEPT)
def test_the_rule_lets_pass_what_keeps_it(rule: Rule, path: str, words: str) -> None:
    assert not list(rule(Source(path, words)))


def test_every_rule_that_is_written_is_held() -> None:
    written = {
        thing
        for module in (code, text)
        for name, thing in vars(module).items()
        if callable(thing) and getattr(thing, "__module__", "") == module.__name__
        if not name.startswith("_")
    }
    assert written == set(RULES)
