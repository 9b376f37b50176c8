"""A number can be read with its key and the master key, and never again once its key is gone."""

from __future__ import annotations

import os
import resource
import stat
from pathlib import Path

import pytest

from router.errors import StoreError
from router.store.data_keys import DataKeys
from router.store.master_keys import MasterKeys
from router.store.number_vault import NumberVault, SealedNumber

MASTER = b"a master key of this test, and of no site"
NEXT_MASTER = b"the next master key, which replaces that one"
NUMBER = "+33639980042"


def keys_in(folder: Path, masters: MasterKeys | None = None) -> DataKeys:
    keys = DataKeys(folder / "keys", masters or MasterKeys(MASTER))
    keys.prepare()
    return keys


@pytest.fixture
def vault(tmp_path: Path) -> NumberVault:
    return NumberVault(keys_in(tmp_path))


def test_a_number_comes_back_as_it_was(vault: NumberVault) -> None:
    assert vault.open(vault.seal(NUMBER)) == NUMBER


def test_nothing_that_is_kept_shows_a_number_or_how_long_it_is(
    vault: NumberVault, tmp_path: Path
) -> None:
    sealed = [vault.seal(number) for number in (NUMBER, NUMBER[:9], NUMBER)]
    kept = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    kept += b"".join(one.sealed for one in sealed)
    assert NUMBER[-9:].encode() not in kept
    assert len({len(one.sealed) for one in sealed}) == 1
    assert len({one.sealed for one in sealed}) == 3


def test_each_number_has_a_key_of_its_own_that_only_its_owner_can_read(
    vault: NumberVault, tmp_path: Path
) -> None:
    names = {vault.seal(NUMBER).key for _ in range(3)}
    assert vault.held() == names
    files = [tmp_path / "keys" / name for name in names]
    assert {stat.S_IMODE(path.stat().st_mode) for path in files} == {0o600}
    assert stat.S_IMODE((tmp_path / "keys").stat().st_mode) == 0o700


def test_the_folder_of_the_keys_asks_backup_programs_to_leave_it_out(tmp_path: Path) -> None:
    keys_in(tmp_path)
    tag = (tmp_path / "keys" / "CACHEDIR.TAG").read_text(encoding="ascii")
    assert tag.startswith("Signature: 8a477f597d28d172789f06886806bc55\n")


def test_an_erased_number_is_gone_for_everybody_who_has_the_rest(
    vault: NumberVault, tmp_path: Path
) -> None:
    kept, erased = vault.seal(NUMBER), vault.seal(NUMBER)
    vault.erase([erased.key])
    assert vault.open(erased) is None
    assert vault.open(kept) == NUMBER
    assert not (tmp_path / "keys" / erased.key).exists()
    vault.erase([erased.key])


def test_a_key_is_overwritten_before_it_is_unlinked(vault: NumberVault, tmp_path: Path) -> None:
    sealed = vault.seal(NUMBER)
    path = tmp_path / "keys" / sealed.key
    wrapped = path.read_bytes()
    os.link(path, tmp_path / "the same blocks on the disk")
    vault.erase([sealed.key])
    assert (tmp_path / "the same blocks on the disk").read_bytes() != wrapped


def test_a_number_without_the_right_master_key_is_not_read(tmp_path: Path) -> None:
    sealed = NumberVault(keys_in(tmp_path)).seal(NUMBER)
    stranger = NumberVault(keys_in(tmp_path, MasterKeys(NEXT_MASTER)))
    with pytest.raises(StoreError, match="vault_before_file"):
        stranger.open(sealed)


def test_one_numbers_key_does_not_open_another_under_its_name(
    vault: NumberVault, tmp_path: Path
) -> None:
    one, other = vault.seal(NUMBER), vault.seal("+33639980043")
    (tmp_path / "keys" / one.key).write_bytes((tmp_path / "keys" / other.key).read_bytes())
    with pytest.raises(StoreError, match="another name"):
        vault.open(one)
    with pytest.raises(StoreError, match="damaged"):
        vault.open(SealedNumber(other.key, vault.seal(NUMBER).sealed))


@pytest.mark.parametrize("name", ["", "..", "../../etc/passwd", "x" * 32, "A" * 32, "0" * 33])
def test_a_record_cannot_name_another_file(vault: NumberVault, tmp_path: Path, name: str) -> None:
    other = tmp_path / "passwd"
    other.write_text("kept")
    assert vault.open(SealedNumber(name, b"x" * 44)) is None
    vault.erase([name, "../passwd"])
    assert other.read_text() == "kept"


def test_a_new_master_key_takes_the_place_of_the_old_one_which_opens_nothing_then(
    tmp_path: Path,
) -> None:
    old = NumberVault(keys_in(tmp_path))
    sealed = [old.seal(NUMBER) for _ in range(3)]
    old.erase([sealed[2].key])
    both = keys_in(tmp_path, MasterKeys(NEXT_MASTER, MASTER))
    assert NumberVault(both).open(sealed[0]) == NUMBER
    assert both.rewrap() == 2
    assert both.rewrap() == 0
    new = NumberVault(keys_in(tmp_path, MasterKeys(NEXT_MASTER)))
    assert [new.open(one) for one in sealed] == [NUMBER, NUMBER, None]
    with pytest.raises(StoreError):
        old.open(sealed[0])


def test_the_old_wrapping_is_overwritten_too(tmp_path: Path) -> None:
    sealed = NumberVault(keys_in(tmp_path)).seal(NUMBER)
    path = tmp_path / "keys" / sealed.key
    wrapped = path.read_bytes()
    os.link(path, tmp_path / "the same blocks on the disk")
    keys_in(tmp_path, MasterKeys(NEXT_MASTER, MASTER)).rewrap()
    assert (tmp_path / "the same blocks on the disk").read_bytes() != wrapped


def test_a_rotation_that_died_half_way_is_taken_up_again(tmp_path: Path) -> None:
    sealed = NumberVault(keys_in(tmp_path)).seal(NUMBER)
    (tmp_path / "keys" / f"{sealed.key}.begun").write_bytes(b"half")
    both = keys_in(tmp_path, MasterKeys(NEXT_MASTER, MASTER))
    assert both.names() == {sealed.key}
    assert both.rewrap() == 1
    assert NumberVault(both).open(sealed) == NUMBER


def rotation_dies(folder: Path, monkeypatch: pytest.MonkeyPatch) -> DataKeys:
    """Have a rotation die between writing a key anew and putting it in the old one's place."""

    def die(_begun: Path, _target: Path) -> None:
        raise KeyboardInterrupt

    both = keys_in(folder, MasterKeys(NEXT_MASTER, MASTER))
    with monkeypatch.context() as death:
        death.setattr(Path, "replace", die)
        with pytest.raises(KeyboardInterrupt):
            both.rewrap()
    return both


def test_no_copy_of_a_key_from_a_rotation_that_died_outlives_its_erasure(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sealed = NumberVault(keys_in(tmp_path)).seal(NUMBER)
    both = rotation_dies(tmp_path, monkeypatch)
    os.link(tmp_path / "keys" / f"{sealed.key}.begun", tmp_path / "the same blocks on the disk")
    NumberVault(both).erase([sealed.key])
    assert both.names() == set()
    assert not list((tmp_path / "keys").glob(f"{sealed.key}*"))
    (tmp_path / "the same blocks on the disk").rename(tmp_path / "keys" / sealed.key)
    with pytest.raises(StoreError):
        NumberVault(both).open(sealed)


def test_what_a_rotation_that_died_has_left_is_gone_at_the_next_start(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sealed = NumberVault(keys_in(tmp_path)).seal(NUMBER)
    rotation_dies(tmp_path, monkeypatch)
    both = keys_in(tmp_path, MasterKeys(NEXT_MASTER, MASTER))
    assert not list((tmp_path / "keys").glob("*.begun"))
    assert NumberVault(both).open(sealed) == NUMBER


def test_a_number_whose_key_cannot_be_written_is_not_sealed(vault: NumberVault) -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, hard))
    try:
        with pytest.raises(OSError, match="File too large"):
            vault.seal(NUMBER)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert vault.open(vault.seal(NUMBER)) == NUMBER


def test_secrets_are_in_no_representation() -> None:
    masters = MasterKeys(MASTER)
    assert repr(masters) == "MasterKeys(...)"
    assert not hasattr(masters, "__dict__")


def test_a_folder_that_is_there_already_is_not_written_to(tmp_path: Path) -> None:
    keys_in(tmp_path)
    tag = tmp_path / "keys" / "CACHEDIR.TAG"
    before = tag.stat().st_mtime_ns
    keys_in(tmp_path)
    assert tag.stat().st_mtime_ns == before
