"""What is published about the topics is what the code does."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import get_args

import jsonschema_rs
import msgspec
import pytest

from router.presence.asyncapi import document, encoded
from router.presence.topics import (
    PREFIX,
    ROUTER_AVAILABILITY,
    Heard,
    Sent,
    read_topic,
    topic_of,
)
from router.presence.words_in import RETAINED, SHAPES
from router.presence.words_out import EXPIRY_SECONDS, SENT, Brief, Offer
from tests.presence.broker import CONFIG, ROUTER

ROOT = Path(__file__).parents[2]
WORDS = (*get_args(Heard), *get_args(Sent))
RULE = re.compile(r"^(pattern|topic) (read|write|readwrite) (\S+)$", re.MULTILINE)


def test_the_contract_in_docs_is_that_of_the_code() -> None:
    kept = (ROOT / "docs/mqtt.json").read_text(encoding="utf-8")
    assert kept == encoded(document()), "run: make mqtt-contract"


def test_each_topic_is_in_the_contract_and_in_the_page() -> None:
    spec = document()
    addresses = {one["address"] for one in spec["channels"].values()}
    assert addresses == {
        ROUTER_AVAILABILITY,
        *(topic_of("{listener}", word) for word in WORDS),
    }
    page = (ROOT / "docs/mqtt.md").read_text(encoding="utf-8")
    assert all(f"`{word}`" in page for word in WORDS)
    assert set(EXPIRY_SECONDS) == set(SENT)


def test_every_reference_of_the_contract_leads_somewhere() -> None:
    spec = document()
    for reference in re.findall(r'"\$ref": "#/([^"]+)"', encoded(spec)):
        place = spec
        for step in reference.split("/"):
            place = place[step]


def test_the_contract_takes_what_the_code_takes_and_refuses_what_it_refuses() -> None:
    schemas = document()["components"]["schemas"]
    good: dict[str, object] = {"offer": "dcr-aa-1", "at": 1.5}
    bad: list[dict[str, object]] = [{**good, "offer": "x"}, {**good, "more": 1}, {"at": 1}]
    for fields in (good, *bad):
        schema = {"$ref": "#/components/schemas/Accept", "components": {"schemas": schemas}}
        assert jsonschema_rs.is_valid(schema, fields) is is_taken(fields)
    told = msgspec.json.decode(
        msgspec.json.encode(
            Offer("dcr-1", "ringing", 1.0, Brief("carers", "caller", known_caller=False))
        )
    )
    schema = {"$ref": "#/components/schemas/Offer", "components": {"schemas": schemas}}
    assert jsonschema_rs.is_valid(schema, told)


def is_taken(fields: dict[str, object]) -> bool:
    try:
        msgspec.json.decode(json.dumps(fields), type=SHAPES["accept"])
    except msgspec.ValidationError:
        return False
    return True


def test_the_brokers_rules_give_each_topic_to_one_side_and_nothing_else() -> None:
    text = (CONFIG / "acl").read_text(encoding="utf-8")
    assert text.count("\nuser ") == 1
    assert f"\nuser {ROUTER}\n" in text
    ours = {(right, topic) for kind, right, topic in RULE.findall(text) if kind == "topic"}
    theirs = {(right, topic) for kind, right, topic in RULE.findall(text) if kind == "pattern"}
    assert ours == {
        ("write", ROUTER_AVAILABILITY),
        *(("read", topic_of("+", word)) for word in get_args(Heard)),
        *(("write", topic_of("+", word)) for word in SENT),
    }
    writes = dict.fromkeys(get_args(Heard), "write")
    writes |= dict.fromkeys(RETAINED, "readwrite")
    assert theirs == {
        ("read", ROUTER_AVAILABILITY),
        *((writes[word], topic_of("%u", word)) for word in get_args(Heard)),
        *(("read", topic_of("%u", word)) for word in SENT),
    }


@pytest.mark.parametrize(
    "topic",
    [
        "",
        PREFIX,
        f"{PREFIX}/listener/anne",
        f"{PREFIX}/listener/anne/offer",
        f"{PREFIX}/listener/anne/state/more",
        "decroche/v2/listener/anne/state",
        "x/decroche/v1/listener/anne",
    ],
)
def test_a_topic_that_apps_do_not_publish_on_is_none(topic: str) -> None:
    assert read_topic(topic) is None
