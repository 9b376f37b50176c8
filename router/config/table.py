"""What every table of a config file is."""

from __future__ import annotations

from msgspec import Struct

from router.config.fields import Level, Name

Skills = dict[Name, Level]


class Table(Struct, frozen=True, forbid_unknown_fields=True):
    """A table of a config file."""
