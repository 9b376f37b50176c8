"""Rules that read Python. Each gives what breaks it, as `path:line: words`."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from tests.tidy.source import Source

ROUTER_LINES = 300
TEST_LINES = 400
FUNCTION_LINES = 50

UNITLESS = re.compile(r"(^|_)(timeout|delay|interval|TIMEOUT|DELAY|INTERVAL)$")
BROAD = {"Exception", "BaseException"}
LEAST_REASON = 12
"""Characters of a comment, codes aside, from which on it may be taken for a reason."""


def a_file_is_short(source: Source) -> Iterator[str]:
    """Find files that are longer than a reader takes in."""
    limit = TEST_LINES if source.path.startswith("tests/") else ROUTER_LINES
    if source.is_python and len(source.lines) > limit:
        yield f"{source.path}: {len(source.lines)} lines, expected at most {limit}"


def a_function_is_short(source: Source) -> Iterator[str]:
    """Find functions that do not fit on a screen."""
    for node in _nodes(source, ast.FunctionDef, ast.AsyncFunctionDef):
        lines = (node.end_lineno or node.lineno) - node.lineno + 1
        if lines > FUNCTION_LINES:
            yield f"{source.path}:{node.lineno}: {lines} lines, expected at most {FUNCTION_LINES}"


def a_test_waits_on_conditions(source: Source) -> Iterator[str]:
    """Find sleeps in tests, the testbed included; there are none, `sleep(0)` waits for nothing."""
    if not source.path.startswith("tests/"):
        return
    for node in _nodes(source, ast.Call):
        assert isinstance(node, ast.Call)
        is_zero = (
            bool(node.args) and isinstance(node.args[0], ast.Constant) and not node.args[0].value
        )
        if _last_name(node.func) == "sleep" and not is_zero:
            yield f"{source.path}:{node.lineno}: sleeps; wait on a condition with a deadline"


def a_broad_except_says_why(source: Source) -> Iterator[str]:
    """Find handlers that catch everything, raise nothing and give no reason."""
    for node in _nodes(source, ast.ExceptHandler):
        assert isinstance(node, ast.ExceptHandler)
        caught = node.type.elts if isinstance(node.type, ast.Tuple) else [node.type]
        if not any(kind is None or _last_name(kind) in BROAD for kind in caught):
            continue
        raises = any(isinstance(inner, ast.Raise) for inner in ast.walk(node))
        said = (
            source.comments.get(line, "") for line in range(node.lineno, node.body[0].lineno + 1)
        )
        if not raises and not any(_is_reason(comment) for comment in said):
            yield f"{source.path}:{node.lineno}: catches all and does not say why"


def a_length_of_time_has_its_unit(source: Source) -> Iterator[str]:
    """Find names of times that leave the unit to be guessed."""
    for node in _nodes(source, ast.Name, ast.Attribute, ast.arg):
        if isinstance(node, ast.Name | ast.Attribute) and not isinstance(node.ctx, ast.Store):
            continue
        name = node.arg if isinstance(node, ast.arg) else _last_name(node)
        if UNITLESS.search(name):
            yield f"{source.path}:{node.lineno}: {name}: expected a unit, such as {name}_seconds"


def a_module_says_what_it_is(source: Source) -> Iterator[str]:
    """Find modules with code and no docstring; what a test module holds, its tests say."""
    if not source.is_python or source.name.startswith("test_") or source.name == "conftest.py":
        return
    if source.tree.body and not ast.get_docstring(source.tree):
        yield f"{source.path}: no docstring"


def _nodes(
    source: Source, *kinds: type[ast.AST]
) -> Iterator[ast.expr | ast.stmt | ast.arg | ast.ExceptHandler]:
    if source.is_python:
        for node in ast.walk(source.tree):
            if isinstance(node, kinds):
                assert isinstance(node, ast.expr | ast.stmt | ast.arg | ast.ExceptHandler)
                yield node


def _last_name(node: ast.AST | None) -> str:
    return node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", "")


def _is_reason(comment: str) -> bool:
    return len(re.sub(r"#|noqa:\s*[A-Z]+\d+(,\s*[A-Z]+\d+)*", "", comment).strip()) >= LEAST_REASON
