"""As whom the doctor looks: root finds well what the daemon's own user may not read."""

from __future__ import annotations

import os
import pwd
import stat
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Final, NamedTuple

from msgspec.structs import astuple

from router.config import Settings
from router.doctor.finding import Verdict, fail, fine, skip

DAEMON_USER: Final = "decroche"
"""As config/systemd/decroche.service has it."""

READ: Final = 4
WRITE: Final = 2
ENTER: Final = 1
_BITS_OF_ONE: Final = 3
"""A mode has so many bits each for owner, group and others."""


class Account(NamedTuple):
    """Somebody of this machine, and their groups."""

    name: str
    number: int
    groups: frozenset[int]

    def may(self, path: Path, wanted: int) -> bool:
        """Say whether a path is open to them, with every folder above it; ACLs are not looked at.

        Raises
        ------
        OSError
            if it is not there.

        """
        above = all(self._may(folder, ENTER) for folder in path.absolute().parents)
        return above and self._may(path, wanted)

    def _may(self, path: Path, wanted: int) -> bool:
        status = path.stat()
        mode = stat.S_IMODE(status.st_mode)
        if status.st_uid == self.number:
            mode >>= 2 * _BITS_OF_ONE
        elif status.st_gid in self.groups:
            mode >>= _BITS_OF_ONE
        return mode & wanted == wanted


def check_user(settings: Settings) -> Verdict:
    """Say as whom we look; as root, see what the user of the unit may do."""
    if os.geteuid() != 0:
        return fine(f"we look as {_my_name()}")
    try:
        found = pwd.getpwnam(DAEMON_USER)
    except KeyError:
        return skip(
            f"we look as root, who may read and write everything; no user is named {DAEMON_USER}",
            "look as the user whom the daemon is run as",
        )
    groups = frozenset(os.getgrouplist(found.pw_name, found.pw_gid))
    return judge_user(settings, Account(found.pw_name, found.pw_uid, groups))


def judge_user(settings: Settings, account: Account) -> Verdict:
    """Say which of the daemon's files are closed to the account that is to use them."""
    if closed := list(_closed(settings, account)):
        return fail(
            "\n".join(closed),
            f"chgrp {account.name} and chmod 0640 the configuration (0750 its folder); chown "
            f"{account.name}: what else is named here",
        )
    return fine(f"we look as root; {account.name} may read and write what it has to")


def _closed(settings: Settings, account: Account) -> Iterator[str]:
    for path in _to_be_read(settings):
        if path.exists() and not account.may(path, READ):
            yield f"{path}: {account.name} may not read it"
    state = settings.store.state_dir
    if state.exists() and not account.may(state, READ | WRITE | ENTER):
        yield f"{state}: {account.name} may not write there"


def _to_be_read(settings: Settings) -> Iterator[Path]:
    """Name the files of the configuration; it has just been read, so that it can be."""
    main = tomllib.loads(settings.path.read_text(encoding="utf-8"))
    yield settings.path
    yield settings.path.parent / main["listeners_file"]
    named = (settings.directory_file, settings.asterisk.secret_file, *astuple(settings.secrets))
    yield from (one for one in named if isinstance(one, Path))


def _my_name() -> str:
    try:
        return pwd.getpwuid(os.geteuid()).pw_name
    except KeyError:
        return f"user {os.geteuid()}"
