"""A store of the site's own: its address, and how many replicas it has to have."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.config.trees import Tree

Refusal = Callable[[str, str], list[str]]


@pytest.mark.parametrize(
    "address",
    [
        "redis://:pw@host:notaport/0",
        "redis://host:99999/0",
        "redis://[",
        "redis://host/0?foo=bar",
        "redis://host/0?db=x",
        "redis://host/0?retry=3",
        "rediss://host/0?ssl_cert_reqs=bad",
        "unix:///run/redis.sock?host=other",
        "http://host",
        "host:6379",
        "",
    ],
)
def test_an_address_that_no_client_can_go_by_is_refused(refusal: Refusal, address: str) -> None:
    assert refusal("[pools]", f'[store]\nredis_url = "{address}"\n[pools]') == [
        "decroche.toml: store.redis_url: expected an address like 'redis://127.0.0.1:6379/0'"
    ]


@pytest.mark.parametrize(
    "address",
    [
        "redis://:pw@[::1]:6379/2",
        "redis://host",
        "rediss://name:pw@host/0?ssl_cert_reqs=required",
        "unix:///run/redis.sock?db=1",
    ],
)
def test_an_address_that_a_client_can_go_by_is_kept_as_it_is(tree: Tree, address: str) -> None:
    tree.spoil("[pools]", f'[store]\nredis_url = "{address}"\n[pools]')

    assert tree.load().store.redis_url == address


def test_replicas_may_be_asked_for_beside_a_store_of_ones_own(tree: Tree) -> None:
    own = '[store]\nreplicas_acknowledge = 2\nredis_url = "redis://127.0.0.1/0"\n[pools]'
    tree.spoil("[pools]", own)

    assert tree.load().store.replicas_acknowledge == 2
