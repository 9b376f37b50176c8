"""Writes out how dataclasses are made, for the compiler.

`@dataclass` makes `__init__` as the program runs, when nothing is compiled any more: a call and an
offer would each be made by the interpreter, in a sixth of the time of a whole simulation.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

UNSET = "None"
"""What stands for a default that is made anew each time; no such field may itself be None."""


def written_out(source: str) -> str:
    """Give a module's source in which each dataclass that can be changed has its `__init__`."""
    lines = source.splitlines(keepends=True)
    classes = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.ClassDef)]
    for one in sorted(classes, key=_end, reverse=True):
        if any(_makes_initialiser(decorator) for decorator in one.decorator_list):
            lines[_end(one) : _end(one)] = ["\n", *_initialiser(one)]
    return "".join(lines)


def _end(one: ast.ClassDef) -> int:
    return one.end_lineno or 0


def _makes_initialiser(decorator: ast.expr) -> bool:
    written = ast.unparse(decorator)
    return written.startswith("dataclass") and "frozen=True" not in written


def _initialiser(one: ast.ClassDef) -> Iterator[str]:
    fields = [node for node in one.body if isinstance(node, ast.AnnAssign)]
    taken = ", ".join(["self", *map(_parameter, fields)])
    yield f"    def __init__({taken}) -> None:\n"
    for field in fields:
        yield f"        self.{_name(field)} = {_value(field)}\n"
    if any(isinstance(node, ast.FunctionDef) and node.name == "__post_init__" for node in one.body):
        yield "        self.__post_init__()\n"


def _parameter(field: ast.AnnAssign) -> str:
    written = f"{_name(field)}: {ast.unparse(field.annotation)}"
    if field.value is None:
        return written
    if _factory(field) is not None:
        return f"{written} | None = {UNSET}"
    return f"{written} = {ast.unparse(field.value)}"


def _value(field: ast.AnnAssign) -> str:
    name, factory = _name(field), _factory(field)
    return name if factory is None else f"({factory})() if {name} is {UNSET} else {name}"


def _factory(field: ast.AnnAssign) -> str | None:
    """Give what makes a field's default, as `field(default_factory=...)` names it."""
    if not isinstance(field.value, ast.Call):
        return None
    return next(
        (ast.unparse(word.value) for word in field.value.keywords if word.arg == "default_factory"),
        None,
    )


def _name(field: ast.AnnAssign) -> str:
    return ast.unparse(field.target)
