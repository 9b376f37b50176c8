"""A new master key, on the command line."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from router.control.promises import rotate
from router.errors import ConfigError, StoreError
from router.store.data_keys import DataKeys, keys_folder
from router.store.master_keys import MasterKeys
from router.store.number_vault import NumberVault
from tests.config.trees import Tree

OLD = b"the master key of last year, 32 bytes and more"
NEW = b"the master key of this year, 32 bytes and more"
NUMBER = "+33639980042"
NOBODY = 65534

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="root alone can give files away")


@pytest.fixture
def site(tmp_path: Path) -> Tree:
    tree = Tree(tmp_path)
    secrets = f'[store]\nstate_dir = "{tmp_path}"\n\n[secrets]\nvault_file = "new"\n'
    tree.spoil("[pools]", f'{secrets}vault_before_file = "old"\n\n[pools]')
    for name, secret in (("old", OLD), ("new", NEW)):
        (tmp_path / name).touch(mode=0o600)
        (tmp_path / name).write_bytes(secret)
    return tree


def vault(folder: Path, *masters: bytes) -> NumberVault:
    keys = DataKeys(keys_folder(folder), MasterKeys(*masters))
    keys.prepare()
    return NumberVault(keys)


def test_after_it_the_old_master_key_is_not_needed_and_opens_nothing(
    site: Tree, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    sealed = [vault(tmp_path, OLD).seal(NUMBER) for _ in range(2)]
    rotate(config=site.path)
    assert capsys.readouterr().out == "2 keys wrapped anew\n"
    assert [vault(tmp_path, NEW).open(one) for one in sealed] == [NUMBER, NUMBER]
    with pytest.raises(StoreError):
        vault(tmp_path, OLD).open(sealed[0])
    rotate(config=site.path)
    assert capsys.readouterr().out == "0 keys wrapped anew\n"


def test_where_no_number_was_ever_kept_there_is_nothing_to_do(
    site: Tree, capsys: pytest.CaptureFixture[str]
) -> None:
    rotate(config=site.path)
    assert capsys.readouterr().out == "0 keys wrapped anew\n"


def test_without_the_key_before_nothing_is_touched_and_that_is_said(
    site: Tree, tmp_path: Path
) -> None:
    sealed = vault(tmp_path, OLD).seal(NUMBER)
    site.spoil('vault_before_file = "old"', "")
    with pytest.raises(StoreError, match="vault_before_file"):
        rotate(config=site.path)
    assert vault(tmp_path, OLD).open(sealed) == NUMBER


def test_a_master_key_that_others_can_read_is_refused(site: Tree, tmp_path: Path) -> None:
    (tmp_path / "old").chmod(0o644)
    with pytest.raises(ConfigError, match="expected mode 0600"):
        rotate(config=site.path)


def test_who_is_not_the_keys_owner_is_sent_to_them_and_nothing_is_touched(
    site: Tree, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    vault(tmp_path, OLD).seal(NUMBER)
    before = kept_in(keys_folder(tmp_path))
    monkeypatch.setattr(os, "geteuid", lambda: NOBODY)
    with pytest.raises(StoreError, match=r"belongs to .*, and nothing was touched; run this as"):
        rotate(config=site.path)
    assert kept_in(keys_folder(tmp_path)) == before


@as_root
def test_a_key_that_root_makes_and_the_lock_are_the_folders_owners(tmp_path: Path) -> None:
    folder = keys_folder(tmp_path)
    keys = vault(tmp_path, OLD)
    os.chown(folder, NOBODY, NOBODY)
    keys.open(keys.seal(NUMBER))
    DataKeys(folder, MasterKeys(OLD)).destroy([])
    made = [one for one in folder.iterdir() if one.name != "CACHEDIR.TAG"]
    assert len(made) >= 2
    assert {one.stat().st_uid for one in made} == {NOBODY}
    assert {one.stat().st_gid for one in made} == {NOBODY}


def kept_in(folder: Path) -> dict[str, bytes]:
    return {one.name: one.read_bytes() for one in folder.iterdir()}
