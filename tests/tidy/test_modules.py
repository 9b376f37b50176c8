from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator

from tests.tidy.source import ROOT, Source, project


def imported(source: Source) -> Iterator[str]:
    """Give the dotted names that a module imports, what is imported from a module included.

    A command that is named, `module:function`, is imported once it is asked for.
    """
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{name.name}" for name in node.names)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield from re.findall(r"^([\w.]+):\w+$", node.value)


def entrances(texts: Iterable[str]) -> set[str]:
    """Give the modules that are run by name: `python -m NAME`, or `NAME:main` for a command."""
    return {
        name
        for text in texts
        for name in re.findall(r"-m ([\w.]+)|\"([\w.]+):main\"", text)
        for name in name
        if name
    }


def orphans(sources: Iterable[Source], entered: set[str]) -> list[str]:
    """Give the modules of ours that nothing imports: of router, nothing in router itself."""
    ours = [one for one in sources if one.path.startswith(("router/", "tests/")) and one.is_python]
    used = {
        top: {
            name
            for one in ours
            if one.path.startswith(top)
            for name in imported(one)
            if name != one.module
        }
        for top in ("router/", "tests/")
    }
    return [
        one.path
        for one in ours
        if one.name not in {"__init__.py", "__main__.py", "conftest.py"}
        and not one.name.startswith("test_")
        and one.module not in entered
        and one.module not in used[one.path.partition("/")[0] + "/"]
    ]


def test_no_module_is_there_that_nothing_imports() -> None:
    texts = [(ROOT / name).read_text(encoding="utf-8") for name in ("Makefile", "pyproject.toml")]
    assert not orphans(project(), entrances(texts))


def test_a_module_that_only_a_test_imports_is_found() -> None:
    sources = [
        Source("router/a.py", "import router.b\nfrom router import c\n"),
        Source("router/b.py", ""),
        Source("router/c.py", ""),
        Source("router/d.py", ""),
        Source("router/cli.py", "import router.a\n"),
        Source("tests/test_d.py", "import router.d\n"),
    ]
    assert orphans(sources, entrances(['decroche = "router.cli:main"'])) == ["router/d.py"]
