"""The OpenAPI document, made from the shapes and the table of problems."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import msgspec

from router.version import VERSION
from router.web.api.body import JSON
from router.web.api.ids import LONGEST_ID_CHARACTERS
from router.web.api.problem import KINDS, MEDIA_TYPE, POINTERS
from router.web.api.promises import KEY_HEADER, KEY_PATTERN, PATH
from router.web.api.shape import NewPromise, ProblemDetails, Promise

SPEC_PATH: Final = "/v1/openapi.json"

Node = dict[str, Any]
"""A part of the document, which is JSON."""

_REFERENCE: Final = "#/components/schemas/{name}"

_ALWAYS: Final = ("bad_request", "no_token", "too_many", "failed", "busy")
"""What may be answered to whatever is asked here."""

_OF_A_BODY: Final = ("bad_json", "too_slow", "too_large", "not_json", "invalid", *POINTERS)
_OF_A_KEY: Final = ("bad_key", "in_progress", "other_body")

_ABOUT: Final = (
    "A caller who is on your site or in your app asks to be called back, and the helpline's "
    "listeners do so. Nothing is answered before the promise is on disk. Ask from your server, "
    "never from a browser: whoever has the token can have anybody rung."
)


def document() -> Node:
    """Give the document."""
    shapes = (NewPromise, Promise, ProblemDetails)
    _, schemas = msgspec.json.schema_components(shapes, ref_template=_REFERENCE)
    return {
        "openapi": "3.1.0",
        "info": {"title": "decroche", "version": VERSION, "description": _ABOUT},
        "security": [{"token": []}],
        "paths": {
            PATH: {"post": _add()},
            f"{PATH}/{{id}}": {"parameters": [_ID], "get": _show(), "delete": _cancel()},
        },
        "components": {
            "schemas": schemas,
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
        },
    }


def encoded(spec: Node) -> bytes:
    """Give a document as it is served."""
    return msgspec.json.format(msgspec.json.encode(spec), indent=2)


_SEE, _CANCEL = "seeCallBack", "cancelCallBack"

_ID: Final[Node] = {
    "name": "id",
    "in": "path",
    "required": True,
    "description": "As it was answered to you; another client's id is nothing to you.",
    "schema": {"type": "string", "minLength": 1, "maxLength": LONGEST_ID_CHARACTERS},
}

_KEY: Final[Node] = {
    "name": KEY_HEADER,
    "in": "header",
    "required": True,
    "description": (
        "A new one, such as a UUID, for each call-back that is asked for. Sent again with the same "
        "body within a day, it gets the same answer and nothing is done twice: so repeat a request "
        "of which you have heard nothing."
    ),
    "schema": {"type": "string", "pattern": f"^{KEY_PATTERN}$"},
}


def _add() -> Node:
    return {
        "operationId": "askForCallBack",
        "summary": "Ask for a call-back.",
        "parameters": [_KEY],
        "requestBody": {"required": True, "content": _content(NewPromise, JSON)},
        "responses": {
            "201": {
                "description": "It is promised, and on disk.",
                "headers": {"Location": {"required": True, "schema": {"type": "string"}}},
                "content": _content(Promise, JSON),
                "links": {name: _link(name) for name in (_SEE, _CANCEL)},
            },
            **_problems(*_OF_A_BODY, *_OF_A_KEY, "not_stored"),
        },
    }


def _show() -> Node:
    return {
        "operationId": _SEE,
        "summary": "See how a call-back stands.",
        "responses": {
            "200": {"description": "How it stands.", "content": _content(Promise, JSON)},
            **_problems("not_found"),
        },
    }


def _cancel() -> Node:
    return {
        "operationId": _CANCEL,
        "summary": "Cancel a call-back, as the caller's own wish. Tell them the same whatever "
        "comes of it: a refusal shows that they were promised something in another way too.",
        "responses": {
            "204": {"description": "It is cancelled, now or before."},
            **_problems("not_found", "not_now", "owed_elsewhere", "not_stored"),
        },
    }


def _link(operation: str) -> Node:
    return {"operationId": operation, "parameters": {"id": "$response.body#/id"}}


def _problems(*further: str) -> Node:
    kinds = [KINDS[name] for name in (*_ALWAYS, *further)]
    found: Node = {}
    for status in sorted({kind.status for kind in kinds}):
        titles = ". ".join(kind.title for kind in kinds if kind.status == status)
        found[str(status)] = {
            "description": f"{titles}.",
            "headers": _HEADERS.get(status, {}),
            "content": _content(ProblemDetails, MEDIA_TYPE),
        }
    return found


_HEADERS: Final[Mapping[int, Node]] = {
    401: {"WWW-Authenticate": {"required": True, "schema": {"type": "string"}}},
    429: {
        "Retry-After": {
            "required": True,
            "description": "Seconds.",
            "schema": {"type": "integer", "minimum": 1},
        }
    },
}


def _content(shape: type[msgspec.Struct], media_type: str) -> Node:
    return {media_type: {"schema": {"$ref": _REFERENCE.format(name=shape.__name__)}}}
