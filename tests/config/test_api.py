from __future__ import annotations

import pytest

from router.config.api_tables import Api, ApiClient
from tests.config.trees import Tree

HASH = "ab" * 32
OTHER_HASH = "cd" * 32

CALLS_BACK = '[asterisk]\ncallers_endpoint = "PJSIP/{number}@trunk"\n\n[lines.carers.call_back]\n'


def serving(tree: Tree, api: str, calls_back: str = CALLS_BACK) -> Tree:
    tree.spoil("[[lines.carers.ladder]]", f"{calls_back}\n{api}\n[[lines.carers.ladder]]")
    return tree


def client(name: str, token_sha256: str = HASH, more: str = "") -> str:
    return f'[api.clients.{name}]\ntoken_sha256 = "{token_sha256}"\n{more}\n'


def test_nobody_can_ask_over_http_unless_the_config_says_so(tree: Tree) -> None:
    assert tree.load().api is None


def test_a_client_needs_only_a_name_and_the_hash_of_its_token(tree: Tree) -> None:
    assert serving(tree, client("site")).load().api == Api({"site": ApiClient(HASH, 30)}, 8078, 120)


def test_port_and_limits_can_be_set(tree: Tree) -> None:
    api = "[api]\nport = 9000\nrequests_a_minute = 500\n"
    api += client("site", more="requests_a_minute = 400")
    assert serving(tree, api).load().api == Api({"site": ApiClient(HASH, 400)}, 9000, 500)


@pytest.mark.parametrize(
    ("api", "problem"),
    [
        ("[api]\nport = 9000\n", "api.clients: missing"),
        ("[api.clients]\n", "api.clients: expected at least one client"),
        ("[api]\nport = 8077\n" + client("site"), "api.port: web.port is the same"),
        (
            client("site") + client("app"),
            "api.clients.app.token_sha256: api.clients.site has the same",
        ),
        (client("stranger"), "api.clients.stranger: expected another name"),
        (
            client("site", more="requests_a_minute = 0"),
            (
                "api.clients.site.requests_a_minute: expected a number of requests from 1 to "
                "100000, got 0"
            ),
        ),
    ],
)
def test_what_does_not_fit_together_is_refused(tree: Tree, api: str, problem: str) -> None:
    assert serving(tree, api).problems() == [f"decroche.toml: {problem}"]


def test_a_token_in_place_of_its_hash_is_refused_and_not_shown(tree: Tree) -> None:
    (problem,) = serving(tree, client("site", "the token itself")).problems()
    assert problem == (
        "decroche.toml: api.clients.site.token_sha256: "
        "expected what 'decroche token' prints as token_sha256, got a text"
    )


def test_where_no_line_calls_back_there_is_nothing_to_ask_for(tree: Tree) -> None:
    (problem,) = serving(tree, client("site"), calls_back="").problems()
    assert problem == (
        "decroche.toml: api: expected a line that calls back, by a table [lines.NAME.call_back]"
    )
