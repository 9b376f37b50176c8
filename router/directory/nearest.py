"""Who is nearest.

Nearness is the distance between prefectures, and not the department, then its region, then the
country: a neighbour across a region's border is nearer than that region's other end, and regions
overseas are one department each, whose neighbour is another region.
"""

from __future__ import annotations

from typing import NamedTuple

from router.directory.departments import distance_km
from router.directory.shape import DirectoryFile, Entry


class Found(NamedTuple):
    """An entry, and how far away it is; None: it is there for the whole country."""

    entry: Entry
    away_km: float | None


def nearest(
    directory: DirectoryFile, department: str, kind: str | None = None, most: int = 5
) -> list[Found]:
    """Give the nearest entries to a department (its code), and those for the whole country after.

    There are at most so many of either; those that are equally near stand as in the file.
    """
    asked = [one for one in directory.entries.values() if kind is None or one.kind == kind]
    there = [
        (distance_km(department, one.department), one)
        for one in asked
        if one.department is not None
    ]
    there.sort(key=lambda found: found[0])
    everywhere = [Found(one, None) for one in asked if one.department is None]
    return [*(Found(one, away_km) for away_km, one in there[:most]), *everywhere[:most]]
