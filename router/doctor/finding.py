"""What one look has shown."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from msgspec import Struct

Mark = Literal["ok", "warning", "failed", "not checked"]


class Verdict(Struct, frozen=True):
    """What a check says; `mend` is empty only where there is nothing to mend."""

    mark: Mark
    detail: str
    mend: str = ""


class Finding(Struct, frozen=True):
    """A verdict under the name of its check."""

    name: str
    mark: Mark
    detail: str
    mend: str = ""

    @property
    def ok(self) -> bool:
        """Whether the daemon may be started as far as this goes."""
        return self.mark != "failed"


def fine(detail: str) -> Verdict:
    """Say that all is well."""
    return Verdict("ok", detail)


def warn(detail: str, mend: str) -> Verdict:
    """Say that it works and should be better."""
    return Verdict("warning", detail, mend)


def fail(detail: str, mend: str) -> Verdict:
    """Say that callers would suffer."""
    return Verdict("failed", detail, mend)


def skip(detail: str, mend: str = "") -> Verdict:
    """Say that it could not be looked at, and why."""
    return Verdict("not checked", detail, mend)


def exit_code(findings: Sequence[Finding]) -> int:
    """Give 0 only if nothing failed."""
    return 0 if all(finding.ok for finding in findings) else 1
