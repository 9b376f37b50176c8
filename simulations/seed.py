"""What a command takes as a seed: the same as a scenario."""

from __future__ import annotations

from typing import Annotated, Final

from cyclopts import Parameter, validators

MOST: Final = 2**53
"""Beyond it a figure in JSON is no longer read as it was written."""

SeedOption = Annotated[int, Parameter(validator=validators.Number(gte=0, lte=MOST))]
