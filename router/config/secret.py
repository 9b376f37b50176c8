"""Secrets live in files of their own or in the environment, never in the configuration."""

from __future__ import annotations

import os
import stat
from collections.abc import Mapping
from pathlib import Path

from msgspec import Struct

from router.config.settings import Settings
from router.errors import ConfigError

HOW_TO_MAKE_ONE = "make one with: (umask 077; openssl rand -base64 48 > FILE)"

_LONGEST_BYTES = 4096


class Secret(Struct, frozen=True):
    """Where a secret is to be found; not the secret itself."""

    what: str
    variable: str
    path: Path | None
    least_bytes: int

    def load(self, environment: Mapping[str, str] = os.environ) -> bytes:
        """Read the secret from the environment, or else from its file.

        Raises
        ------
        ConfigError
            if there is none, it is too short, holds control characters, or the group or others
            may touch its file.

        """
        given = environment.get(self.variable)
        if given:
            return self._checked(os.fsencode(given), self.variable)
        if self.path is None:
            raise ConfigError(
                f"{self.what}: expected a file in the config, or {self.variable}; {HOW_TO_MAKE_ONE}"
            )
        return self._checked(self._read(self.path), str(self.path))

    def _read(self, path: Path) -> bytes:
        try:
            with path.open("rb") as file:
                mode = os.fstat(file.fileno()).st_mode
                if mode & (stat.S_IRWXG | stat.S_IRWXO):
                    raise ConfigError(
                        f"{path}: {self.what}: expected mode 0600, got {mode & 0o777:04o}; "
                        f"mend it with: chmod 600 {path}"
                    )
                return file.read(_LONGEST_BYTES)
        except OSError as error:
            problem = f"{path}: {self.what}: cannot be read: {error.strerror}"
            raise ConfigError(f"{problem}; {HOW_TO_MAKE_ONE}") from error

    def _checked(self, secret: bytes, where: str) -> bytes:
        secret = secret.rstrip(b"\r\n")
        if len(secret) < self.least_bytes:
            raise ConfigError(
                f"{where}: {self.what}: expected at least {self.least_bytes} bytes, "
                f"got {len(secret)}; {HOW_TO_MAKE_ONE}"
            )
        if any(byte < ord(" ") for byte in secret):
            raise ConfigError(f"{where}: {self.what}: expected one line of text")
        return secret


def ami_secret(settings: Settings) -> Secret:
    """Tell where the password of the manager account is."""
    return Secret("AMI secret", "DECROCHE_AMI_SECRET", settings.asterisk.secret_file, 12)


def caller_secret(settings: Settings) -> Secret:
    """Tell where the key of the callers' hashes is."""
    path = settings.secrets.caller_hash_file
    return Secret("caller secret", "DECROCHE_CALLER_SECRET", path, 32)


def dialplan_secret(settings: Settings) -> Secret:
    """Tell where the secret shared with the dialplan is."""
    path = settings.secrets.dialplan_file
    return Secret("dialplan secret", "DECROCHE_DIALPLAN_SECRET", path, 32)
