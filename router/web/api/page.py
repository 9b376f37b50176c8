"""The OpenAPI document as a page to be read: one file, nothing fetched from anywhere."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from html import escape
from typing import Final

from router.web.api.limits import STRANGERS_A_MINUTE
from router.web.api.openapi import SPEC_PATH, Node
from router.web.api.problem import KINDS
from router.web.api.promises import KEY_HEADER, PATH

_STYLE: Final = """
:root { color-scheme: light dark; }
body { font: 1rem/1.5 system-ui, sans-serif; max-width: 52rem; margin: 2rem auto; padding: 0 1rem; }
h1, h2, h3 { line-height: 1.2; }
h2 { margin-top: 2.5rem; }
code, pre { font: .9em ui-monospace, monospace; }
pre { padding: 1rem; overflow-x: auto; border: 1px solid #8888; border-radius: .4rem; }
table { border-collapse: collapse; width: 100%; }
th, td { text-align: left; vertical-align: top; padding: .35rem .6rem .35rem 0;
  border-bottom: 1px solid #8884; }
:target { outline: 2px solid; }
"""

_EXAMPLE: Final = f"""curl https://HOST{PATH} \\
  -H 'Authorization: Bearer TOKEN' \\
  -H '{KEY_HEADER}: 4f9d0c0a-8f3e-4c55-9d2b-0a6f6a3d7f10' \\
  -H 'Content-Type: application/json' \\
  -d '{{"number": "0639980001", "line": "health"}}'"""


_ABOUT_PROBLEMS: Final = (
    "Each is an <code>application/problem+json</code> (RFC 9457), whose <code>type</code> points "
    "here. None repeats what was sent. All who show no token may together ask "
    f"{STRANGERS_A_MINUTE} times a minute. A <code>Retry-After</code>, in seconds, tells when to "
    "try again; where nothing was heard at all, try again under the same key."
)


def html(spec: Node) -> str:
    """Give the page."""
    about = spec["info"]
    parts = [
        f"<h1>{escape(about['title'])} {escape(about['version'])}: call-backs</h1>",
        f"<p>{escape(about['description'])}</p>",
        f"<p>The same for machines: <a href='{SPEC_PATH}'>OpenAPI 3.1</a>.</p>",
        f"<pre>{escape(_EXAMPLE)}</pre>",
        *_operations(spec),
        "<h2>Shapes</h2>",
        *_shapes(spec["components"]["schemas"]),
        "<h2>Problems</h2>",
        f"<p>{_ABOUT_PROBLEMS}</p>",
        _table(
            ["problem", "status", "meaning"],
            (
                (f"<td id='{name}'><code>{name}</code></td>", str(kind.status), kind.title)
                for name, kind in KINDS.items()
            ),
        ),
    ]
    return (
        "<!doctype html>\n<html lang='en'><head><meta charset='utf-8'>"
        "<meta name='viewport' content='width=device-width'>"
        f"<title>decroche: call-backs</title><style>{_STYLE}</style></head>\n"
        f"<body>{''.join(parts)}</body></html>\n"
    )


def _operations(spec: Node) -> Iterator[str]:
    for path, methods in spec["paths"].items():
        shared = methods.get("parameters", [])
        for method, operation in methods.items():
            if method == "parameters":
                continue
            yield f"<h2><code>{method.upper()} {escape(path)}</code></h2>"
            yield f"<p>{escape(operation['summary'])}</p>"
            if "requestBody" in operation:
                yield f"<p>Its body is a {_shape_of(operation['requestBody'])}.</p>"
            parameters = [*shared, *operation.get("parameters", [])]
            yield _table(
                ["parameter", "in", "meaning"],
                (
                    (_code(one["name"]), escape(one["in"]), escape(one["description"]))
                    for one in parameters
                ),
            )
            yield _table(
                ["answer", "meaning"],
                (
                    (_code(status), escape(answer["description"]) + _with(answer))
                    for status, answer in operation["responses"].items()
                ),
            )


def _shapes(schemas: Node) -> Iterator[str]:
    for name, schema in schemas.items():
        yield f"<h3 id='{escape(name)}'>{escape(name)}</h3>"
        yield f"<p>{escape(schema.get('description', ''))}</p>"
        required = schema.get("required", [])
        yield _table(
            ["field", "kind", "meaning"],
            (
                (
                    _code(field),
                    escape(_kind(what)) + ("" if field in required else ", optional"),
                    escape(_meaning(what)),
                )
                for field, what in schema["properties"].items()
            ),
        )


def _with(answer: Node) -> str:
    return f" With a {_shape_of(answer)}." if "content" in answer else ""


def _shape_of(holder: Node) -> str:
    (content,) = holder["content"].values()
    name = _kind(content["schema"])
    return f"<a href='#{name}'>{name}</a>"


def _kind(schema: Node) -> str:
    if "$ref" in schema:
        return str(schema["$ref"]).rpartition("/")[2]
    if "anyOf" in schema:
        return " or ".join(_kind(one) for one in schema["anyOf"])
    if "enum" in schema:
        return " | ".join(schema["enum"])
    return str(schema.get("format") or schema.get("type", ""))


def _meaning(schema: Node) -> str:
    return str(schema.get("description", ""))


def _table(head: Iterable[str], rows: Iterable[tuple[str, ...]]) -> str:
    titles = "".join(f"<th>{title}</th>" for title in head)
    return f"<table><tr>{titles}</tr>{''.join(map(_row, rows))}</table>"


def _row(cells: tuple[str, ...]) -> str:
    return f"<tr>{''.join(map(_cell, cells))}</tr>"


def _cell(content: str) -> str:
    return content if content.startswith("<td") else f"<td>{content}</td>"


def _code(text: str) -> str:
    return f"<code>{escape(text)}</code>"
