"""What is told of a name that stands for nothing."""

from __future__ import annotations

from collections.abc import Collection

from msgspec import Struct

from router.config.reader import Reader


class Known(Struct, frozen=True):
    """The names of a table, such as the lines', and who has read them."""

    kind: str
    """What one of them is called; with an s, the table."""
    names: Collection[str]
    reader: Reader

    def check(self, at: str, name: str, reader: Reader) -> None:
        """Put a name on the reader's list that is unknown, and that is told nowhere else."""
        if name not in self.names and not self.reader.refused(f"{self.kind}s.{name}"):
            known = ", ".join(self.names) or "none"
            reader.complain(at, f"unknown {self.kind} {name!r}; known are {known}")
