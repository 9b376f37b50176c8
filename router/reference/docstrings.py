"""What the code says of a field, in the docstring below it."""

from __future__ import annotations

import ast
import inspect
import sys
from functools import cache
from itertools import pairwise


@cache
def of_fields(shape: type) -> dict[str, str]:
    """Give each field of a class that has a docstring, with that on one line."""
    said: dict[str, str] = {}
    for field, words in pairwise(_body(shape)):
        if (
            isinstance(field, ast.AnnAssign)
            and isinstance(field.target, ast.Name)
            and isinstance(words, ast.Expr)
            and isinstance(words.value, ast.Constant)
        ):
            said[field.target.id] = " ".join(str(words.value.value).split())
    return said


def of_class(shape: type) -> str:
    """Give what a class says of itself, on one line."""
    return " ".join((inspect.getdoc(shape) or "").split())


def _body(shape: type) -> list[ast.stmt]:
    module = ast.parse(inspect.getsource(sys.modules[shape.__module__]))
    classes = (one for one in module.body if isinstance(one, ast.ClassDef))
    return next(one.body for one in classes if one.name == shape.__name__)
