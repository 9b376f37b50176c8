"""Secrets are credentials, files of their own, or in the environment; the config has none."""

from __future__ import annotations

import os
import stat
from collections.abc import Mapping
from pathlib import Path

from msgspec import Struct

from router.config.settings import Settings
from router.errors import ConfigError

HOW_TO_MAKE_ONE = "make one with: (umask 077; openssl rand -base64 48 > FILE)"

CREDENTIALS_DIRECTORY = "CREDENTIALS_DIRECTORY"
"""In this variable systemd tells where it has put what LoadCredential= asked for."""

_LONGEST_BYTES = 4096


class Secret(Struct, frozen=True):
    """Where a secret is to be found; not the secret itself."""

    what: str
    variable: str
    path: Path | None
    least_bytes: int

    @property
    def credential(self) -> str:
        """Its name as a credential: that of DECROCHE_AMI_SECRET is `decroche.ami`."""
        return "decroche." + self.variable.removeprefix("DECROCHE_").removesuffix("_SECRET").lower()

    def is_given(self, environment: Mapping[str, str] = os.environ) -> bool:
        """Say whether there is one; not whether it is any good."""
        given = environment.get(self.variable) or self.path or self._handed(environment)
        return given is not None

    def load(self, environment: Mapping[str, str] = os.environ) -> bytes:
        """Read the secret from the environment, or else its file, or else the credential.

        Raises
        ------
        ConfigError
            if there is none, it is too short, holds control characters, or the group or others
            may touch its file.

        """
        given = environment.get(self.variable)
        if given:
            return self._checked(os.fsencode(given), self.variable)
        path = self.path or self._handed(environment)
        if path is None:
            raise ConfigError(
                f"{self.what}: expected the credential {self.credential}, a file in the config, or "
                f"{self.variable}; {HOW_TO_MAKE_ONE}"
            )
        return self._checked(self._read(path), str(path))

    def _handed(self, environment: Mapping[str, str]) -> Path | None:
        """Give where the service manager has put it; None where it has not."""
        folder = environment.get(CREDENTIALS_DIRECTORY)
        if not folder:
            return None
        path = Path(folder) / self.credential
        return path if path.exists() else None

    def _read(self, path: Path) -> bytes:
        # systemd lets our own user read a credential by the bits that are otherwise the group's.
        strangers = stat.S_IRWXO | (stat.S_IRWXG if path == self.path else 0)
        try:
            with path.open("rb") as file:
                mode = os.fstat(file.fileno()).st_mode
                if mode & strangers:
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


def vault_secret(settings: Settings) -> Secret:
    """Tell where the master key of callers' numbers is."""
    return Secret("vault secret", "DECROCHE_VAULT_SECRET", settings.secrets.vault_file, 32)


def vault_before_secret(settings: Settings) -> Secret | None:
    """Tell where the master key is that was in use before; None where there is none."""
    path = settings.secrets.vault_before_file
    before = Secret("vault secret before", "DECROCHE_VAULT_BEFORE_SECRET", path, 32)
    return before if before.is_given() else None


def master_secrets(settings: Settings) -> tuple[bytes, bytes | None]:
    """Read the master key of callers' numbers, and the one before where there is one.

    Raises
    ------
    ConfigError
        as `Secret.load`.

    """
    before = vault_before_secret(settings)
    return vault_secret(settings).load(), before.load() if before is not None else None


def wallboard_secret(settings: Settings) -> Secret | None:
    """Tell where the wallboard's token is; None where it has none."""
    path = settings.web.wallboard.token_file
    token = Secret("wallboard token", "DECROCHE_WALLBOARD_SECRET", path, 32)
    return token if token.is_given() else None


def dialplan_secret(settings: Settings) -> Secret:
    """Tell where the secret shared with the dialplan is."""
    path = settings.secrets.dialplan_file
    return Secret("dialplan secret", "DECROCHE_DIALPLAN_SECRET", path, 32)
