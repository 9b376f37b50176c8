from __future__ import annotations

from pathlib import Path

import pytest

from router.config.secret import wallboard_secret
from router.errors import ConfigError
from router.runtime.secrets import load_secrets
from tests.config.trees import Tree

TOKEN = "a token of this test, and of no site at all"


def guarded(tree: Tree, keys: str) -> Tree:
    tree.spoil("[lines.carers]", f"[web.wallboard]\n{keys}\n\n[lines.carers]")
    return tree


@pytest.fixture(autouse=True)
def no_token_here(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DECROCHE_WALLBOARD_SECRET", raising=False)


def test_a_wallboard_has_no_token_unless_one_is_given(tree: Tree) -> None:
    settings = tree.load()
    assert wallboard_secret(settings) is None
    assert settings.web.wallboard.proxy_header is None


def test_its_token_is_in_a_file_of_its_own_or_in_the_environment(
    tree: Tree, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "wallboard.secret"
    path.touch(mode=0o600)
    path.write_text(f"{TOKEN}\n")
    settings = guarded(tree, 'token_file = "wallboard.secret"').load()
    secret = wallboard_secret(settings)
    assert secret is not None
    assert secret.load() == TOKEN.encode()
    monkeypatch.setenv("DECROCHE_WALLBOARD_SECRET", TOKEN[::-1])
    assert secret.load() == TOKEN[::-1].encode()


def test_a_token_that_could_be_guessed_is_refused_at_the_start(
    tree: Tree, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "wallboard.secret"
    path.touch(mode=0o600)
    path.write_text("helpline")
    for name in ("AMI", "CALLER", "DIALPLAN"):
        monkeypatch.setenv(f"DECROCHE_{name}_SECRET", TOKEN)
    settings = guarded(tree, 'token_file = "wallboard.secret"').load()
    # All secrets are read before anything is done that stops another daemon.
    with pytest.raises(ConfigError, match="wallboard token: expected at least 32 bytes"):
        load_secrets(settings)


def test_a_header_that_is_none_is_refused(tree: Tree) -> None:
    (problem,) = guarded(tree, 'proxy_header = "X-User: anne"').problems()
    assert problem.startswith("decroche.toml: web.wallboard.proxy_header: expected the name of an")


@pytest.mark.parametrize(
    "host", ["https://wall.example", "wall.example:443", "*", "wall.example/", "", "::1"]
)
def test_a_name_by_which_nobody_can_ask_is_refused(tree: Tree, host: str) -> None:
    tree.spoil("[lines.carers]", f'[web]\nhosts = ["wall.example", "{host}"]\n\n[lines.carers]')
    (problem,) = tree.problems()
    assert problem.startswith("decroche.toml: web.hosts[1]: expected a host name like 'wallboard.")
