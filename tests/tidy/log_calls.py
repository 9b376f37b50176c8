"""The log lines that the code can write, read out of the code itself."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from tests.tidy.source import Source

LEVELS = {"debug", "info", "warning", "error", "critical", "exception"}
LOGGERS = {"log", "_log"}
NOT_FIELDS = {"exc_info"}


@dataclass
class LogLine:
    """One kind of log line: at what levels it comes, and with what fields."""

    levels: set[str] = field(default_factory=set)
    fields: set[str] = field(default_factory=set)


def log_lines(sources: Iterable[Source]) -> dict[str, LogLine]:
    """Give every kind of log line by its name.

    Raises
    ------
    ValueError
        if a line's name is not a plain text: nobody could look for it.

    """
    found: dict[str, LogLine] = {}
    for source in sources:
        for call, levels in _calls(source):
            name = call.args[0] if call.args else None
            known = name.value if isinstance(name, ast.Constant) else None
            if not (plain := str(known or "")):
                raise ValueError(f"{source.path}:{call.lineno}: expected a log line's name as text")
            line = found.setdefault(plain, LogLine())
            line.levels |= {"error" if level == "exception" else level for level in levels}
            line.fields |= {word.arg for word in call.keywords if word.arg} - NOT_FIELDS
    return found


def _calls(source: Source) -> Iterator[tuple[ast.Call, set[str]]]:
    aliases = {
        target.id: levels
        for node in ast.walk(source.tree)
        if isinstance(node, ast.Assign) and (levels := _levels_in(node.value))
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    for node in ast.walk(source.tree):
        if not isinstance(node, ast.Call):
            continue
        if isinstance(node.func, ast.Name) and node.func.id in aliases:
            yield node, aliases[node.func.id]
        elif level := _level(node.func):
            yield node, {level}


def _levels_in(value: ast.expr) -> set[str]:
    """Give the levels among which an expression chooses: `log.error if bad else log.info`."""
    chosen = [value.body, value.orelse] if isinstance(value, ast.IfExp) else [value]
    return {level for each in chosen if (level := _level(each))}


def _level(node: ast.expr) -> str | None:
    if not isinstance(node, ast.Attribute) or node.attr not in LEVELS:
        return None
    return node.attr if isinstance(node.value, ast.Name) and node.value.id in LOGGERS else None
