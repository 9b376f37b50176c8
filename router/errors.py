"""The errors that a person is shown: each says where, what was expected, and how to mend it."""

from __future__ import annotations


class DecrocheError(Exception):
    """The base of all our errors."""


class ConfigError(DecrocheError):
    """A configuration that cannot be used. One problem a line: file, key, what was expected."""


class AmiError(DecrocheError):
    """The link to Asterisk failed or an action was refused."""


class StoreError(DecrocheError):
    """The store cannot be reached or cannot be written."""


class ControlError(DecrocheError):
    """What was asked of the running daemon could not be asked, or could not be done."""


class Superseded(StoreError):  # noqa: N818 - it is no fault, but an end
    """A newer daemon has taken over: this one must neither write nor dial any more."""
